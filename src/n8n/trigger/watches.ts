import type { ColumnDescription } from '../../api/database/description';
import type { Table } from '../../api/database/table';
import { InvalidRequestError, refusal, SupabaseApiError } from '../../api/errors';
import type { Project } from '../../api/project';
import { askedColumns, type Watch } from '../../api/realtime/catchUp/watch';
import { addPrimaryKey } from '../../api/realtime/doctor/sql';
import { rowFilter } from '../../api/realtime/rowFilter';
import type { ChangeBinding } from '../../api/realtime/subscription';
import { listed } from '../advice/texts';
import { columnsOf } from '../schema';
import type { ListenedTable } from './plan';

/** What to subscribe to, and how rows are told apart and read again. */
export interface Watching {
	readonly watches: readonly Watch[];
	readonly bindings: readonly ChangeBinding[];
}

/** With these a project keeps its description to itself, or the table is not in its API. */
const NOT_DESCRIBED = new Set([401, 403, 404, 406]);

/**
 * Looks up the tables' keys and types, and puts together what is listened to. A table that stands in
 * the form several times is watched once, by all its filters.
 *
 * @throws InvalidRequestError for a key that is not known where one is needed, or has a column that is
 * not there
 * @throws SupabaseApiError while the project cannot be reached
 */
export async function watching(
	tables: readonly ListenedTable[],
	project: Project,
	signal: AbortSignal,
): Promise<Watching> {
	const groups = new Map<string, ListenedTable[]>();
	for (const table of tables) {
		const name = JSON.stringify([table.schema, table.name]);
		groups.set(name, [...(groups.get(name) ?? []), table]);
	}
	const parts = await Promise.all(
		[...groups.values()].map(async (rows) => {
			const watch = await watchOf(rows, project, signal);
			return { watch, bindings: rows.flatMap((row) => bindingsOf(row, watch)) };
		}),
	);
	return {
		watches: parts.map(({ watch }) => watch),
		bindings: parts.flatMap(({ bindings }) => bindings),
	};
}

async function watchOf(
	rows: readonly ListenedTable[],
	project: Project,
	signal: AbortSignal,
): Promise<Watch> {
	const [{ schema, name }] = rows as [ListenedTable];
	const cursor = onlyOne(rows, 'Cursor Column', (row) => row.cursor);
	const chosen = onlyOne(rows, 'Key Columns', (row) => row.key);
	const columns = await describedColumns(project, { schema, name }, signal);
	if (columns.length > 0) for (const each of chosen ?? []) mustHave(columns, each, name);
	const primary = columns.filter(({ primaryKey }) => primaryKey).map((column) => column.name);
	const key = chosen ?? (primary.length > 0 ? primary : undefined);
	if (cursor !== undefined && !key) throw noKey(schema, name, columns.length > 0);
	const selected = rows.every((row) => row.columns) && rows.flatMap((row) => row.columns ?? []);
	const events = new Set(rows.flatMap((row) => row.events));
	return {
		table: { schema, name },
		events: [...events].map((event) => event.toUpperCase() as 'INSERT' | 'UPDATE' | 'DELETE'),
		filters: rows.map(({ filters }) => filters),
		...(selected && { columns: [...new Set(selected)] }),
		...(key && { key }),
		...(cursor !== undefined && { cursor }),
		...(columns.length > 0 && {
			types: Object.fromEntries(columns.map((column) => [column.name, column.type])),
		}),
	};
}

function bindingsOf(
	{ schema, name, events, filters }: ListenedTable,
	watch: Watch,
): ChangeBinding[] {
	const filter = rowFilter(filters);
	const select = askedColumns(watch);
	const about = { schema, table: name, ...(filter && { filter }), ...(select && { select }) };
	if (events.length === 3) return [{ event: '*', ...about }];
	return events.map((event) => ({
		event: event.toUpperCase() as 'INSERT' | 'UPDATE' | 'DELETE',
		...about,
	}));
}

/** What all rows of the form about one table say alike. */
function onlyOne<T>(
	rows: readonly ListenedTable[],
	label: string,
	of: (row: ListenedTable) => T | undefined,
): T | undefined {
	const [first, ...others] = rows.flatMap((row) => of(row) ?? []);
	const isOther = others.some((other) => JSON.stringify(other) !== JSON.stringify(first));
	if (!isOther) return rows.map(of).find((value) => value !== undefined);
	throw new InvalidRequestError(
		`The table "${rows[0]?.name}" stands in Tables several times, with another ${label} each`,
		'Give it the same in all of them.',
	);
}

/**
 * A table's columns; none where the project does not tell.
 *
 * @throws SupabaseApiError while the project cannot be reached
 */
export async function describedColumns(
	project: Project,
	{ schema, name }: Table,
	signal: AbortSignal,
): Promise<readonly ColumnDescription[]> {
	return await columnsOf(project, schema, name, { signal }).catch(notDescribed);
}

function notDescribed(error: unknown): readonly ColumnDescription[] {
	const { status = 0 } = refusal(error);
	if (NOT_DESCRIBED.has(status)) return [];
	throw error;
}

function mustHave(columns: readonly ColumnDescription[], name: string, table: string): void {
	if (columns.some((column) => column.name === name)) return;
	throw new InvalidRequestError(
		`The table "${table}" has no column "${name}"`,
		`It has ${listed(columns.map((column) => column.name))}.`,
	);
}

function noKey(schema: string, name: string, isDescribed: boolean): InvalidRequestError {
	const why = isDescribed ? 'has no primary key' : 'does not tell its primary key';
	const sql = isDescribed
		? ` Or give it a primary key. In Supabase's SQL editor run: ${addPrimaryKey({ schema, name }, [])}`
		: '';
	return new InvalidRequestError(
		`Catch Up needs a key, and the table "${schema}.${name}" ${why}`,
		`Add Key Columns in Table Options: the columns by which a row is told from all others.${sql}`,
	);
}

/** Whether a failure is an outage, which passes, or something that a person has to mend. */
export function passes(error: unknown): boolean {
	return error instanceof SupabaseApiError && !error.ours;
}
