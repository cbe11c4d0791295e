import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

import type { BulkInsert } from './bulkInsert';
import type { GatewayCall } from './gateway';
import type { RestAnswer } from './restAnswer';

/** Writes rows in the bulk form; undefined when the request is for lite to answer. */
export type InsertRows = (
	insert: Omit<BulkInsert, 'claims' | 'maxRows'>,
	token: string,
) => Promise<RestAnswer | undefined>;

/** Whether a request inserts JSON rows and says which `columns` they hold. */
export function isBulkInsert(request: IncomingMessage, { url }: GatewayCall): boolean {
	const accept = request.headers.accept ?? '*/*';
	return (
		request.method === 'POST' &&
		/^\/rest\/v1\/[^/]+$/.test(url.pathname) &&
		url.searchParams.has('columns') &&
		[...url.searchParams.keys()].every((name) => ['columns', 'select', 'apikey'].includes(name)) &&
		/^application\/json\b/.test(request.headers['content-type'] ?? '') &&
		['*/*', 'application/json', SINGLE].includes(accept)
	);
}

export const SINGLE = 'application/vnd.pgrst.object+json';

/**
 * Reads a bulk insert and has it done.
 *
 * @returns the body that was read, and the answer unless it is lite's to give
 */
export async function insertRows(
	request: IncomingMessage,
	{ caller, url }: GatewayCall,
	schema: string,
	insert: InsertRows,
): Promise<{ body: string; answer?: RestAnswer }> {
	const body = await text(request);
	const answer = await insert(
		{
			schema,
			table: decodeURIComponent(url.pathname.slice('/rest/v1/'.length)),
			columns: url.searchParams.get('columns') ?? '',
			select: url.searchParams.get('select'),
			body,
			prefer: preferences(request),
			single: request.headers.accept === SINGLE,
		},
		caller.authorization?.slice('Bearer '.length) ?? '',
	);
	return { body, answer };
}

export function preferences(request: IncomingMessage): Map<string, string> {
	const items = [request.headers.prefer ?? ''].flat().join(',').split(',');
	const pairs = items.map((item) => item.trim().split('=', 2));
	return new Map(pairs.flatMap(([name, value]) => (name && value ? [[name, value] as const] : [])));
}
