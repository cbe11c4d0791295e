import { columnName } from './column';
import type { ColumnDescription } from './description';

/**
 * A select expression by which numbers come as text that JavaScript would round: columns of the types
 * `bigint` and `numeric`, and lists of them. What is no plain column, also renamed, stays as it is.
 *
 * @param known the table's columns
 * @param columns a select expression; all columns unless given
 */
export function exactColumns(known: readonly ColumnDescription[], columns = '*'): string {
	const casts = new Map(known.map(({ name, type }) => [columnName(name), castOf(type)]));
	const all = [...casts].map(([name, cast]) => name + cast);
	return selectElements(columns)
		.flatMap((element) => {
			if (element === '*') return all;
			const name = ALIAS.exec(element)?.[0] ?? '';
			const column = element.slice(name.length).replace(/^"(\w+)"$/, '$1');
			return element + (casts.get(column) ?? '');
		})
		.join(',');
}

const ALIAS = /^(?:"(?:\\.|[^"\\])*"|[^":,()]+):(?!:)/;

/** A list is cast by PostgreSQL's own name of the type, as a select expression takes no brackets. */
function castOf(type: string): string {
	if (!/^(bigint|numeric)\b/.test(type)) return '';
	return type.endsWith('[]') ? '::_text' : '::text';
}

/** Splits a select expression at its own commas, not at those of relations and quoted names. */
function selectElements(expression: string): string[] {
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
