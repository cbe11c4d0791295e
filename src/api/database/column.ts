import { InvalidRequestError } from '../errors';
import { quote } from './encoding';

/** A column as PostgREST names it: of the table, of a related one, or a place inside its JSON. */
export interface Column {
	/** The related tables on the way to it, the outermost first; none for a column of the table. */
	readonly relations: readonly string[];
	readonly name: string;
	readonly path: readonly JsonStep[];
}

/** A step into JSON: `->` gives JSON, `->>` text. */
interface JsonStep {
	readonly arrow: '->' | '->>';
	readonly key: string;
	/** The key counts the elements of a list. */
	readonly isIndex: boolean;
}

/** Query parameters that are no filters: a column of that name has to be quoted. */
const RESERVED_PARAMETERS = 'select order limit offset columns on_conflict and or'.split(' ');

/** A name that reads the same everywhere. PostgREST takes ASCII digits alone, `select` no blanks. */
const PLAIN_NAME = /^[\p{L}0-9_$]+$/u;

/** Plain names with blanks between. */
const WORDS = /^[\p{L}0-9_$]+(?: [\p{L}0-9_$]+)*$/u;

const QUOTED = String.raw`"((?:\\.|[^"\\])*)"`;
const NAME = new RegExp(String.raw`\s*(?:${QUOTED}|((?:[^-.,:()">!*]|-(?!>))+))\s*`, 'suy');
const KEY = new RegExp(String.raw`\s*(?:${QUOTED}|((?:[^-.,:()">]|-(?!>))+))\s*`, 'suy');
const ARROW = /->>?/y;
const INDEX = /^-?[0-9]+$/;

/**
 * A column's name as it stands in `select`, in `order` and before a filter's operator: quoted only
 * where it could be read as something else.
 *
 * @param name exactly as in the database
 */
export function columnName(name: string): string {
	return PLAIN_NAME.test(name) && !RESERVED_PARAMETERS.includes(name) ? name : quote(name);
}

/**
 * Reads what a person typed as a column: `name`, `"odd.name"`, `address->>city`,
 * `relation.column`, or `relation(column)` as it is written in an order.
 *
 * @throws InvalidRequestError for what is not exactly one column
 * @see https://docs.postgrest.org/en/stable/references/api/url_grammar.html
 */
export function parseColumn(text: string): Column {
	const column = readColumn(text);
	if (column) return column;
	const name = text.trim();
	throw new InvalidRequestError(
		`"${name}" is not one column`,
		`A column is a name, a path into JSON (address->>city) or a related table's column (countries.name). If this is its name, put it in double quotes: ${quote(name)}.`,
	);
}

function readColumn(text: string): Column | undefined {
	let place = 0;
	function take(pattern: RegExp): RegExpExecArray | undefined {
		pattern.lastIndex = place;
		const found = pattern.exec(text) ?? undefined;
		if (found) place = pattern.lastIndex;
		return found;
	}
	function word(pattern: RegExp) {
		const [, quoted, bare = ''] = take(pattern) ?? [];
		return { text: quoted?.replace(/\\(.)/gs, '$1') ?? bare.trim(), isBare: quoted === undefined };
	}
	const names = [word(NAME).text];
	while (take(/\./y)) names.push(word(NAME).text);
	const inBrackets = take(/\(/y) !== undefined;
	if (inBrackets) names.push(word(NAME).text);
	const path: JsonStep[] = [];
	for (let arrow = take(ARROW)?.[0]; arrow; arrow = take(ARROW)?.[0]) {
		const { text: key, isBare } = word(KEY);
		path.push({ arrow: arrow as JsonStep['arrow'], key, isIndex: isBare && INDEX.test(key) });
	}
	if (inBrackets && !take(/\)\s*/y)) return undefined;
	const isComplete = place === text.length && names.every(Boolean) && path.every(({ key }) => key);
	return isComplete ? { relations: names.slice(0, -1), name: names.at(-1) ?? '', path } : undefined;
}

/**
 * The way to a related table as it stands before `.order` or `.or`: its name, or alias in `select`,
 * behind those of the tables that it is reached by.
 *
 * @throws InvalidRequestError for what is no such way
 */
export function relationPath(text: string): string {
	const column = parseColumn(text);
	if (column.path.length === 0) return filterName(column);
	throw new InvalidRequestError(
		`"${text.trim()}" is not a related table`,
		'Enter its name, or its alias in Columns.',
	);
}

/** Before an operator, as the name of a query parameter: `relation.column->key`. */
export function filterName({ relations, ...field }: Column): string {
	return [...relations.map(columnName), fieldText(field)].join('.');
}

/**
 * Inside `or=(…)` and `and=(…)`, which are about one table alone.
 *
 * @throws InvalidRequestError for a column of a related table
 */
export function logicName({ relations, ...field }: Column): string {
	if (relations.length === 0) return fieldText(field);
	const relation = relations.join('.');
	throw new InvalidRequestError(
		`A filter on the related table "${relation}" cannot stand inside a group, nor be one of several of which any has to match`,
		`Match all filters, or use a group of its own with Related Table "${relation}".`,
	);
}

/**
 * In an order: `relation(column->key)`.
 *
 * @throws InvalidRequestError for a column that rows cannot be put in order by
 */
export function orderName({ relations, ...field }: Column): string {
	const [relation, ...deeper] = relations;
	// Some servers take the quotes for a part of a name that needs none here.
	if (relation === undefined && field.path.length === 0 && WORDS.test(field.name)) {
		return field.name;
	}
	if (relation === undefined) return fieldText(field);
	if (deeper.length > 0) {
		throw new InvalidRequestError(
			`Rows cannot be ordered by "${field.name}" of "${relations.join('.')}"`,
			'Order by a column of the table, or of a table that is related to it directly.',
		);
	}
	if (/^(asc|desc|nullsfirst|nullslast)$/.test(field.name)) {
		throw new InvalidRequestError(
			`The order "${relation}.${field.name}" holds a direction`,
			`Enter "${relation}" alone, and choose Direction and Nulls beside it.`,
		);
	}
	return `${columnName(relation)}(${fieldText(field)})`;
}

function fieldText({ name, path }: Pick<Column, 'name' | 'path'>): string {
	return columnName(name) + path.map((step) => step.arrow + keyText(step)).join('');
}

function keyText({ key, isIndex }: JsonStep): string {
	const isPlain = PLAIN_NAME.test(key) && !INDEX.test(key);
	return isIndex || isPlain ? key : quote(key);
}

/** `alias:`, and `::type`, `.sum()`, around a column in `select`. */
const ALIAS = /^\s*(?:"(?:\\.|[^"\\])*"|[\p{L}0-9_$ ]+):(?!:)/su;
const COMPUTED = /(?:::\w[\w ]*)?(?:\.(?:sum|avg|count|min|max)\(\)(?:::\w[\w ]*)?)?\s*$/;

/**
 * One of a list of columns as it stands in `select`: a column, also renamed, cast or aggregated, `*`
 * or `count()`. Whatever else it is is taken for an odd name, so that no list of columns reaches a
 * related table.
 */
export function selectElement(text: string): string {
	const element = text.trim();
	if (element === '*' || element === 'count()') return element;
	const alias = ALIAS.exec(element)?.[0] ?? '';
	const computed = COMPUTED.exec(element.slice(alias.length))?.[0] ?? '';
	const column = readColumn(element.slice(alias.length, element.length - computed.length));
	return column && column.relations.length === 0
		? alias + fieldText(column) + computed
		: quote(element);
}
