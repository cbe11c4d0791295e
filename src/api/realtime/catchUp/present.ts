import type { Row } from '../../database/table';
import type { Change } from '../events';
import { isNumberType } from './content';
import type { FoundRow } from './pages';
import type { FeedEvent } from './watch';

/** What becomes of numbers that JavaScript cannot hold. */
export type Numbers = 'rounded' | 'text';

/** What an event says beside its record. */
type About = Pick<FeedEvent, 'repaired' | 'incomplete'>;

/** A change that came live, as it is handed out. */
export function liveEvent(
	change: Change,
	key: readonly string[],
	numbers: Numbers,
	about: About = {},
): FeedEvent {
	const types = Object.fromEntries(change.columns.map(({ name, type }) => [name, type]));
	const record = shown('record', change.record, types, numbers);
	const oldRecord = shown('old_record', change.oldRecord, types, numbers);
	const rounded = [...record.rounded, ...oldRecord.rounded];
	return {
		event: change.type,
		schema: change.schema,
		table: change.table,
		commitTimestamp: change.commitTimestamp,
		record: record.row,
		oldRecord: oldRecord.row,
		key: keyOf(change.record, key) ?? keyOf(change.oldRecord, key),
		origin: 'live',
		...about,
		...(change.errors?.length && { errors: change.errors }),
		bindings: change.bindings,
		...(rounded.length > 0 && { rounded }),
	};
}

/** A row that was read, as it is handed out; with the change that made it be read, if one did. */
export function foundEvent(
	{ row, plain }: FoundRow,
	table: { readonly schema: string; readonly name: string },
	key: readonly string[],
	numbers: Numbers,
	change?: Change,
): FeedEvent {
	const rounded =
		numbers === 'text' || plain === row
			? []
			: Object.keys(row).filter((name) => isAnother(row[name], plain[name]));
	return {
		event: change?.type ?? 'CHANGE',
		schema: table.schema,
		table: table.name,
		...(change && { commitTimestamp: change.commitTimestamp, oldRecord: change.oldRecord }),
		record: numbers === 'text' ? row : plain,
		key: keyOf(row, key),
		origin: change ? 'live' : 'catch-up',
		...(change && { repaired: true as const, bindings: change.bindings }),
		...(change?.errors?.length && { errors: change.errors }),
		...(rounded.length > 0 && { rounded: rounded.map((name) => `record.${name}`) }),
	};
}

function keyOf(row: Readonly<Row> | undefined, key: readonly string[]): Row | undefined {
	if (!row || key.length === 0 || key.some((name) => row[name] === undefined)) return undefined;
	return Object.fromEntries(key.map((name) => [name, row[name]]));
}

function shown(
	place: string,
	row: Readonly<Row> | undefined,
	types: Readonly<Record<string, string>>,
	numbers: Numbers,
): { row: Row | undefined; rounded: string[] } {
	if (!row || numbers === 'text') return { row: row && { ...row }, rounded: [] };
	const rounded: string[] = [];
	const entries = Object.entries(row).map(([name, value]): [string, unknown] => {
		const type = types[name]?.replace(/^_/, '');
		if (!isNumberType(type)) return [name, value];
		const number = asNumbers(value);
		if (isAnother(value, number)) rounded.push(`${place}.${name}`);
		return [name, number];
	});
	return { row: Object.fromEntries(entries), rounded };
}

function asNumbers(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(asNumbers);
	return typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value))
		? Number(value)
		: value;
}

/** Whether a number is not what its text says. */
function isAnother(exact: unknown, number: unknown): boolean {
	if (Array.isArray(exact) && Array.isArray(number)) {
		return exact.some((each, index) => isAnother(each, number[index]));
	}
	return (
		typeof exact === 'string' && typeof number === 'number' && digits(exact) !== digits(number)
	);
}

function digits(value: string | number): string {
	const text = String(value);
	return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
