import type { ApiRequest, Query } from '../request';

/** Chooses the form of error bodies: `{code, message}`. */
const API_VERSION = { 'x-supabase-api-version': '2024-01-01' };

const JSON_TYPE = { 'content-type': 'application/json;charset=UTF-8' };

/** What a request to Auth may have beside its method and its path. */
interface Rest extends Pick<ApiRequest, 'repeatable' | 'reads'> {
	/** What has no value is left out. */
	readonly query?: ReadonlyArray<readonly [name: string, value: string | undefined]>;
	/** Sent as JSON, without the members that are `undefined`. */
	readonly body?: object;
}

/** A request to Auth. Its errors come in one form, but for those that follow OAuth. */
export function authRequest(
	method: ApiRequest['method'],
	path: readonly string[],
	{ query = [], body, ...rest }: Rest = {},
): ApiRequest {
	return {
		service: 'auth',
		method,
		path,
		query: query.filter((pair): pair is Query[number] => pair[1] !== undefined),
		headers: { ...API_VERSION, ...(body && JSON_TYPE) },
		...(body && { body: JSON.stringify(body) }),
		...rest,
	};
}
