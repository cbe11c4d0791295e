import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { InvalidRequestError } from '../api/errors';
import type { SendOptions } from '../api/transport';
import type { ItemParameters } from './parameters';

/** Stand among the Options of every operation that sends requests. */
export const requestOptions: INodeProperties[] = [
	{
		displayName: 'Headers',
		name: 'headers',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Header',
		default: {},
		description: 'Sent along with the request. The keys cannot be replaced.',
		options: [
			{
				displayName: 'Header',
				name: 'header',
				values: [
					{ displayName: 'Name', name: 'name', type: 'string', default: '' },
					{ displayName: 'Value', name: 'value', type: 'string', default: '' },
				],
			},
		],
	},
	{
		displayName: 'Timeout',
		name: 'timeout',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 60,
		description: 'How many seconds the server may be silent before the request fails',
	},
];

/**
 * What the person set among `requestOptions`.
 *
 * @throws InvalidRequestError for a timeout that is no number above 0, or a header that cannot be
 */
export function requestOptionsOf(get: ItemParameters): Pick<SendOptions, 'timeout' | 'headers'> {
	const { timeout, headers } = get.object('options');
	return { timeout: milliseconds(timeout), headers: headersOf(headers) };
}

function milliseconds(seconds: unknown): number | undefined {
	if (seconds === undefined) return undefined;
	if (typeof seconds === 'number' && seconds > 0) return seconds * 1000;
	throw new InvalidRequestError('Timeout is not a number of seconds above 0');
}

function headersOf(collection: unknown): Record<string, string> | undefined {
	const { header = [] } = (collection ?? {}) as { header?: IDataObject[] };
	const pairs = header.map(({ name, value }) => [text(name), text(value)] as const);
	for (const [name, value] of pairs) {
		if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || /[\r\n\0]/.test(value)) {
			throw new InvalidRequestError(
				`"${name}" cannot be sent as a header`,
				'A name has no blanks, and a value is on one line.',
			);
		}
	}
	return pairs.length ? Object.fromEntries(pairs) : undefined;
}

function text(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}
