import type { Query } from '../request';
import { columnName } from './column';
import { logicElement, scalarText } from './encoding';
import type { Row } from './table';

/**
 * Which key columns a select expression has to be given besides, so that the key can be read from
 * the rows.
 *
 * @param columns a select expression
 * @param key the columns that tell rows apart
 * @returns `undefined` where it cannot be: there is no key, or an alias, a cast, a JSON path or a
 * spread relation may put something else under its name
 */
export function hiddenKeyColumns(
	columns: string,
	key: readonly string[],
): readonly string[] | undefined {
	if (key.length === 0) return undefined;
	const elements = topLevelElements(columns);
	const isUnclear = (element: string) =>
		element.startsWith('...') || key.some((column) => shadows(element, columnName(column)));
	if (elements.some(isUnclear)) return undefined;
	const isThere = (name: string) =>
		elements.includes(columnName(name)) || elements.includes(`${columnName(name)}::text`);
	return elements.includes('*') ? [] : key.filter((name) => !isThere(name));
}

/** Whether an element may put something else under a column's name. */
function shadows(element: string, name: string): boolean {
	// A key cast to text is still the key, and exact.
	if (element === name || element === `${name}::text`) return false;
	const behind = element.startsWith(name) ? element.slice(name.length) : undefined;
	return /^[:!(-]/.test(behind ?? '') || element.endsWith(`>${name}`);
}

/** Splits a select expression at its own commas, not at those of relations and quoted names. */
function topLevelElements(expression: string): string[] {
	const elements = [''];
	let depth = 0;
	for (const part of expression.match(/"(?:\\.|[^"\\])*"|[\s\S]/g) ?? []) {
		if (part === '(') depth++;
		if (part === ')') depth--;
		if (part === ',' && depth === 0) elements.push('');
		else elements[elements.length - 1] += part.trim();
	}
	return elements;
}

/**
 * The condition for all rows behind one, in the order of the key: `id=gt.5`, or for several columns
 * `or=(a.gt.1,and(a.eq.1,b.gt.2))`.
 *
 * @returns `undefined` when a value may not be what the database holds, such as a number that
 * JavaScript rounds
 */
export function rowsAfter(row: Row, key: readonly string[]): Query | undefined {
	const values = key.map((column) => row[column]);
	if (key.length === 0 || !values.every(isExact)) return undefined;
	const terms = key.map((column, i) => ({
		name: columnName(column),
		text: logicElement(values[i]),
	}));
	const [only] = terms;
	if (only && terms.length === 1) return [[only.name, `gt.${String(values[0])}`]];
	const steps = terms.map(({ name, text }, i) => {
		const equals = terms.slice(0, i).map((term) => `${term.name}.eq.${term.text}`);
		const step = [...equals, `${name}.gt.${text}`].join(',');
		return i === 0 ? step : `and(${step})`;
	});
	return [['or', `(${steps.join(',')})`]];
}

function isExact(value: unknown): boolean {
	return typeof value === 'string' || typeof value === 'boolean' || Number.isSafeInteger(value);
}

/**
 * A row's key as text, to find it among others whatever form its values come in (`1`, `"1"`).
 *
 * @returns `undefined` where there is no key, or the row lacks a part of it
 */
export function keyText(row: Row, key: readonly string[]): string | undefined {
	if (key.length === 0 || key.some((column) => row[column] === undefined || row[column] === null)) {
		return undefined;
	}
	return JSON.stringify(key.map((column) => scalarText(row[column])));
}
