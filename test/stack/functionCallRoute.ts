import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

import type { FunctionCall } from './functionCall';
import type { GatewayCall } from './gateway';
import { preferences, SINGLE } from './bulkInsertRoute';
import type { RestAnswer } from './restAnswer';
import { parseSelect } from './restGrammar';

/** Calls a function; undefined when the request is for lite to answer. */
export type CallFunction = (
	call: Omit<FunctionCall, 'claims' | 'maxRows'>,
	token: string,
) => Promise<RestAnswer | undefined>;

const SHAPE = new Set(['select', 'order', 'limit', 'offset', 'apikey']);

/** Whether a request calls a function with arguments in JSON, and filters nothing of what it gives. */
export function isFunctionCall(request: IncomingMessage, { url }: GatewayCall): boolean {
	const type = request.headers['content-type'] ?? 'application/json';
	return (
		request.method === 'POST' &&
		/^\/rest\/v1\/rpc\/[^/]+$/.test(url.pathname) &&
		[...url.searchParams.keys()].every((name) => SHAPE.has(name)) &&
		/^application\/json\b/.test(type) &&
		['*/*', 'application/json', SINGLE].includes(request.headers.accept ?? '*/*')
	);
}

/**
 * Reads a call and has it done.
 *
 * @returns the body that was read, and the answer unless it is lite's to give
 */
export async function call(
	request: IncomingMessage,
	{ caller, url }: GatewayCall,
	schema: string,
	callFunction: CallFunction,
): Promise<{ body: string; answer?: RestAnswer }> {
	const body = await text(request);
	const select = parseSelect(url.searchParams.get('select'));
	const order = parseOrder(url.searchParams.get('order'));
	const limit = wholeNumber(url.searchParams.get('limit'));
	const offset = wholeNumber(url.searchParams.get('offset'));
	if (!select || !order || limit === null || offset === null) return { body };
	const path = url.pathname.slice('/rest/v1'.length);
	const answer = await callFunction(
		{
			schema,
			name: decodeURIComponent(path.slice('/rpc/'.length)),
			body,
			select,
			order,
			limit,
			offset: offset ?? 0,
			prefer: preferences(request),
			single: request.headers.accept === SINGLE,
			path,
			headers: request.headers,
		},
		caller.authorization?.slice('Bearer '.length) ?? '',
	);
	return { body, answer };
}

/** undefined when it is not given, null when it is no whole number. */
function wholeNumber(value: string | null): number | undefined | null {
	if (value === null) return undefined;
	return /^\d+$/.test(value) ? Number(value) : null;
}

function parseOrder(value: string | null): FunctionCall['order'] | undefined {
	if (value === null) return [];
	const items = value.split(',').map((item) => /^(\w+)(?:\.(asc|desc))?$/.exec(item));
	if (items.includes(null)) return undefined;
	return items.map((item) => ({ column: item?.[1] ?? '', direction: item?.[2] ?? 'asc' }));
}
