import {
	filterParameters,
	matching,
	type Condition,
	type Filter,
} from '../../src/api/database/filters';
import { patternNotes } from '../../src/api/database/patterns';
import { InvalidRequestError } from '../../src/api/errors';
import { parseJson } from '../../src/api/json';
import type { Field, Fields } from '../../src/n8n/field';
import type { Run } from '../../src/n8n/operation';
import type { ItemParameters } from '../../src/n8n/parameters';
import { filterOf, operatorOf, type ValueForm } from '../../src/n8n/filterOperators';

/** Where the fields of the filters stand: at the top, or among the Options. */
type Place = '' | 'options.';

const ALL_OR_ANY = ['all', 'any'] as const;

/** Whether there are filters at all, even if each of them is skipped. */
export function holdsFilters(get: ItemParameters): boolean {
	return Object.values(get.field('filters').object()).some(
		(rows) => Array.isArray(rows) && rows.length > 0,
	);
}

/**
 * The conditions that a person entered.
 *
 * @throws InvalidRequestError for a value that its operator cannot take
 */
export function conditionsOf(get: ItemParameters, at: Place = ''): Condition[] {
	const field = (name: string) => (at ? get.option(name) : get.field(name));
	const skipEmpty = get.option('skipEmptyFilters').boolean();
	const rows = (group: string) => field('filters').collections(group);
	const conditions: Condition[] = [
		...rows('filter').flatMap((row) => filtersOf(row, skipEmpty)),
		...rows('group').flatMap((row): Condition[] => {
			const found = row('filters')
				.collections('filter')
				.flatMap((each) => filtersOf(each, skipEmpty));
			return found.length ? [{ ...groupSettings(row), conditions: found }] : [];
		}),
		...rows('object').flatMap((row) => matching(objectOf(row('object').value()))),
		...rows('raw').map((row) => ({
			raw: row('raw').exact(),
			match: row('rawMatch').oneOf(ALL_OR_ANY),
			values: listOfValues(row('values').value()),
			relation: row('relation').text() || undefined,
		})),
	];
	const isAny = field('match').oneOf(ALL_OR_ANY) === 'any';
	const all = isAny && conditions.length > 1 ? [{ match: 'any' as const, conditions }] : conditions;
	filterParameters(all);
	return all;
}

/** Says what is odd about conditions, though they can be sent. */
export function hintAtFilters(conditions: readonly Condition[] | undefined, run: Run): void {
	for (const note of patternNotes(conditions ?? [])) run.hint(note);
}

function groupSettings(row: Fields) {
	return {
		match: row('match').oneOf(ALL_OR_ANY) ?? 'any',
		negate: row('negate').boolean(),
		relation: row('relation').text() || undefined,
	};
}

function filtersOf(row: Fields, skipEmpty: boolean): Filter[] {
	const { operator, takes } = operatorOf(row('operator'));
	const value = READERS[takes](row);
	if (skipEmpty && takes !== 'nothing' && isEmpty(value)) return [];
	const filter = filterOf(row('column').text(), operator, value, row('negate').boolean());
	return [takes === 'search' ? { ...filter, config: row('config').text() } : filter];
}

/** What a condition compares with, by the fields that it is entered by. */
const READERS: Readonly<Record<ValueForm, (row: Fields) => unknown>> = {
	value: (row) => row('value').value(),
	list: (row) => row('values').value(),
	truth: (row) => row('truth').value(),
	nothing: () => undefined,
	collection: elementsOf,
	range: rangeOf,
	search: (row) => row('query').value(),
};

function rangeOf(row: Fields): unknown {
	if (row('rangeForm').oneOf(['bounds', 'text']) === 'text') return row('rangeText').value();
	return {
		lower: row('lower').value(),
		upper: row('upper').value(),
		bounds: row('bounds').oneOf(['[)', '[]', '(]', '()']) ?? '[)',
	};
}

function elementsOf(row: Fields): unknown {
	const elements = row('elements');
	switch (row('elementsAre').oneOf(['array', 'json', 'range', 'text']) ?? 'array') {
		case 'text':
			return elements.value();
		case 'range':
			return rangeOfElements(elements);
		case 'json': {
			const value = parsed(elements.value());
			return typeof value === 'string' ? value : JSON.stringify(value);
		}
		case 'array':
			return parsed(elements.value());
	}
}

/** A list of two is both ends of the range, which belong to it, as `[1,10]` says. */
function rangeOfElements(elements: Field): unknown {
	const value = elements.value();
	if (!Array.isArray(value) || value.length !== 2) return value;
	const [lower, upper] = value as unknown[];
	return { lower, upper, bounds: '[]' };
}

function parsed(value: unknown): unknown {
	return typeof value === 'string' ? (parseJson(value) ?? value) : value;
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

function objectOf(value: unknown): Record<string, unknown> {
	const object = parsed(value);
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
