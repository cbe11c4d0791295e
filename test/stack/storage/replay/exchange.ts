import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A request to the real service and what it answered. */
export interface Exchange {
	op: string;
	case: string;
	request: { method: string; path: string; headers: Record<string, string>; body: RecordedBody };
	response: { status: number; headers: Record<string, string>; body: RecordedBody };
}

/** Text, JSON, bytes in base64, or only how many bytes there were. */
export type RecordedBody = unknown;

/** A part of a recorded form. */
export interface RecordedPart {
	name: string;
	size: number;
	value?: string;
	filename?: string;
	contentType?: string;
}

const FOLDER = join(__dirname, '..', '..', '..', 'fixtures', 'storage');

/** Every recorded exchange, in the order in which they were sent. */
export function loadExchanges(): Exchange[] {
	return readFileSync(join(FOLDER, 'exchanges.jsonl'), 'utf8')
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as Exchange);
}

/** An exchange that our server answers in another way, and why. */
export interface Exception {
	op: string;
	case: string;
	reason: string;
}

export function loadExceptions(): Exception[] {
	return JSON.parse(readFileSync(join(FOLDER, 'exceptions.json'), 'utf8')) as Exception[];
}

export function nameOf({ op, case: name }: { op: string; case: string }): string {
	return `${op}: ${name}`;
}

/**
 * The bytes of a recorded request. Of large bodies only the size is known: they are filled with
 * anything.
 */
export function bodyBytes(exchange: Exchange): Buffer {
	const { body, headers } = exchange.request;
	if (typeof body === 'string') return Buffer.from(body);
	const { base64, bytes, multipart } = (body ?? {}) as {
		base64?: string;
		bytes?: number;
		multipart?: RecordedPart[];
	};
	if (typeof base64 === 'string') return Buffer.from(base64, 'base64');
	if (typeof bytes === 'number') return Buffer.alloc(bytes, 'x');
	if (multipart) return formBytes(multipart, headers['content-type'] ?? '');
	return Buffer.from(JSON.stringify(body));
}

function formBytes(parts: RecordedPart[], contentType: string): Buffer {
	const boundary = /boundary=(.*)$/.exec(contentType)?.[1] ?? '';
	const chunks = parts.flatMap((part) => [
		`--${boundary}\r\ncontent-disposition: form-data; name="${part.name}"`,
		part.filename === undefined ? '' : `; filename="${part.filename}"`,
		part.contentType === undefined ? '' : `\r\ncontent-type: ${part.contentType}`,
		'\r\n\r\n',
		part.value ?? Buffer.alloc(part.size, 'x'),
		'\r\n',
	]);
	return Buffer.concat([...chunks, `--${boundary}--\r\n`].map((chunk) => Buffer.from(chunk)));
}
