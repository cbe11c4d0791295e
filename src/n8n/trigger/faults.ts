import { InvalidRequestError, SupabaseApiError } from '../../api/errors';

/**
 * Realtime says of a table that it cannot subscribe to it, and not why. With the table's name in it,
 * which stands in what it says, the SQL can be given that mends it.
 *
 * @returns the same where it is about something else
 */
export function withSql(error: unknown): unknown {
	if (!(error instanceof SupabaseApiError) || error.service !== 'realtime') return error;
	const [, schema = '', table = ''] =
		/Please check Realtime is enabled[^]*?\bschema: (.+?), table: (.+?), filters?:/.exec(
			error.message,
		) ?? [];
	if (!table) return error;
	return new InvalidRequestError(
		`Realtime is not on for the table ${schema}.${table}, or there is no such table`,
		`In Supabase's SQL editor run: alter publication supabase_realtime add table ${quoted(schema)}.${quoted(table)};`,
	);
}

function quoted(name: string): string {
	return `"${name.replaceAll('"', '""')}"`;
}
