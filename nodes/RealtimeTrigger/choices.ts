import { InvalidRequestError } from '../../src/api/errors';
import type { Field, Fields } from '../../src/n8n/field';

/** At least one row, since without any the trigger would wait for nothing. */
export function some(field: Field, group: string): Fields[] {
	const rows = field.collections(group);
	if (rows.length > 0) return rows;
	throw new InvalidRequestError(
		'There is nothing to listen to',
		'Add a table, a queue or a channel below Listen To.',
	);
}

/** @throws InvalidRequestError for what is none of these, or nothing */
export function oneOf<Value extends string>(field: Field, values: readonly Value[]): Value {
	const found = field.oneOf(values);
	if (found) return found;
	throw new InvalidRequestError(
		'A choice of the trigger is empty',
		`Use one of ${values.join(', ')}.`,
	);
}

/** @throws InvalidRequestError for what is not all of these, or nothing */
export function manyOf<Value extends string>(field: Field, values: readonly Value[]): Value[] {
	const names = field.someNames() ?? field.names();
	const found = values.filter((value) => names.includes(value));
	if (found.length > 0 && names.every((name) => found.some((value) => value === name)))
		return found;
	throw new InvalidRequestError(
		names.length > 0
			? `"${names.join(', ')}" is not what can be chosen here`
			: 'A choice of the trigger is empty',
		`Use one or several of ${values.join(', ')}.`,
	);
}
