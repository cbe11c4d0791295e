import { columnName } from '../../database/column';
import { describeSchema, readDescription, type TableDescription } from '../../database/description';
import { select, selectColumns } from '../../database/select';
import { refusal, type SupabaseApiError } from '../../errors';
import type { Send } from '../../transport';
import type { Watch } from '../catchUp/watch';
import type { Finding } from './findings';
import { addCursor, addPrimaryKey, askDatabase, fillCursor, indexCursor } from './sql';

/**
 * What can be known of a watched table without rights to the catalog: from the description of its
 * schema, which hosted projects give to the secret key alone, and by reading one row of it.
 *
 * @param send with the authority that the trigger listens with
 * @param describe with a key that gets the description; `send` unless given
 * @throws only what is no refusal of the service
 */
export async function examineTable(
	send: Send,
	watch: Watch,
	describe: Send = send,
): Promise<readonly Finding[]> {
	const { table } = watch;
	const described = await describe(describeSchema(table.schema)).catch(refusal);
	const tables = 'body' in described ? readDescription(described.body).tables : [];
	const known = tables.find(({ name }) => name === table.name);
	return [
		...keyFindings(watch, known),
		...(watch.cursor === undefined ? [] : await cursorFindings(send, watch, watch.cursor, known)),
		notChecked(watch),
	];
}

function keyFindings({ table, key = [] }: Watch, known: TableDescription | undefined): Finding[] {
	if (!known || known.columns.some(({ primaryKey }) => primaryKey)) return [];
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
	known: TableDescription | undefined,
): Promise<Finding[]> {
	const column = known?.columns.find(({ name }) => name === cursor);
	if (known && !column) return [unknownCursor(cursor, { table, key })];
	const read = async (filter?: 'is.null') =>
		await send<unknown[]>(
			select(table, {
				columns: selectColumns([cursor]),
				limit: 1,
				...(filter && { conditions: [[columnName(cursor), filter]] }),
			}),
		).catch(refusal);
	const empty = await read('is.null');
	if (!('body' in empty)) return [readFinding(empty, cursor, { table, key })];
	const findings: Finding[] = [];
	if (empty.body.length > 0) {
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

function unknownCursor(cursor: string, { table, key = [] }: Pick<Watch, 'table' | 'key'>): Finding {
	return {
		level: 'fails',
		code: 'CURSOR_UNKNOWN',
		title: `"${table.name}" has no column "${cursor}" that could be its cursor`,
		mend: 'Choose a column that moves with every insert and update, or add one.',
		sql: addCursor(table, key),
	};
}

function readFinding(
	{ code, message }: SupabaseApiError,
	cursor: string,
	watch: Pick<Watch, 'table' | 'key'>,
): Finding {
	if (code === '42703') return unknownCursor(cursor, watch);
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
