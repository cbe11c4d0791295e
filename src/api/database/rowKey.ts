import { columnName } from './column';
import { scalarText } from './encoding';
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
