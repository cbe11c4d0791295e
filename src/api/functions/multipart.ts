import { Readable } from 'node:stream';

import type { Content } from '../content';

/** A field of a form: a text, or a file. */
export type FormPart =
	| { readonly name: string; readonly value: string }
	| {
			readonly name: string;
			readonly fileName: string;
			readonly type: string;
			readonly content: Content;
	  };

/**
 * A form with files, as `multipart/form-data`. Its length is known before it is read, and its files
 * are opened one after the other, each when its turn has come.
 *
 * @param boundary a text that is in none of the parts
 * @see https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
 */
export function multipart(parts: readonly FormPart[], boundary: string): Content {
	const pieces: Array<Uint8Array | Content> = [];
	for (const part of parts) {
		const head = `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(sameLineEnds(part.name))}"`;
		if ('value' in part) {
			pieces.push(Buffer.from(`${head}\r\n\r\n${sameLineEnds(part.value)}\r\n`));
		} else {
			const about = `; filename="${escaped(part.fileName)}"\r\nContent-Type: ${part.type}\r\n\r\n`;
			pieces.push(Buffer.from(head + about), part.content, Buffer.from('\r\n'));
		}
	}
	pieces.push(Buffer.from(`--${boundary}--\r\n`));
	return {
		size: pieces.reduce((sum, piece) => sum + sizeOf(piece), 0),
		open: async () => Readable.from(bytesOf(pieces), { objectMode: false }),
	};
}

async function* bytesOf(pieces: ReadonlyArray<Uint8Array | Content>): AsyncGenerator<Uint8Array> {
	for (const piece of pieces) {
		if (piece instanceof Uint8Array) yield piece;
		else if ('bytes' in piece) yield piece.bytes;
		else yield* (await piece.open()) as AsyncIterable<Uint8Array>;
	}
}

function sizeOf(piece: Uint8Array | Content): number {
	return piece instanceof Uint8Array ? piece.byteLength : piece.size;
}

/** A name ends at a quote or at the end of its line. */
function escaped(name: string): string {
	return name.replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22');
}

function sameLineEnds(text: string): string {
	return text.replace(/\r?\n|\r/g, '\r\n');
}
