import { InvalidRequestError } from '../errors';
import type { ApiRequest, OpenBody, Query } from '../request';

/** How a function can be called. */
export const METHODS = ['POST', 'GET', 'PUT', 'PATCH', 'DELETE'] as const;

/** Where a function can be told to run. */
export const REGIONS = [
	'ap-northeast-1',
	'ap-northeast-2',
	'ap-south-1',
	'ap-southeast-1',
	'ap-southeast-2',
	'ca-central-1',
	'eu-central-1',
	'eu-west-1',
	'eu-west-2',
	'eu-west-3',
	'sa-east-1',
	'us-east-1',
	'us-west-1',
	'us-west-2',
] as const;

/** A call of an edge function, but for what is sent along. */
export interface Invocation {
	readonly name: string;
	readonly method: (typeof METHODS)[number];
	/** Below the function and not yet encoded, such as `orders/5`. */
	readonly path?: string;
	readonly query?: Query;
	/** The nearest one where it is not given. */
	readonly region?: (typeof REGIONS)[number];
	/** Whether calling twice does no harm; by default so for GET alone. */
	readonly repeatable?: boolean;
}

/** What is sent along. */
export interface InvocationBody {
	readonly content: string | Uint8Array | OpenBody;
	/** How many bytes a stream gives. */
	readonly size?: number;
	readonly type: string;
}

/**
 * Calls an edge function: `/functions/v1/<name>/<path>`. The region goes into a header for the
 * hosted platform, and into the query for what reads no headers on the way.
 *
 * @returns a request whose answer comes as a stream, as only its headers tell what it is
 * @throws InvalidRequestError for a name or path that cannot be, and for GET with a body
 * @see https://supabase.com/docs/guides/functions/regional-invocation
 */
export function invoke(call: Invocation, body?: InvocationBody): ApiRequest {
	const { name, method, path = '', query = [], region, repeatable } = call;
	if (method === 'GET' && body) {
		throw new InvalidRequestError(
			'A call with GET cannot carry a body',
			'Choose another Method, or set Body to None and use Query Parameters.',
		);
	}
	return {
		service: 'functions',
		method,
		path: [functionName(name), ...pathSegments(path)],
		query: region
			? [...query.filter(([each]) => each !== FORCE_REGION), [FORCE_REGION, region]]
			: query,
		headers: {
			...(region && { 'x-region': region }),
			...(body && { 'content-type': body.type }),
			...(body?.size !== undefined && { 'content-length': String(body.size) }),
		},
		body: body?.content,
		expect: 'stream',
		repeatable,
	};
}

const FORCE_REGION = 'forceFunctionRegion';

/** A function's name alone: people paste its address, and write a path behind it. */
function functionName(name: string): string {
	if (/^[\w.-]+$/.test(name)) return name;
	throw new InvalidRequestError(
		`"${name}" is not the name of a function`,
		/^https?:/.test(name)
			? 'Enter its name alone, which is the last part of its address.'
			: 'Enter its name alone, as in the dashboard under Edge Functions. A path below it goes into Path, and a query into Query Parameters.',
	);
}

function pathSegments(path: string): string[] {
	const below = path.replace(/^\//, '');
	if (below === '') return [];
	if (/[?#]/.test(below)) {
		throw new InvalidRequestError(
			'Path holds a query',
			'Enter what comes after the ? as Query Parameters.',
		);
	}
	// Some gateways read a backslash as a slash.
	if (below.split(/[/\\]/).some((segment) => /^(\.|%2e){1,2}$/i.test(segment))) {
		throw new InvalidRequestError(
			`Path "${path}" leads out of the function`,
			'Leave out the parts that are only dots.',
		);
	}
	return below.split('/');
}
