import type { IDataObject } from 'n8n-workflow';

import {
	filterParameters,
	matching,
	type Condition,
	type Filter,
} from '../../src/api/database/filters';
import { InvalidRequestError } from '../../src/api/errors';
import { parseJson } from '../../src/api/json';
import { locatorValue } from '../../src/n8n/field';
import type { ItemParameters } from '../../src/n8n/parameters';
import { COLLECTIONS, LISTS, RANGES, SEARCHES } from './filterFields';

/** Whether there are filters at all, even if each of them is skipped. */
export function holdsFilters(get: ItemParameters, at = ''): boolean {
	return Object.values(groupsOf(get, at)).some((rows) => Array.isArray(rows) && rows.length > 0);
}

function groupsOf(get: ItemParameters, at: string): IDataObject {
	return at ? ((get.object('options').filters ?? {}) as IDataObject) : get.object('filters');
}

/**
 * The conditions that a person entered.
 *
 * @param at where the fields stand: at the top, or `options.`
 * @throws InvalidRequestError for a value that its operator cannot take
 */
export function conditionsOf(get: ItemParameters, at: '' | 'options.' = ''): Condition[] {
	const groups = groupsOf(get, at);
	const options = get.object('options');
	const skipEmpty = options.skipEmptyFilters === true;
	const conditions: Condition[] = [
		...rowsOf(groups.filter).flatMap((row) => filterOf(row, skipEmpty)),
		...rowsOf(groups.group).flatMap((row): Condition[] => {
			const inner = rowsOf((row.filters as IDataObject | undefined)?.filter);
			const found = inner.flatMap((each) => filterOf(each, skipEmpty));
			return found.length ? [{ ...groupSettings(row), conditions: found }] : [];
		}),
		...rowsOf(groups.object).flatMap(({ object }) => matching(objectOf(object))),
		...rowsOf(groups.raw).map(({ raw, values, relation }) => ({
			raw: text(raw),
			values: listOfValues(values),
			relation: text(relation) || undefined,
		})),
	];
	const any = (at ? options.match : get.text('match')) === 'any';
	const all = any && conditions.length > 1 ? [{ match: 'any' as const, conditions }] : conditions;
	filterParameters(all);
	return all;
}

function groupSettings(row: IDataObject) {
	return {
		match: row.match === 'all' ? ('all' as const) : ('any' as const),
		negate: row.negate === true,
		relation: text(row.relation) || undefined,
	};
}

function filterOf(row: IDataObject, skipEmpty: boolean): Filter[] {
	const operator = text(row.operator) || 'eq';
	const value = valueOf(row, operator);
	if (skipEmpty && isEmpty(value)) return [];
	const filter: Filter = { column: columnOf(row), operator, value };
	return [
		{
			...filter,
			...(row.negate === true && { negate: true }),
			...(SEARCHES.includes(operator) && { config: text(row.config) }),
		},
	];
}

function valueOf(row: IDataObject, operator: string): unknown {
	if (operator === 'is') return row.truth;
	if (LISTS.includes(operator)) return row.values;
	if (SEARCHES.includes(operator)) return row.query;
	if (RANGES.includes(operator)) {
		const { lower, upper, bounds } = row;
		return row.rangeForm === 'text' ? row.rangeText : { lower, upper, bounds: bounds ?? '[)' };
	}
	return COLLECTIONS.includes(operator) ? elementsOf(row) : row.value;
}

function elementsOf({ elements, elementsAre }: IDataObject): unknown {
	if (elementsAre === 'text') return elements;
	const value = typeof elements === 'string' ? (parseJson(elements) ?? elements) : elements;
	return elementsAre === 'json' && typeof value !== 'string' ? JSON.stringify(value) : value;
}

function isEmpty(value: unknown): boolean {
	if (typeof value === 'object' && value !== null && 'bounds' in value) {
		const { lower, upper } = value as { lower?: unknown; upper?: unknown };
		return isEmpty(lower) && isEmpty(upper);
	}
	return (
		value === undefined ||
		value === null ||
		value === '' ||
		(Array.isArray(value) && value.length === 0)
	);
}

function rowsOf(value: unknown): IDataObject[] {
	return Array.isArray(value) ? (value as IDataObject[]) : [];
}

function objectOf(value: unknown): Record<string, unknown> {
	const object = typeof value === 'string' ? parseJson(value) : value;
	if (typeof object === 'object' && object !== null && !Array.isArray(object)) return { ...object };
	throw new InvalidRequestError(
		'Matches Object is not an object',
		'Give columns and values, such as {"name": "Pluto"}.',
	);
}

function listOfValues(value: unknown): unknown[] {
	const list = typeof value === 'string' ? parseJson(value || '[]') : (value ?? []);
	if (Array.isArray(list)) return list;
	throw new InvalidRequestError(
		'The values of the PostgREST text are not a list',
		'Write them like ["a", 1].',
	);
}

function text(value: unknown): string {
	return typeof value === 'string' ? value : '';
}

export function columnOf(row: IDataObject): string {
	return text(locatorValue(row.column));
}
