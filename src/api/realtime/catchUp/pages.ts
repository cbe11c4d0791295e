import { columnName } from '../../database/column';
import type { Condition } from '../../database/filters';
import { askForKey } from '../../database/pairing';
import { select, selectColumns, type SelectOptions } from '../../database/select';
import type { Row } from '../../database/table';
import { InvalidRequestError } from '../../errors';
import { isExact, parseExactly } from '../../numbers';
import type { Query } from '../../request';
import type { Send } from '../../transport';
import { contentPrint, isNumberList, isNumberType, rowPrint } from './content';
import { sweepFilters } from './filters';
import type { Version } from './memory';
import { orderOf } from './order';
import type { Position } from './state';
import { askedColumns, type Watch } from './watch';

/** A watch that can be swept. */
export type SweptWatch = Watch & { readonly cursor: string; readonly key: readonly string[] };

/** What is known of a table's columns, from what came live and what was described. */
export interface Columns {
	readonly types: Record<string, string>;
	/** Those that come live; unknown before the first change. */
	live?: ReadonlySet<string>;
}

/** A row that was read through REST. */
export interface FoundRow {
	/** As it is handed out but for its numbers: those that JavaScript would round are text. */
	readonly row: Row;
	/** With the numbers rounded, where some had to be. */
	readonly plain: Row;
	readonly version: Version;
	readonly position: Position;
}

export interface FoundPage {
	readonly rows: readonly FoundRow[];
	/** When the server answered, by its own clock, in milliseconds since 1970. */
	readonly time: number;
}

const EXACT = 'n8n_exact_';

/**
 * Reads rows of a watched table, with what tells them apart.
 *
 * @throws what `send` throws; InvalidRequestError for a key that some rows have no value for
 */
export async function readFound(
	send: Send,
	watch: SweptWatch,
	columns: Columns,
	options: Pick<SelectOptions, 'order' | 'limit'> & {
		readonly conditions?: Query;
		readonly filters?: readonly Condition[];
	},
): Promise<FoundPage> {
	const { table, cursor, key } = watch;
	const selected = askedColumns(watch);
	const exact = Object.keys(columns.types).filter(
		(name) => castOf(columns.types[name]) !== undefined && (selected?.includes(name) ?? true),
	);
	const asked = askForKey(
		[
			selected ? selectColumns(selected) : '*',
			...exact.map(
				(name, index) => `${EXACT}${index}:${columnName(name)}::${castOf(columns.types[name])}`,
			),
		].join(','),
		[cursor, ...key],
	);
	if (!asked)
		throw new InvalidRequestError(`The columns of "${table.name}" cannot be read row by row`);
	const request = select(table, {
		...options,
		columns: asked.columns,
		filters: [...sweepFilters(watch.filters), ...(options.filters ?? [])],
	});
	const { body, headers } = await send<string>({ ...request, expect: 'text' });
	const date = Date.parse(headers.date ?? '');
	const time = Number.isNaN(date) ? Date.now() : date;
	const rows = parseExactly(body || '[]') as Row[];
	const isPlain = exact.length === 0 && !/\d{16}/.test(body);
	const plain = isPlain ? rows : (JSON.parse(body) as Row[]);
	return { time, rows: rows.map((row, index) => foundRow(row, plain[index] ?? row)) };

	function foundRow(row: Row, plainRow: Row): FoundRow {
		const [value, ...keyTexts] = asked?.take(row) ?? [];
		if (!isPlain) asked?.take(plainRow);
		for (let index = exact.length; index--;) {
			const alias = `${EXACT}${index}`;
			const text = row[alias];
			delete row[alias];
			delete plainRow[alias];
			if (text !== null && text !== undefined) row[exact[index] as string] = text;
		}
		// Some servers round in JSON what the text has exactly.
		[cursor, ...key].forEach((name, index) => {
			const text = index === 0 ? value : keyTexts[index - 1];
			if (typeof row[name] === 'number' && text && !isExact(text)) row[name] = text;
		});
		const print = rowPrint(row, key, columns.types);
		if (value === undefined || print === undefined) throw noKey(watch);
		const order = orderOf(row[cursor], isNumberType(columns.types[cursor]));
		return {
			row,
			plain: plainRow,
			version: {
				row: print,
				order: order?.at,
				content: contentPrint(row, columns.types, columns.live),
			},
			position: {
				value,
				key: keyTexts,
				...(order && { kind: order.kind, at: String(order.at) }),
			},
		};
	}
}

/** A list is cast by PostgreSQL's own name of the type, as a select expression takes no brackets. */
function castOf(type: string | undefined): 'text' | '_text' | undefined {
	if (isNumberType(type)) return 'text';
	return isNumberList(type) ? '_text' : undefined;
}

function noKey({ table, key }: SweptWatch): InvalidRequestError {
	return new InvalidRequestError(
		`Some rows of "${table.name}" have no value in ${key.map((name) => `"${name}"`).join(', ')}`,
		'By these columns rows are told apart: choose columns that every row has a value in, the primary key as a rule.',
	);
}
