import { pacer } from '../pacer';
import { columnName } from './column';
import { scalarText } from './encoding';
import { sentForms, storedForms } from './keyForms';
import type { Row } from './table';
import type { Written } from './written';

/** A select expression that asks for the key beside what it selects. */
export interface AskedKey {
	readonly columns: string;
	/** The names under which the parts of the key stand behind the rest. */
	readonly aliases: readonly string[];
	/**
	 * Takes the key off a row that came back.
	 *
	 * @returns its values as text, in the order of the key: exact, whatever their type; `undefined`
	 * where one is null
	 */
	readonly take: (row: Row) => KeyText | undefined;
}

/** The values of a row's key, as the database writes them. */
export type KeyText = readonly string[];

/**
 * Asks for the key beside what is selected: as text, so that no number is rounded, and under names
 * of its own, so that it is read whatever else is selected under a column's name.
 *
 * @param columns a select expression; all columns unless given
 * @param key the columns that tell rows apart
 * @returns `undefined` where no row has the key to give: there is none, or rows are added up
 */
export function askForKey(
	columns: string | undefined,
	key: readonly string[],
): AskedKey | undefined {
	const selected = columns?.trim() ? columns : '*';
	if (key.length === 0 || AGGREGATE.test(selected)) return undefined;
	let prefix = 'n8n_key_';
	while (selected.includes(prefix)) prefix = `_${prefix}`;
	const aliases = key.map((_, index) => `${prefix}${index}`);
	const asked = key.map((column, index) => `${aliases[index]}:${columnName(column)}::text`);
	return {
		columns: [selected, ...asked].join(','),
		aliases,
		take(row) {
			const values = aliases.map((alias) => row[alias]);
			// The last first: taken from its end, an object stays a fast one.
			for (let index = aliases.length; index--;) delete row[aliases[index] as string];
			return values.every((value) => typeof value === 'string') ? values : undefined;
		},
	};
}

/**
 * Reads the key where it stands in the rows, whose columns are all selected: it need not be sent
 * twice. For keys that JSON holds exactly; an integer that JavaScript rounds is none.
 *
 * @returns `undefined` where columns are chosen
 */
export function keyInRows(
	columns: string | undefined,
	key: readonly string[],
): AskedKey | undefined {
	if (key.length === 0 || (columns?.trim() || '*') !== '*') return undefined;
	return {
		columns: '*',
		aliases: [],
		take(row) {
			const values: string[] = [];
			for (const column of key) {
				const value = row[column];
				const isRounded = Number.isInteger(value) && !Number.isSafeInteger(value);
				if (!SCALAR.has(typeof value) || isRounded) return undefined;
				values.push(String(value as string | number | boolean));
			}
			return values;
		},
	};
}

const SCALAR = new Set(['string', 'number', 'boolean']);

/** Types whose values JSON holds as the database writes them, or so that another number shows it. */
const EXACT_IN_JSON = new Set([
	...['smallint', 'integer', 'bigint', 'uuid', 'text', 'character varying', 'date'],
	...['timestamp with time zone', 'timestamp without time zone'],
]);

/** Whether the key can be read in the rows, by the types of its columns. */
export function isExactInJson(types: ReadonlyArray<string | undefined>): boolean {
	return types.every((type) => type !== undefined && EXACT_IN_JSON.has(type));
}

/** What makes groups of rows, which are none themselves. */
export const AGGREGATE = /\b(count|sum|avg|min|max)\(\)/;

/**
 * The values of a sent row's key.
 *
 * @returns `undefined` where there is no key, or the row has no value for a part of it
 */
export function keyValues(row: Row, key: readonly string[]): readonly unknown[] | undefined {
	if (key.length === 0) return undefined;
	const values: unknown[] = [];
	for (const column of key) {
		const value = row[column];
		if (value === undefined || value === null) return undefined;
		values.push(value);
	}
	return values;
}

/** Something that was sent, with the values of its key; without where it has none. */
export interface Keyed {
	readonly key: readonly unknown[] | undefined;
}

/**
 * Which of the sent rows a row is that came back: the one with the same key in the same form, else
 * the only one whose key may be the same to PostgreSQL.
 *
 * @returns a function that gives `undefined` where that cannot be told
 */
