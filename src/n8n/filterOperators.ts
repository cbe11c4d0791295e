import type { INodePropertyOptions } from 'n8n-workflow';

import type { Filter } from '../api/database/filters';
import { partOfText } from '../api/database/patterns';
import { InvalidRequestError } from '../api/errors';
import type { Field } from './field';

/** By which fields of the form a condition is entered. */
export type ValueForm = 'value' | 'list' | 'truth' | 'nothing' | 'collection' | 'range' | 'search';

export interface FormOperator extends INodePropertyOptions {
	readonly value: string;
	/** `value` unless given. */
	readonly takes?: ValueForm;
}

/** The operators as a person reads them, the usual ones first; by PostgREST's names but for MEANINGS. */
export const FORM_OPERATORS: readonly FormOperator[] = [
	{ name: 'Equals', value: 'eq' },
	{ name: 'Does Not Equal', value: 'neq' },
	{
		name: 'Contains Text',
		value: 'containsText',
		description: 'Anywhere in the text, ignoring case. Wildcards count as what they are.',
	},
	{ name: 'Starts With', value: 'startsWith', description: 'Ignoring case' },
	{ name: 'Ends With', value: 'endsWith', description: 'Ignoring case' },
	{ name: 'Greater Than', value: 'gt' },
	{ name: 'Greater Than or Equal', value: 'gte' },
	{ name: 'Less Than', value: 'lt' },
	{ name: 'Less Than or Equal', value: 'lte' },
	{ name: 'Is in List', value: 'in', takes: 'list', description: 'Equals one of several values' },
	{
		name: 'Is Not in List',
		value: 'notIn',
		takes: 'list',
		description: 'Equals none of several values. A row without a value does not meet it.',
	},
	{
		name: 'Is Null',
		value: 'isNull',
		takes: 'nothing',
		description: 'Has no value; of a related table: has no row there',
	},
	{
		name: 'Is Not Null',
		value: 'notNull',
		takes: 'nothing',
		description: 'Has a value; of a related table: has a row there',
	},
	{
		name: 'Is',
		value: 'is',
		takes: 'truth',
		description: 'True, false or unknown, for yes-or-no columns; null, not null',
	},
	{
		name: 'Is Distinct From',
		value: 'isdistinct',
		description: 'Does not equal; a row without a value differs from any value',
	},
	{
		name: 'Matches Pattern',
		value: 'like',
		description: 'LIKE: % or * stands for any text, _ for one character',
	},
	{
		name: 'Matches Pattern (Ignoring Case)',
		value: 'ilike',
		description: 'ILIKE: % or * stands for any text, _ for one character',
	},
	{ name: 'Matches All Patterns', value: 'like(all)', takes: 'list' },
	{ name: 'Matches All Patterns (Ignoring Case)', value: 'ilike(all)', takes: 'list' },
	{ name: 'Matches Any Pattern', value: 'like(any)', takes: 'list' },
	{ name: 'Matches Any Pattern (Ignoring Case)', value: 'ilike(any)', takes: 'list' },
	{ name: 'Matches Regular Expression', value: 'match' },
	{ name: 'Matches Regular Expression (Ignoring Case)', value: 'imatch' },
	{
		name: 'Array, Range or JSON Contains',
		value: 'cs',
		takes: 'collection',
		description: 'Holds every one of the elements. For text use Contains Text.',
	},
	{ name: 'Array, Range or JSON Is Contained By', value: 'cd', takes: 'collection' },
	{
		name: 'Array or Range Overlaps',
		value: 'ov',
		takes: 'collection',
		description: 'Has an element in common',
	},
	{
		name: 'Range Is Right Of',
		value: 'sr',
		takes: 'range',
		description: 'Greater than every value of the range',
	},
	{
		name: 'Range Is Not Left Of',
		value: 'nxl',
		takes: 'range',
		description: 'Does not extend to its left',
	},
	{
		name: 'Range Is Left Of',
		value: 'sl',
		takes: 'range',
		description: 'Less than every value of the range',
	},
	{
		name: 'Range Is Not Right Of',
		value: 'nxr',
		takes: 'range',
		description: 'Does not extend to its right',
	},
	{ name: 'Range Is Adjacent To', value: 'adj', takes: 'range' },
	{
		name: 'Text Search',
		value: 'fts',
		takes: 'search',
		description: "With operators: 'eggs' & 'ham'",
	},
	{
		name: 'Text Search (Words)',
		value: 'plfts',
		takes: 'search',
		description: 'Plain words, all of them',
	},
	{
		name: 'Text Search (Phrase)',
		value: 'phfts',
		takes: 'search',
		description: 'Words that follow each other',
	},
	{
		name: 'Text Search (Web Style)',
		value: 'wfts',
		takes: 'search',
		description: 'As in a search engine',
	},
];

export function operatorsThatTake(form: ValueForm): string[] {
	return FORM_OPERATORS.filter(({ takes = 'value' }) => takes === form).map(({ value }) => value);
}

const FORMS: ReadonlyMap<string, ValueForm> = new Map(
	FORM_OPERATORS.map(({ value, takes = 'value' }) => [value, takes]),
);

/**
 * The operator that was chosen.
 *
 * @throws InvalidRequestError for one that is none, or none at all, which comes from an expression
 */
export function operatorOf(field: Field): { operator: string; takes: ValueForm } {
	const operator = field.text();
	const takes = FORMS.get(operator);
	if (takes) return { operator, takes };
	throw new InvalidRequestError(
		`"${operator}" is not a filter operator`,
		`Use one of ${[...FORMS.keys()].join(', ')}. If it comes from an expression, check what that gives for this item.`,
	);
}

type Meaning = (value: unknown, column: string) => Pick<Filter, 'operator' | 'value' | 'negate'>;

/** What operators stand for that PostgREST has no name for. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
	containsText: (value, column) => partOfText(textOf(value, column), 'anywhere'),
	startsWith: (value, column) => partOfText(textOf(value, column), 'start'),
	endsWith: (value, column) => partOfText(textOf(value, column), 'end'),
	notIn: (value) => ({ operator: 'in', value, negate: true }),
	isNull: () => ({ operator: 'is', value: 'null' }),
	notNull: () => ({ operator: 'is', value: 'null', negate: true }),
};

/** A condition in PostgREST's words; `negate` turns round what the operator says. */
export function filterOf(
	column: string,
	operator: string,
	value: unknown,
	isNegated: boolean,
): Filter {
	const meaning = MEANINGS[operator]?.(value, column) ?? { operator, value };
	const negate = isNegated !== (meaning.negate ?? false);
	return { column, operator: meaning.operator, value: meaning.value, ...(negate && { negate }) };
}

function textOf(value: unknown, column: string): string {
	if (typeof value === 'string' || typeof value === 'number') return String(value);
	throw new InvalidRequestError(
		`The filter on "${column}" looks for a text, but its value is ${value === undefined || value === null ? 'empty' : 'no text'}`,
		'Check what the expression gives for this item.',
	);
}
