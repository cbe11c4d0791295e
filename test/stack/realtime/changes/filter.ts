import { inspect } from './inspect';

/** One condition of a row filter, `column=op.value`. */
export interface Filter {
	column: string;
	op: string;
	/** Of `in` a list in braces. */
	value: string;
	isNegated: boolean;
}

const OPERATORS = new Set([
	'eq',
	'neq',
	'lt',
	'lte',
	'gt',
	'gte',
	'in',
	'like',
	'ilike',
	'match',
	'imatch',
	'is',
	'isdistinct',
]);

/**
 * Reads a filter: conditions with commas between them, all of which must hold.
 *
 * @throws Error with the server's words after ``Error parsing `filter` params: ``
 */
export function parseFilter(text: string): Filter[] {
	if (text === '') return [];
	const segments = split(text);
	if (segments.some((segment) => segment.trim() === ''))
		throw new Error('filter must not contain empty segments (check for extra commas)');
	return segments.map(parseSegment);
}

/** Cuts at commas outside of parentheses and quotes. */
function split(text: string): string[] {
	const segments = [''];
	let depth = 0;
	let quoted = false;
	for (const letter of text) {
		if (letter === '"') quoted = !quoted;
		if (!quoted && letter === '(') depth += 1;
		if (!quoted && letter === ')') depth -= 1;
		if (letter === ',' && depth <= 0 && !quoted) segments.push('');
		else segments[segments.length - 1] += letter;
	}
	return segments;
}

function parseSegment(segment: string): Filter {
	const [column, condition] = cut(segment, '=');
	if (condition === undefined) throw new Error(inspect([segment]));
	const isNegated = condition.startsWith('not.');
	const rest = isNegated ? condition.slice('not.'.length) : condition;
	const [op, value] = cut(rest, '.');
	if (value === undefined) throw new Error(inspect([op]));
	if (!OPERATORS.has(op)) throw new Error(inspect([op, value]));
	if (op !== 'in') return { column, op, value: unquoted(value), isNegated };
	if (!value.startsWith('(') || !value.endsWith(')'))
		throw new Error('`in` filter value must be wrapped by parentheses');
	return { column, op, value: `{${value.slice(1, -1)}}`, isNegated };
}

function cut(text: string, separator: string): [string, string | undefined] {
	const at = text.indexOf(separator);
	return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function unquoted(value: string): string {
	return /^".*"$/s.test(value) ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
}

const COMPARISONS: Record<string, string> = {
	eq: '=',
	neq: '<>',
	lt: '<',
	lte: '<=',
	gt: '>',
	gte: '>=',
	like: 'like',
	ilike: 'ilike',
	match: '~',
	imatch: '~*',
	isdistinct: 'is distinct from',
};
export const TEXT_OPERATORS = new Set(['like', 'ilike', 'match', 'imatch']);

/** The condition in SQL, of a value that has the column's type. */
export function conditionSql(
	{ op, value, isNegated }: Filter,
	expression: string,
	type: string,
): string {
	const condition = () => {
		if (op === 'is') return `${expression} is ${value}`;
		if (op === 'in') return `${expression} = any (${literal(value)}::${type}[])`;
		if (TEXT_OPERATORS.has(op)) return `${expression}::text ${COMPARISONS[op]} ${literal(value)}`;
		return `${expression} ${COMPARISONS[op]} ${literal(value)}::${type}`;
	};
	return isNegated ? `not (${condition()})` : `(${condition()})`;
}

export function literal(text: string): string {
	return `'${text.replace(/'/g, "''")}'`;
}

export function identifier(name: string): string {
	return `"${name.replace(/"/g, '""')}"`;
}
