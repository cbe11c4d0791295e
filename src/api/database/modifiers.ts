import { InvalidRequestError } from '../errors';
import type { ApiRequest } from '../request';
import { schemaHeader } from './table';

/** What EXPLAIN shows. With `analyze` the statement is run: without `dryRun` a write is made. */
export interface Explain {
	readonly format: 'text' | 'json';
	readonly options: ReadonlyArray<'analyze' | 'verbose' | 'settings' | 'buffers' | 'wal'>;
}

/** How a request is answered, beside what it asks for. */
export interface Modifiers {
	/** How many rows match in all: counted, taken from statistics, or counted up to the row cap. */
	readonly count?: 'exact' | 'planned' | 'estimated';
	/** Exactly one row as an object; another number of rows is refused, and a write rolled back. */
	readonly single?: boolean;
	readonly format?: 'csv' | 'geojson';
	/** Leave out what is null. */
	readonly stripNulls?: boolean;
	readonly explain?: Explain;
	/** Roll back in the end; only where the server allows it, which hosted projects do not by default. */
	readonly dryRun?: boolean;
	/** Refuse and roll back when more rows are changed. */
	readonly maxAffected?: number;
	/** The session's time zone, such as `Europe/Paris`. */
	readonly timeZone?: string;
}

/**
 * The headers of a request to the REST interface: its schema, what it prefers, what it accepts.
 *
 * @param method decides which header chooses the schema
 * @param prefer further preferences of the statement, such as `return=minimal`
 * @throws InvalidRequestError for modifiers that do not go together
 * @see https://docs.postgrest.org/en/stable/references/api/preferences.html
 */
export function modifierHeaders(
	method: ApiRequest['method'],
	schema: string,
	modifiers: Modifiers = {},
	prefer: readonly string[] = [],
): Record<string, string> {
	const { count, dryRun, maxAffected, timeZone } = modifiers;
	const preferences = [...prefer];
	if (count) preferences.push(`count=${count}`);
	if (dryRun) preferences.push('tx=rollback');
	if (timeZone) preferences.push(`timezone=${timeZone}`);
	// Without strict handling the server ignores a maximum.
	if (maxAffected !== undefined) preferences.push('handling=strict', `max-affected=${maxAffected}`);
	const headers = schemaHeader(method, schema);
	if (preferences.length) headers.prefer = preferences.join(',');
	const accept = acceptHeader(modifiers);
	if (accept) headers.accept = accept;
	return headers;
}

function acceptHeader({ single, format, stripNulls, explain }: Modifiers): string | undefined {
	if (stripNulls && format) {
		throw new InvalidRequestError('Nulls can be left out of rows only, not of CSV or GeoJSON');
	}
	const nulls = stripNulls ? ';nulls=stripped' : '';
	let media = format && { csv: 'text/csv', geojson: 'application/geo+json' }[format];
	if (single) media = `application/vnd.pgrst.object+json${nulls}`;
	else if (stripNulls) media = `application/vnd.pgrst.array+json${nulls}`;
	if (!explain) return media;
	const options = `options=${explain.options.join('|')};`;
	return `application/vnd.pgrst.plan+${explain.format}; for="${media ?? 'application/json'}"; ${options}`;
}

/** A plan of a statement that is not run changes nothing. */
export function reading({ explain }: Modifiers): Pick<ApiRequest, 'reads'> {
	return explain && !explain.options.includes('analyze') ? { reads: true } : {};
}

/** How the answer is read: CSV and plans as text are no JSON. */
export function expected({ format, explain }: Modifiers): ApiRequest['expect'] {
	if (explain) return explain.format === 'text' ? 'text' : 'json';
	return format === 'csv' ? 'text' : 'json';
}
