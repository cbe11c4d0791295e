import { invalidRequest } from './errors';

/** What a field of a body or query must be. */
export type Field = { required?: boolean; nullable?: boolean } & (
	| { type: 'string'; oneOf?: readonly string[] }
	| { type: 'integer'; min?: number; max?: number }
	| { type: 'boolean' }
	| { type: 'strings'; minItems?: number; maxItems?: number }
	| { type: 'size' }
	| { type: 'object'; fields: Fields }
);
export type Fields = Record<string, Field>;
export type Values = Record<string, unknown>;

const SIZE = '^[0-9]+(?:\\.[0-9]+)?(?:[gG][bB]|[mM][bB]|[kK][bB]|[bB])$';

/**
 * Checks a body or query and turns text into numbers and booleans where they are wanted.
 *
 * @param where what the message calls it, such as `body` or `querystring`
 * @throws StorageError in the words of the service's validator
 */
export function validate(value: unknown, fields: Fields, where: string): Values {
	if (typeof value !== 'object' || value === null || Array.isArray(value))
		throw invalidRequest(`${where} must be object`);
	const given = value as Values;
	for (const [name, field] of Object.entries(fields)) {
		if (field.required && given[name] === undefined)
			throw invalidRequest(`${where} must have required property '${name}'`);
	}
	const result: Values = {};
	for (const [name, field] of Object.entries(fields)) {
		if (given[name] === undefined) continue;
		result[name] = one(given[name], field, `${where}/${name}`);
	}
	return result;
}

function one(value: unknown, field: Field, where: string): unknown {
	if (value === null && field.nullable) return null;
	switch (field.type) {
		case 'string':
			return text(value, where, field.oneOf);
		case 'integer':
			return integer(value, where, field.min, field.max);
		case 'boolean':
			if (typeof value === 'boolean') return value;
			if (value === 'true' || value === 'false') return value === 'true';
			throw invalidRequest(`${where} must be boolean`);
		case 'strings':
			return strings(value, where, field.minItems, field.maxItems);
		case 'size':
			return size(value, where);
		case 'object':
			return validate(value, field.fields, where);
	}
}

function text(value: unknown, where: string, oneOf?: readonly string[]): string {
	if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
		throw invalidRequest(`${where} must be string`);
	if (oneOf && !oneOf.includes(String(value)))
		throw invalidRequest(`${where} must be equal to one of the allowed values`);
	return String(value);
}

function integer(value: unknown, where: string, min = -Infinity, max = Infinity): number {
	const number = typeof value === 'string' && value !== '' ? Number(value) : value;
	if (typeof number !== 'number' || !Number.isInteger(number))
		throw invalidRequest(`${where} must be integer`);
	if (number < min) throw invalidRequest(`${where} must be >= ${min}`);
	if (number > max) throw invalidRequest(`${where} must be <= ${max}`);
	return number;
}

function strings(value: unknown, where: string, min = 0, max = Infinity): string[] {
	const list = Array.isArray(value) ? (value as unknown[]) : [value];
	if (list.length < min) throw invalidRequest(`${where} must NOT have fewer than ${min} items`);
	if (list.length > max) throw invalidRequest(`${where} must NOT have more than ${max} items`);
	return list.map((entry, index) => text(entry, `${where}/${index}`));
}

function size(value: unknown, where: string): number | string {
	if (typeof value === 'number' && Number.isInteger(value)) return value;
	if (typeof value === 'string' && (new RegExp(SIZE).test(value) || /^\d+$/.test(value)))
		return value;
	throw invalidRequest(
		[
			`${where} must be integer`,
			`${where} must pass "finite" keyword validation`,
			`${where} must match pattern "${SIZE}"`,
			`${where} must match a schema in anyOf`,
		].join(', '),
	);
}
