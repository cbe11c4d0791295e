import type { IncomingMessage, ServerResponse } from 'node:http';

import { keyRole } from './keyCheck';
import { roleOfJwt, type ProjectKeys } from './keys';

/** What is remembered of a request: never a key, only what kind of key it was. */
export interface RecordedRequest {
	number: number;
	method: string;
	/** Path and query as they came. */
	path: string;
	headers: Record<string, string>;
	bodyBytes: number;
	/** Undefined until it was answered, and for good when the connection broke first. */
	status?: number;
	/** Requests that were being answered when this one came, itself included. */
	concurrent: number;
}

const KEEP = 5_000;

/** Counts and remembers requests at the server's side. */
export class RequestLog {
	private entries: RecordedRequest[] = [];
	private count = 0;
	private open = 0;

	constructor(private readonly keys: ProjectKeys) {}

	list(): RecordedRequest[] {
		return this.entries;
	}

	clear(): void {
		this.entries = [];
	}

	record(request: IncomingMessage, response: ServerResponse): void {
		this.open += 1;
		const entry: RecordedRequest = {
			number: (this.count += 1),
			method: request.method ?? 'GET',
			path: this.withoutKey(request.url ?? '/'),
			headers: this.readable(request),
			bodyBytes: 0,
			concurrent: this.open,
		};
		this.entries.push(entry);
		if (this.entries.length > KEEP) this.entries.shift();
		countBody(request, entry);
		response.once('finish', () => (entry.status = response.statusCode));
		response.once('close', () => (this.open -= 1));
	}

	private readable(request: IncomingMessage): Record<string, string> {
		const headers: Record<string, string> = {};
		for (const [name, value] of Object.entries(request.headers)) {
			const text = Array.isArray(value) ? value.join(', ') : (value ?? '');
			headers[name] = name === 'apikey' || name === 'authorization' ? this.kind(text) : text;
		}
		return headers;
	}

	private kind(value: string): string {
		const token = value.replace(/^Bearer\s+/i, '');
		const scheme = token === value ? '' : 'Bearer ';
		const { publishableKey, secretKey } = this.keys;
		if (token === publishableKey) return `${scheme}{publishable}`;
		if (token === secretKey) return `${scheme}{secret}`;
		const legacy = keyRole(token, this.keys);
		if (legacy) return `${scheme}{${legacy} key}`;
		const role = roleOfJwt(token);
		return `${scheme}{${role ? `${role} token` : 'unknown'}}`;
	}

	private withoutKey(path: string): string {
		return path.replace(/([?&]apikey=)[^&]*/g, (_, name: string) => `${name}{key}`);
	}
}

/** Counts without reading: whoever answers the request still gets every byte. */
function countBody(request: IncomingMessage, entry: RecordedRequest): void {
	const push = request.push.bind(request);
	request.push = (chunk: unknown, encoding?: BufferEncoding) => {
		if (chunk instanceof Uint8Array) entry.bodyBytes += chunk.byteLength;
		return push(chunk, encoding);
	};
}
