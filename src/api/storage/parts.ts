import { Readable } from 'node:stream';

import type { Content } from '../content';
import { PART_BYTES } from './resumable';
import type { Body } from './upload';

/** Content that is sent part by part. */
export interface Parts {
	/** The bytes from an offset on, up to the end of its part. */
	from(offset: number): Body;
	/** Lets go of all that is open. */
	close(): void;
}

/**
 * Cuts content into parts. A stream is read while a part is on its way, and what was read is kept until
 * a later part is asked for: to go on inside a part reads nothing twice. Before it, and when the stream
 * has failed, it is opened and read again.
 */
export function partsOf(content: Content): Parts {
	let source: Source | undefined;
	const close = () => {
		source?.stream.destroy();
		source = undefined;
	};
	return {
		from(offset) {
			const end = Math.min(partEnd(offset), content.size);
			const size = end - offset;
			if ('bytes' in content) return { size, body: content.bytes.subarray(offset, end) };
			const body = async () => {
				if (source && (source.stream.errored || offset < source.start)) close();
				source ??= sourceOf(await content.open());
				return Readable.from(bytesBetween(source, offset, end, content.size));
			};
			return { size, body };
		},
		close,
	};
}

/** A stream, and what was read of it and may be wanted again. */
interface Source {
	readonly stream: Readable;
	readonly chunks: AsyncIterator<Buffer>;
	readonly kept: Buffer[];
	/** Where the first that is kept begins. */
	start: number;
	reading?: Promise<boolean>;
}

function sourceOf(stream: Readable): Source {
	// Told to whoever reads on; until then nobody listens.
	stream.on('error', () => undefined);
	return { stream, chunks: stream[Symbol.asyncIterator](), kept: [], start: 0 };
}

async function* bytesBetween(
	source: Source,
	from: number,
	to: number,
	size: number,
): AsyncGenerator<Buffer> {
	let at = source.start;
	for (let next = 0; at < to;) {
		const chunk = source.kept[next];
		if (!chunk) {
			if (await readOn(source)) continue;
			throw new Error(`The file ended after ${at} of ${size} bytes`);
		}
		const begin = at;
		at += chunk.length;
		if (at <= from) {
			source.kept.shift();
			source.start = at;
		} else {
			next += 1;
			yield chunk.subarray(Math.max(from - begin, 0), to - begin);
		}
	}
}

/** Reads one more chunk; false at the end. A request that was given up may wait for the same one. */
async function readOn(source: Source): Promise<boolean> {
	source.reading ??= source.chunks
		.next()
		.then(({ done, value }) => {
			if (!done) source.kept.push(value as Buffer);
			return !done;
		})
		.finally(() => (source.reading = undefined));
	return await source.reading;
}

function partEnd(offset: number): number {
	return (Math.floor(offset / PART_BYTES) + 1) * PART_BYTES;
}
