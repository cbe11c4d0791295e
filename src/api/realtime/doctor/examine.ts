import { isFinal } from '../../auth/userSession';
import { columnName } from '../../database/column';
import type { ColumnDescription } from '../../database/description';
import { select, selectColumns } from '../../database/select';
import { refusal, type SupabaseApiError } from '../../errors';
import type { Send } from '../../transport';
import type { Watch } from '../catchUp/watch';
import type { Finding } from './findings';
import { addCursor, addPrimaryKey, askDatabase, fillCursor, indexCursor } from './sql';

/** A query that the database ended because it took too long. */
const QUERY_CANCELED = '57014';

/** Findings for which the catalog has something surer. */
const OF_CATALOG = new Set(['CATALOG', 'CURSOR_INDEX', 'CURSOR_NULLABLE']);

/**
 * What can be known of a swept table without rights to the catalog: from the description of its
 * columns, and by reading one row of it.
 *
 * @param send with the authority that the trigger listens with
 * @param columns none where the project does not tell
 * @param isSeen whether the catalog is looked at in another way
 * @throws SupabaseApiError for what passes by itself, such as an outage
 */
export async function examineTable(
	send: Send,
	watch: Watch,
	columns: readonly ColumnDescription[],
	isSeen = false,
): Promise<readonly Finding[]> {
	const found = [
		...keyFindings(watch, columns),
		...(watch.cursor === undefined ? [] : await cursorFindings(send, watch, watch.cursor, columns)),
		notChecked(watch),
	];
	return isSeen ? found.filter(({ code }) => !OF_CATALOG.has(code)) : found;
}

function keyFindings({ table, key = [] }: Watch, columns: readonly ColumnDescription[]): Finding[] {
	if (columns.length === 0 || columns.some(({ primaryKey }) => primaryKey)) return [];
	return [
		{
			level: 'warns',
			code: 'NO_PRIMARY_KEY',
			title: `"${table.name}" has no primary key: Realtime sends its changes without values where policies are on, and neither updates nor deletes are told apart`,
			mend: 'Add a primary key.',
			sql: addPrimaryKey(table, key),
		},
	];
}

async function cursorFindings(
	send: Send,
	{ table, key = [] }: Watch,
	cursor: string,
	columns: readonly ColumnDescription[],
): Promise<Finding[]> {
	const column = columns.find(({ name }) => name === cursor);
	if (columns.length > 0 && !column) return [unknownCursor(cursor, { table, key })];
	const findings: Finding[] = [];
	const read = await send<unknown[]>(
		select(table, {
			columns: selectColumns([cursor]),
			limit: 1,
			...(!column?.required && { conditions: [[columnName(cursor), 'is.null']] }),
		}),
	).catch(lastingRefusal);
	if (!('body' in read)) {
		findings.push(readFinding(read, cursor, { table, key }));
	} else if (!column?.required && read.body.length > 0) {
		findings.push({
			level: 'warns',
			code: 'CURSOR_NULL',
			title: `Some rows of "${table.name}" have no value in "${cursor}": Catch Up never sees them`,
			mend: 'Fill the column, and keep it filled.',
			sql: fillCursor(table, cursor, column?.type),
		});
	} else if (column && !column.required) {
		findings.push({
			level: 'warns',
			code: 'CURSOR_NULLABLE',
			title: `"${cursor}" of "${table.name}" may be empty: Catch Up never sees rows without a value in it`,
			mend: 'Let it take no null.',
			sql: fillCursor(table, cursor, column?.type),
		});
	}
	if (column && /^timestamp without/.test(column.type)) {
		findings.push({
			level: 'warns',
			code: 'CURSOR_WITHOUT_ZONE',
			title: `"${cursor}" of "${table.name}" is a time without a zone: it has to be UTC`,
			mend: 'Use timestamptz.',
		});
	}
	findings.push({
		level: 'unknown',
		code: 'CURSOR_INDEX',
		title: `Whether an index serves "${cursor}" of "${table.name}" cannot be seen: without one every sweep reads the whole table`,
		mend: 'Make one, unless there is one.',
		sql: indexCursor(table, cursor, key),
	});
	return findings;
}

/** For `catch`: what the service refuses becomes the result, what passes by itself is thrown on. */
function lastingRefusal(error: unknown): SupabaseApiError {
	const refused = refusal(error);
	if (isFinal(error) || refused.code === QUERY_CANCELED) return refused;
	throw error;
}

function unknownCursor(cursor: string, { table, key = [] }: Pick<Watch, 'table' | 'key'>): Finding {
	return {
		level: 'fails',
		code: 'CURSOR_UNKNOWN',
		title: `"${table.name}" has no column "${cursor}" that could be its cursor`,
		mend: 'Choose a column that moves with every insert and update, or add one.',
		sql: addCursor(table, cursor, key),
	};
}

function readFinding(
	{ code, message }: SupabaseApiError,
	cursor: string,
	watch: Pick<Watch, 'table' | 'key'>,
): Finding {
	if (code === '42703') return unknownCursor(cursor, watch);
	if (code === QUERY_CANCELED) {
		return {
			level: 'unknown',
			code: 'CURSOR_NULL',
			title: `Whether rows of "${watch.table.name}" have no value in "${cursor}" could not be checked: the query took too long`,
			mend: 'Catch Up never sees rows without a value. Fill the column, and keep it filled.',
			sql: fillCursor(watch.table, cursor),
		};
	}
	return {
		level: 'fails',
		code: code ?? 'READ',
		title: `"${watch.table.name}" cannot be read through REST, which Catch Up needs: ${message}`,
		mend: 'Expose the schema to REST, and grant SELECT to the role.',
	};
}

function notChecked({ table }: Watch): Finding {
	return {
		level: 'unknown',
		code: 'CATALOG',
		title: `Publication, replica identity, policies and grants of "${table.name}" cannot be seen through the project's keys`,
		mend: 'Run the SQL to see them.',
		sql: askDatabase(table),
	};
}