export function pairByKey<E extends Keyed>(
	sent: readonly E[],
): (key: KeyText | undefined) => E | undefined {
	const exact = new Map<string, E>();
	for (const entry of sent) {
		const text = entry.key && textOfKey(entry.key.map(scalarText));
		if (text !== undefined && !exact.has(text)) exact.set(text, entry);
	}
	// Most keys come back as they were sent.
	let byForm: ReadonlyMap<string, E | 'several'> | undefined;
	return (key) => {
		if (!key) return undefined;
		const same = exact.get(textOfKey(key));
		if (same) return same;
		byForm ??= entriesByForm(sent);
		for (const form of formsOf(key.map(storedForms))) {
			const found = byForm.get(form);
			if (found) return found === 'several' ? undefined : found;
		}
		return undefined;
	};
}

function entriesByForm<E extends Keyed>(sent: readonly E[]): ReadonlyMap<string, E | 'several'> {
	const known = new Map<string, E | 'several'>();
	for (const entry of sent) {
		for (const form of entry.key ? formsOf(entry.key.map(sentForms)) : []) {
			known.set(form, known.has(form) ? 'several' : entry);
		}
	}
	return known;
}

/** One text for a key; keys that are compared have as many columns. */
function textOfKey(parts: KeyText): string {
	const [first = ''] = parts;
	return parts.length === 1 ? first : JSON.stringify(parts);
}

/** A key of several columns has a form for each choice of theirs. */
function formsOf(parts: ReadonlyArray<readonly string[]>): readonly string[] {
	const [first = []] = parts;
	if (parts.length === 1) return first;
	let forms = [''];
	for (const choices of parts) {
		forms = forms.flatMap((form) => choices.map((each) => `${form}\u0000${each}`));
	}
	return forms;
}

/**
 * Parts rows so that no part holds a row twice: those that may have the same key follow each other,
 * the second in the second part. Their order stays.
 *
 * @returns at least one part
 */
export async function waves<E extends Keyed>(sent: readonly E[]): Promise<E[][]> {
	const pause = pacer();
	const next = new Map<string, number>();
	const parts: E[][] = [[]];
	for (const entry of sent) {
		if (pause.isDue()) await pause();
		const forms = entry.key ? formsOf(entry.key.map(sentForms)) : [];
		const wave = forms.reduce((latest, form) => Math.max(latest, next.get(form) ?? 0), 0);
		for (const form of forms) next.set(form, wave + 1);
		(parts[wave] ??= []).push(entry);
	}
	return parts;
}

/** A row that was sent, with its place. */
export interface SentRow extends Keyed {
	readonly from: number;
}

/**
 * What became of the rows of one request, by those that came back; several may have one key.
 *
 * A row that belongs to none of them for sure is from none, and then nothing is said of those of
 * which no row was seen.
 *
 * @param keyOf gives a row's key, and takes it off where it was asked for besides
 * @param isCut the server's row cap kept rows back
 */
export function outcomes(
	sent: readonly SentRow[],
	rows: readonly Row[],
	keyOf: (row: Row) => KeyText | undefined,
	isCut: boolean,
): Written[] {
	const [single] = sent;
	// One row for the only one that was asked for is its own, in whatever form its key came back.
	if (single && sent.length === 1 && rows.length === 1) {
		rows.forEach(keyOf);
		return [{ from: [single.from], row: rows[0] }];
	}
	const find = pairByKey(sent);
	const found = new Map<SentRow, Row[]>();
	const left: Row[] = [];
	for (const row of rows) {
		const entry = find(keyOf(row));
		const own = entry && found.get(entry);
		if (own) own.push(row);
		else if (entry) found.set(entry, [row]);
		else left.push(row);
	}
	const unseen = sent.filter((entry) => !found.has(entry));
	const [only] = unseen;
	if (only && unseen.length === 1 && left.length > 0) found.set(only, left.splice(0));
	const isClear = left.length === 0 && !isCut;
	const written = sent.flatMap((entry): Written[] => {
		const from = [entry.from];
		const own = found.get(entry);
		if (own) return own.map((row) => ({ from, row }));
		return [isClear ? { from, untouched: true } : { from, unclear: true }];
	});
	for (const row of left) written.push({ from: [], row });
	return written;
}
