import type { IncomingMessage } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';

import { noContent } from './errors';

/** The first file of a form, and its text fields. */
export interface Form {
	file: Readable;
	/** Type of the part. */
	mimeType: string;
	/** Fields seen so far: those after a file that is still coming in are not there yet. */
	fields: Record<string, string>;
	/** Whether the file was cut because it is larger than allowed. */
	isTruncated: () => boolean;
}

const HEADERS_END = Buffer.from('\r\n\r\n');

/**
 * Reads `multipart/form-data` as it comes in. The file may have any field name; it is streamed on,
 * and only as fast as somebody reads it.
 *
 * @param mostBytes size at which the file is cut
 * @throws StorageError when the form ends without a file
 */
export async function readForm(request: IncomingMessage, mostBytes: number): Promise<Form> {
	const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(request.headers['content-type'] ?? '');
	if (!boundary) throw noContent();
	const parser = new FormParser(boundary[1] ?? boundary[2] ?? '', mostBytes);
	const found = new Promise<Form>((resolve, reject) => {
		parser.onFile = resolve;
		parser.onEnd = () => reject(noContent());
	});
	void pump(request, parser);
	return await found;
}

async function pump(request: IncomingMessage, parser: FormParser): Promise<void> {
	try {
		for await (const chunk of request) await parser.write(chunk as Buffer);
		parser.end();
	} catch (error) {
		parser.destroy(error as Error);
	}
}

class FormParser {
	onFile: (form: Form) => void = () => {};
	onEnd: () => void = () => {};
	private readonly fields: Record<string, string> = {};
	private readonly delimiter: Buffer;
	private pending: Buffer;
	private state: 'preamble' | 'headers' | 'body' | 'done' = 'preamble';
	private file: PassThrough | undefined;
	/** Where the body of the present part goes: the file, a field, or nowhere. */
	private part: { kind: 'file' } | { kind: 'field'; name: string; value: Buffer[] } | undefined;
	private fileBytes = 0;
	private truncated = false;

	constructor(
		boundary: string,
		private readonly mostBytes: number,
	) {
		this.delimiter = Buffer.from(`\r\n--${boundary}`);
		// The first delimiter has no line before it.
		this.pending = Buffer.from('\r\n');
	}

	async write(chunk: Buffer): Promise<void> {
		this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
		let full = false;
		while (this.step()) full ||= this.file?.writableNeedDrain ?? false;
		full ||= this.file?.writableNeedDrain ?? false;
		if (full && this.file?.writableNeedDrain && !this.file.destroyed) await drained(this.file);
	}

	end(): void {
		if (this.state !== 'done') this.destroy(new Error('The form ends midway'));
		this.onEnd();
	}

	destroy(error: Error): void {
		this.file?.destroy(error);
		this.onEnd();
	}

	/** Takes one thing off what is there; false when more must come in first. */
	private step(): boolean {
		switch (this.state) {
			case 'preamble':
			case 'body':
				return this.untilDelimiter();
			case 'headers':
				return this.headers();
			case 'done':
				this.pending = Buffer.alloc(0);
				return false;
		}
	}

	private untilDelimiter(): boolean {
		const end = this.pending.indexOf(this.delimiter);
		if (end < 0) {
			// The end of what is there may be the beginning of a delimiter.
			const sure = this.pending.length - this.delimiter.length;
			if (sure > 0) {
				this.content(this.pending.subarray(0, sure));
				this.pending = this.pending.subarray(sure);
			}
			return false;
		}
		const after = end + this.delimiter.length;
		if (this.pending.length < after + 2) return false;
		this.content(this.pending.subarray(0, end));
		const last = this.pending.subarray(after, after + 2).toString() === '--';
		this.pending = this.pending.subarray(after + 2);
		this.finishPart();
		this.state = last ? 'done' : 'headers';
		return true;
	}

	private headers(): boolean {
		const end = this.pending.indexOf(HEADERS_END);
		if (end < 0) return false;
		const lines = this.pending.subarray(0, end).toString('utf8').split('\r\n');
		this.pending = this.pending.subarray(end + HEADERS_END.length);
		this.state = 'body';
		const header = (name: string) =>
			lines.find((line) => line.toLowerCase().startsWith(`${name}:`))?.slice(name.length + 1) ?? '';
		const disposition = header('content-disposition');
		const type = header('content-type').trim();
		if (!/;\s*filename\*?=/i.test(disposition) && type !== 'application/octet-stream') {
			const name = /;\s*name="([^"]*)"/i.exec(disposition)?.[1] ?? '';
			this.part = { kind: 'field', name, value: [] };
		} else if (!this.file) {
			this.part = { kind: 'file' };
			this.file = new PassThrough();
			// It may break before anybody reads it: whoever does then still hears of it.
			this.file.on('error', () => {});
			this.onFile({
				file: this.file,
				mimeType: type || 'application/octet-stream',
				fields: this.fields,
				isTruncated: () => this.truncated,
			});
		}
		return true;
	}

	private content(bytes: Buffer): void {
		if (this.part?.kind === 'field') this.part.value.push(bytes);
		if (this.part?.kind !== 'file' || !this.file || this.file.destroyed) return;
		const room = this.mostBytes - this.fileBytes;
		if (bytes.length > room) this.truncated = true;
		this.fileBytes += bytes.length;
		if (room > 0 && bytes.length > 0) this.file.write(bytes.subarray(0, room));
	}

	private finishPart(): void {
		if (this.part?.kind === 'field')
			this.fields[this.part.name] = Buffer.concat(this.part.value).toString('utf8');
		if (this.part?.kind === 'file') this.file?.end();
		this.part = undefined;
	}
}

async function drained(stream: PassThrough): Promise<void> {
	await new Promise<void>((resolve) => {
		const done = () => {
			stream.off('drain', done).off('close', done);
			resolve();
		};
		stream.once('drain', done).once('close', done);
	});
}
