import { AuthError } from './errors';

/** What a field of a body must be; anything else is refused in the words of the service's parser. */
export type FieldType =
	'string' | 'optional' | 'boolean' | 'optionalBoolean' | 'object' | 'uuid' | 'strings' | 'any';
export type Shape = Record<string, FieldType>;

interface Values {
	string: string;
	/** Tells an empty text from none. */
	optional: string | undefined;
	boolean: boolean;
	/** Tells false from none. */
	optionalBoolean: boolean | undefined;
	object: Record<string, unknown> | undefined;
	uuid: string;
	strings: string[] | undefined;
	any: unknown;
}

/** The body as its route reads it: what is missing or null is empty. */
export type Read<S extends Shape> = { [K in keyof S]: Values[S[K]] };

/** A body's shape, and what the service calls it in its messages. */
export interface BodyType<S extends Shape> {
	name: string;
	shape: S;
}

export function bodyType<const S extends Shape>(name: string, shape: S): BodyType<S> {
	return { name, shape };
}

/**
 * Reads a body. Fields that the shape does not name are ignored.
 *
 * @throws AuthError `bad_json` for what is no JSON, or of another type
 */
export function readBody<S extends Shape>(text: string, { name, shape }: BodyType<S>): Read<S> {
	const value = parse(text);
	if (value !== null && (typeof value !== 'object' || Array.isArray(value)))
		throw badJson(`json: cannot unmarshal ${kindOf(value)} into Go value of type api.${name}`);
	const given = (value ?? {}) as Record<string, unknown>;
	return Object.fromEntries(
		Object.entries(shape).map(([field, type]) => [
			field,
			fieldOf(given[field] ?? undefined, type, `${name}.${field}`),
		]),
	) as Read<S>;
}

function fieldOf(value: unknown, type: FieldType, where: string): unknown {
	switch (type) {
		case 'string':
		case 'optional':
			if (value === undefined) return type === 'string' ? '' : undefined;
			if (typeof value !== 'string') throw mismatch(value, where, 'string');
			return value;
		case 'boolean':
		case 'optionalBoolean':
			if (value === undefined) return type === 'boolean' ? false : undefined;
			if (typeof value !== 'boolean') throw mismatch(value, where, 'bool');
			return value;
		case 'object':
			if (value === undefined) return undefined;
			if (typeof value !== 'object' || Array.isArray(value))
				throw mismatch(value, where, 'map[string]interface {}');
			return value;
		case 'strings':
			if (value === undefined) return undefined;
			if (!Array.isArray(value)) throw mismatch(value, where, '[]string');
			for (const each of value) if (typeof each !== 'string') throw mismatch(each, where, 'string');
			return value;
		case 'uuid':
			return uuidOf(value, where);
		case 'any':
			return value;
	}
}

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const NO_UUID = '00000000-0000-0000-0000-000000000000';

function uuidOf(value: unknown, where: string): string {
	if (value === undefined) return NO_UUID;
	if (typeof value !== 'string') throw mismatch(value, where, 'uuid.UUID');
	if (UUID.test(value)) return value;
	throw badJson(
		value.length === 36
			? `uuid: incorrect UUID format in string "${value}"`
			: `uuid: incorrect UUID length ${value.length} in string "${value}"`,
	);
}

function mismatch(value: unknown, where: string, wanted: string): AuthError {
	return badJson(
		`json: cannot unmarshal ${kindOf(value)} into Go struct field ${where} of type ${wanted}`,
	);
}

function kindOf(value: unknown): string {
	if (Array.isArray(value)) return 'array';
	return typeof value === 'boolean' ? 'bool' : typeof value;
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		throw badJson(faultOf(text));
	}
}

/** What is wrong with a text, where that shows in its first characters; else that it breaks off. */
function faultOf(text: string): string {
	const rest = text.trimStart();
	const [first = '', second = ''] = [rest[0], rest.slice(1).trimStart()[0]];
	if (first !== '' && !/[{["\-\dtfn]/.test(first))
		return `invalid character '${first}' looking for beginning of value`;
	if (first === '{' && second !== '' && !/["}]/.test(second))
		return `invalid character '${second}' looking for beginning of object key string`;
	return 'unexpected end of JSON input';
}

function badJson(reason: string): AuthError {
	return new AuthError(400, 'bad_json', `Could not parse request body as JSON: ${reason}`);
}
