import type { Row } from '../../src/api/database/table';
import { InvalidRequestError } from '../../src/api/errors';
import { parseJson } from '../../src/api/json';
import { isExpression } from '../../src/n8n/expressions';
import type { ItemParameters } from '../../src/n8n/parameters';

/** The row that an item stands for, from the parameter `columns` or another that maps. */
export const rowOf = rowReader('columns');

/**
 * Reads the row that an item stands for.
 *
 * @param mapper the parameter that maps columns
 * @returns a function that throws `InvalidRequestError` for what is not an object, or has no columns
 */
export function rowReader(mapper: string): (get: ItemParameters) => Row {
	const mappingMode = `${mapper}.mappingMode`;
	const sourceIn = (get: ItemParameters) => {
		const source = get.oneOf('rowSource', ['columns', 'json']);
		if (source === 'json') return source;
		return get.oneOf(mappingMode, ['defineBelow', 'autoMapInputData']);
	};
	return (get) => {
		const source = get.once(sourceIn);
		if (source === 'autoMapInputData') return filled(get.json);
		return filled(
			source === 'json' ? jsonObject(get, 'rowJson', 'Row') : mappedValues(get, mapper),
		);
	};
}

/** @throws InvalidRequestError for a row without columns */
function filled(given: Row): Row {
	const row = withoutUndefined(given);
	for (const _ in row) return row;
	throw new InvalidRequestError(
		'The row has no columns',
		'Give at least one column a value: map columns, or let the input item have fields with the names of columns.',
	);
}

/** What an expression did not give is no value: it would become NULL, or reset a column. */
function withoutUndefined(row: Row): Row {
	for (const name in row) {
		if (row[name] !== undefined) continue;
		return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
	}
	return row;
}

/**
 * The values of a resource mapper. A field that was left empty is left out, so that the default
 * stands; an expression that gives null means NULL.
 *
 * @param mapper the parameter that maps
 */
export function mappedValues(get: ItemParameters, mapper: string): Row {
	const json = jsonFields(get.raw(`${mapper}.schema`));
	const typed = Object(get.raw(`${mapper}.value`)) as Readonly<Record<string, unknown>>;
	const values: Row = {};
	for (const [name, value] of Object.entries(get.mapped(mapper))) {
		const isLeftOut = value === undefined || (value === null && !isExpression(typed[name]));
		if (isLeftOut) continue;
		values[name] =
			typeof value === 'string' && json.has(name) ? (parseJson(value) ?? value) : value;
	}
	return values;
}

const known = new WeakMap<object, ReadonlySet<string>>();

/** The fields for JSON, in which n8n takes text: a list or an object may be typed, and a word. */
function jsonFields(schema: unknown): ReadonlySet<string> {
	if (!Array.isArray(schema)) return new Set();
	const found =
		known.get(schema) ??
		new Set(
			(schema as Array<{ id: string; displayName?: string }>)
				.filter(({ displayName = '' }) => /\(jsonb?\)$/.test(displayName))
				.map(({ id }) => id),
		);
	known.set(schema, found);
	return found;
}

/** An object, from an expression or as JSON text. */
export function jsonObject(get: ItemParameters, name: string, label: string): Row {
	const value = get.value(name);
	const object = typeof value === 'string' ? parseJson(value) : value;
	if (typeof object === 'object' && object !== null && !Array.isArray(object)) return { ...object };
	throw new InvalidRequestError(
		`${label} is not an object`,
		'Give an object of names and values, such as {"name": "Pluto"}. A list has to be split into items first.',
	);
}
