import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { readErrorBody, SupabaseApiError } from '../../../../src/api/errors';
import type { ApiRequest, ApiResponse } from '../../../../src/api/request';
import type { Send } from '../../../../src/api/transport';

/** What the real service was asked, and what it answered. */
export interface Exchange {
	readonly op: string;
	readonly case: string;
	readonly request: {
		readonly method: string;
		readonly path: string;
		readonly headers: Readonly<Record<string, string>>;
		readonly body: unknown;
	};
	readonly response: {
		readonly status: number;
		readonly headers: Readonly<Record<string, string>>;
		readonly body: unknown;
	};
}

const file = join(__dirname, '..', '..', '..', 'fixtures', 'storage', 'exchanges.jsonl');

/** All exchanges that were recorded with the real service. */
export const exchanges = readFileSync(file, 'utf8')
	.trim()
	.split('\n')
	.map((line) => JSON.parse(line) as Exchange);

/** The path below Storage's address, its segments decoded, and the query. */
export function pathOf({ request }: Exchange): { segments: string[]; query: URLSearchParams } {
	const [path = '', ...search] = request.path.replace('/storage/v1/', '').split('?');
	return {
		segments: path.split('/').map(decoded),
		query: new URLSearchParams(search.join('?')),
	};
}

function decoded(segment: string): string {
	return /%(?![0-9a-f]{2})/i.test(segment) ? segment : decodeURIComponent(segment);
}

/** What was sent as a body, or came as one. */
export function bytesOf(body: unknown): Buffer | undefined {
	if (typeof body === 'string') return Buffer.from(body);
	if (typeof body !== 'object' || body === null) return undefined;
	if ('base64' in body) return Buffer.from(body.base64 as string, 'base64');
	// Of large ones only the length and a hash were written down.
	if ('bytes' in body) return Buffer.alloc(body.bytes as number);
	return 'sha256' in body || 'multipart' in body ? undefined : Buffer.from(JSON.stringify(body));
}

/** Sends nothing: notes the request, and answers what the real service did. */
export function answering(exchange: Exchange): { send: Send; requests: ApiRequest[] } {
	const requests: ApiRequest[] = [];
	const { status, headers, body } = exchange.response;
	const send = async (request: ApiRequest): Promise<ApiResponse> => {
		requests.push(request);
		if (request.path[1] === 'list-v2' && exchange.op === 'file.list') throw refused(OLDER);
		if (status >= 300) throw refused(exchange.response);
		const again = requests.filter(({ path }) => path.join() === request.path.join()).length > 1;
		if (again && /^file\.list/.test(exchange.op)) return { status, headers, body: END };
		if (request.expect !== 'stream') return { status, headers, body };
		return { status, headers, body: Readable.from([bytesOf(body) ?? Buffer.alloc(0)]) };
	};
	return { send: send as Send, requests };
}

/** The page after the last one, in either listing. */
const END = Object.assign([], { hasNext: false, objects: [], folders: [] });

/** What a server answers that knows the older listing alone. */
const OLDER: Exchange['response'] = {
	status: 404,
	headers: {},
	body: { message: 'Route POST:/object/list-v2/docs not found', statusCode: 404 },
};

/** A refusal as the transport throws it. */
export function refused({ status, headers, body }: Exchange['response']): SupabaseApiError {
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	return new SupabaseApiError(
		'storage',
		'refused',
		readErrorBody(status, headers, text, 'storage'),
	);
}
