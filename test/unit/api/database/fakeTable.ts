import type { Row } from '../../../../src/api/database/table';
import type { ApiRequest } from '../../../../src/api/request';
import { fakeSend, parameters } from './fakeSend';

export interface TableRules {
	/** How many rows an answer has at the most, whatever was asked for; it may change. */
	readonly cap?: number;
	/** Called behind each answer: what others write meanwhile. */
	readonly afterPage?: () => void;
	/** What statistics say of the number of rows; they may be wrong. */
	readonly planned?: number;
}

/** A table that is read as PostgREST reads one: filtered, ordered, cut, counted when asked. */
export function fakeTable(rows: Row[], rules: TableRules = {}) {
	return fakeSend((request) => {
		const { cap = Infinity, afterPage, planned = 0 } = rules;
		const matching = rows.filter((row) => conditionsOf(request).every((holds) => holds(row)));
		const orders = parameters(request, 'order').flatMap(elementsOf);
		const ordered = orders.length ? matching.sort(compareBy(orders)) : matching;
		const start = Number(parameters(request, 'offset')[0] ?? 0);
		const limit = Math.min(Number(parameters(request, 'limit')[0] ?? Infinity), cap);
		const page = ordered.slice(start, start + limit).map((row) => project(row, request));
		const range = page.length ? `${start}-${start + page.length - 1}` : '*';
		const isCounted = request.headers?.prefer?.includes('count=estimated');
		const total = matching.length <= cap ? matching.length : Math.max(planned, cap + 1);
		afterPage?.();
		return {
			headers: { 'content-range': `${range}/${isCounted ? total : '*'}` },
			body: JSON.parse(JSON.stringify(page)) as Row[],
		};
	});
}

function project(row: Row, request: ApiRequest): Row {
	const elements = elementsOf(parameters(request, 'select')[0] ?? '*');
	return Object.assign(
		{},
		...elements.map((element) => (element === '*' ? row : columnOf(row, element))),
	) as Row;
}

/** `name`, or `alias:name::text`. */
function columnOf(row: Row, element: string): Row {
	const [, alias, name = '', cast] =
		/^(?:(\w+):)?("(?:\\.|[^"\\])*"|[^:]*)(::text)?$/.exec(element) ?? [];
	const value = row[unquote(name)];
	return { [alias ?? unquote(name)]: cast && value !== null ? String(value as string) : value };
}

function compareBy(orders: readonly string[]): (a: Row, b: Row) => number {
	return (a, b) => {
		for (const order of orders) {
			const [, name = '', direction] = /^(.*)\.(asc|desc)$/.exec(order) ?? [];
			const [column = ''] = unquoteAll(name);
			const found = compare(a[column], b[column]);
			if (found) return direction === 'desc' ? -found : found;
		}
		return 0;
	};
}

function compare(a: unknown, b: unknown): number {
	if (a === b) return 0;
	return (a as string | number) < (b as string | number) ? -1 : 1;
}

type Condition = (row: Row) => boolean;

const NO_CONDITIONS = new Set(['select', 'order', 'limit', 'offset']);

function conditionsOf({ query = [] }: ApiRequest): Condition[] {
	return query
		.filter(([name]) => !NO_CONDITIONS.has(name))
		.map(([name, value]) => {
			if (name === 'or') return anyOf(elementsOf(value.slice(1, -1)).map(term));
			const [, operator = '', text = ''] = /^(\w+)\.([\s\S]*)$/.exec(value) ?? [];
			return condition(unquoteAll(name)[0] ?? '', operator, text);
		});
}

const anyOf =
	(terms: readonly Condition[]): Condition =>
	(row) =>
		terms.some((holds) => holds(row));

/** One element of `or=(…)` or `and(…)`. */
function term(text: string): Condition {
	if (text.startsWith('and(')) {
		const terms = elementsOf(text.slice(4, -1)).map(term);
		return (row) => terms.every((holds) => holds(row));
	}
	const [, name = '', operator = '', value = ''] =
		/^("(?:\\.|[^"\\])*"|[^.]*)\.(\w+)\.([\s\S]*)$/.exec(text) ?? [];
	return condition(unquoteAll(name)[0] ?? '', operator, unquote(value));
}

function condition(column: string, operator: string, text: string): Condition {
	return (row) => {
		const value = row[column];
		const found = compare(value, typeof value === 'number' ? Number(text) : text);
		if (operator === 'gt') return found > 0;
		if (operator === 'eq') return found === 0;
		throw new Error(`The fake table does not know ${operator}`);
	};
}

/** Splits at commas outside quotes and parentheses. */
function elementsOf(text: string): string[] {
	const elements = [''];
	let depth = 0;
	for (const part of text.match(/"(?:\\.|[^"\\])*"|[\s\S]/g) ?? []) {
		if (part === '(') depth++;
		if (part === ')') depth--;
		if (part === ',' && depth === 0) elements.push('');
		else elements[elements.length - 1] += part;
	}
	return elements;
}

function unquoteAll(list: string): string[] {
	return elementsOf(list).map(unquote);
}

function unquote(text: string): string {
	return text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/gs, '$1') : text;
}
