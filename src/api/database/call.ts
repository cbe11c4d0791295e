import { InvalidRequestError } from '../errors';
import type { ApiRequest, Query } from '../request';
import { arrayLiteral, jsonText, scalarText } from './encoding';
import { expected, modifierHeaders, reading } from './modifiers';
import { OPERATORS } from './operators';
import { readQuery, selectExpression, type SelectOptions } from './select';

/** A function in a schema that the project exposes. */
export interface DatabaseFunction {
	readonly schema: string;
	readonly name: string;
}

export interface CallOptions extends SelectOptions {
	/** GET and HEAD are for functions that only read (STABLE or IMMUTABLE). */
	readonly method?: 'POST' | 'GET';
	/** Answer nothing but the status. */
	readonly returning?: 'minimal';
	/** For a function of one unnamed argument: what that is. */
	readonly argumentType?: 'json' | 'text' | 'xml' | 'binary';
	/** Arguments that take any number of values: read-only they are named once for each. */
	readonly variadic?: readonly string[];
	/** Read the answer as text, for `parseExactly`. */
	readonly exactNumbers?: boolean;
}

const CONTENT_TYPES = {
	json: 'application/json',
	text: 'text/plain',
	xml: 'text/xml',
	binary: 'application/octet-stream',
} as const;

/**
 * Calls a function: `POST /rpc/<function>` with the arguments as JSON, or `GET` with them as query.
 *
 * @param args by name; or, for a function of one unnamed JSON argument, the value itself
 * @throws InvalidRequestError for an argument that a GET call cannot carry
 * @see https://docs.postgrest.org/en/stable/references/api/functions.html
 */
export function call(
	{ schema, name }: DatabaseFunction,
	args: unknown,
	options: CallOptions = {},
): ApiRequest {
	const { columns, head, returning, argumentType = 'json' } = options;
	const method = options.method === 'GET' ? (head ? 'HEAD' : 'GET') : 'POST';
	const reads = method !== 'POST';
	return {
		service: 'rest',
		method,
		path: ['rpc', name],
		query: [
			...(reads ? argumentQuery(args, options.variadic) : []),
			...(!reads && isRawJson(args, argumentType) ? [['columns', ANY_NAME] as const] : []),
			...readQuery(options),
			...(columns ? [['select', selectExpression(columns)] as const] : []),
		],
		headers: {
			...modifierHeaders(method, schema, options, returning ? [`return=${returning}`] : []),
			...(reads ? {} : { 'content-type': CONTENT_TYPES[argumentType] }),
		},
		...(reads ? {} : { body: bodyOf(args, argumentType) }),
		expect: options.exactNumbers ? 'text' : expected(options),
		...reading(options),
	};
}

/**
 * With `columns` a body of JSON is passed on as it is. Otherwise the first object of a list would be
 * taken for the arguments, and any other list is refused. No argument has this name.
 */
const ANY_NAME = 'unnamed_argument';

function isRawJson(args: unknown, type: CallOptions['argumentType']): boolean {
	return type === 'json' && (typeof args !== 'object' || args === null || Array.isArray(args));
}

function bodyOf(args: unknown, type: CallOptions['argumentType']): string | Uint8Array {
	if (args instanceof Uint8Array) return args;
	return type === 'json' ? jsonText(args) : scalarText(args);
}

/** In a query a value such as `eq.1` would be read as a filter on the result. */
const LOOKS_LIKE_FILTER = new RegExp(
	`^(not\\.)?(${[...new Set(Object.keys(OPERATORS).map((name) => name.replace(/\W.*/, '')))].join('|')})(\\([^)]*\\))?\\.`,
);

function argumentQuery(args: unknown, variadic: readonly string[] = []): Query {
	if (typeof args !== 'object' || args === null || Array.isArray(args)) {
		throw new InvalidRequestError(
			'A read-only call takes its arguments by name',
			'Give an object of argument names and values, or call with POST.',
		);
	}
	return Object.entries(args)
		.filter(([, value]) => value !== undefined)
		.flatMap(([name, value]: [string, unknown]) =>
			variadic.includes(name) && Array.isArray(value)
				? value.map((each) => argument(name, each))
				: [argument(name, value)],
		);
}

function argument(name: string, value: unknown): readonly [string, string] {
	if (value === null) {
		throw new InvalidRequestError(
			`The argument "${name}" is null, which a read-only call cannot carry`,
			'Leave it out, or call with POST.',
		);
	}
	const text = Array.isArray(value) ? arrayText(value) : scalarText(value);
	if (LOOKS_LIKE_FILTER.test(text)) {
		throw new InvalidRequestError(
			`The argument "${name}" would be read as a filter in a read-only call`,
			'Call with POST.',
		);
	}
	return [name, text];
}

/** A list of objects can only be JSON; any other is an array. */
function arrayText(values: readonly unknown[]): string {
	const holdsObjects = values.some((each) => typeof each === 'object' && !Array.isArray(each));
	return holdsObjects ? JSON.stringify(values) : arrayLiteral(values);
}
