import type { ApiRequest } from '../request';

/** A table or view, in a schema that the project exposes. */
export interface Table {
	readonly schema: string;
	readonly name: string;
}

/** A row, by column name. */
export type Row = Record<string, unknown>;

/**
 * The header that chooses the schema: one for reading, another for writing, each sent for `public`
 * too, as the official client does.
 */
export function schemaHeader(method: ApiRequest['method'], schema: string): Record<string, string> {
	return method === 'GET' || method === 'HEAD'
		? { 'accept-profile': schema }
		: { 'content-profile': schema };
}
