import { jsonText } from '../database/encoding';
import { schemaHeader } from '../database/table';
import type { ApiRequest } from '../request';
import { idText, type MessageId } from './ids';

/** A value that is JSON text already. */
export class Json {
	constructor(readonly text: string) {}
}

/** IDs as a list, exactly. */
export function idList(ids: readonly MessageId[]): Json {
	return new Json(`[${ids.map(idText).join(',')}]`);
}

/** Texts of JSON as a list. */
export function listOf(messages: readonly string[]): Json {
	return new Json(`[${messages.join(',')}]`);
}

/**
 * Calls a function of queues: `POST /rpc/<name>`. Numbers that JavaScript would round come as text.
 *
 * @param schema `Content-Profile`, without which PostgREST looks in its first schema
 * @param args by name; what is undefined is left out, so that the function's default stands
 * @param isSet whether it gives a set, which the project's row cap may cut: then the answer tells
 * how many there are
 */
export function queueCall(
	schema: string,
	name: string,
	args: Readonly<Record<string, unknown>>,
	{ isSet = false, ...more }: { isSet?: boolean } & Pick<ApiRequest, 'reads' | 'repeatable'> = {},
): ApiRequest {
	const members = Object.entries(args).flatMap(([key, value]) =>
		value === undefined ? [] : [`${JSON.stringify(key)}:${textOf(value)}`],
	);
	return {
		service: 'rest',
		method: 'POST',
		path: ['rpc', name],
		headers: {
			...schemaHeader('POST', schema),
			...(isSet && { prefer: 'count=exact' }),
			'content-type': 'application/json',
		},
		body: `{${members.join(',')}}`,
		expect: 'exactJson',
		tellsAmount: true,
		...more,
	};
}

function textOf(value: unknown): string {
	return value instanceof Json ? value.text : jsonText(value);
}
