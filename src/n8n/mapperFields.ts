import type { FieldType, INodePropertyOptions, ResourceMapperField } from 'n8n-workflow';

import type { ColumnDescription } from '../api/database/description';

/**
 * n8n rounds large numbers, times to milliseconds, and takes nothing but objects for JSON: what it
 * knows less well is text, which passes whatever an expression gives as it is.
 */
const FIELD_TYPES: Readonly<Record<string, FieldType>> = {
	smallint: 'number',
	integer: 'number',
	real: 'number',
	'double precision': 'number',
};

/** n8n writes false for a boolean field that nobody touched: a list can be left empty. */
const BOOLEANS: INodePropertyOptions[] = [
	{ name: 'True', value: true },
	{ name: 'False', value: false },
];

/** PostgreSQL's short names, which fit beside a column's. */
const SHORT_NAMES: ReadonlyArray<readonly [long: string, short: string]> = [
	['timestamp with time zone', 'timestamptz'],
	['timestamp without time zone', 'timestamp'],
	['time with time zone', 'timetz'],
	['time without time zone', 'time'],
	['character varying', 'varchar'],
	['double precision', 'float8'],
];

/** A type as it stands beside a column. */
export function shortType(type: string): string {
	return SHORT_NAMES.reduce((text, [long, short]) => text.replace(long, short), type);
}

/** A column, or an argument, as a field to fill in. */
export function mapperField({
	name,
	type,
	required,
	hasDefault,
	primaryKey,
	values,
}: ColumnDescription): ResourceMapperField {
	const options = type === 'boolean' ? BOOLEANS : values?.map((value) => ({ name: value, value }));
	return {
		id: name,
		displayName: `${name} (${shortType(type)})`,
		type: options ? 'options' : (FIELD_TYPES[type] ?? (type.endsWith('[]') ? 'array' : 'string')),
		options,
		// The description does not tell which keys fill themselves.
		required: required && !hasDefault && !primaryKey,
		defaultMatch: false,
		canBeUsedToMatch: false,
		display: true,
	};
}
