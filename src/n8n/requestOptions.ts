import type { INodeProperties } from 'n8n-workflow';

import { InvalidRequestError } from '../api/errors';
import { checkHeaders, type Headers } from '../api/headers';
import { WIDTH } from '../api/sideBySide';
import type { SendOptions } from '../api/transport';
import type { ItemParameters } from './parameters';

/** A project's connections are few, and shared by all who use it. */
const MOST_AT_ONCE = 50;

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

/** Operations have their own Options, the most wanted first. */
export function optionsOf(members: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: members,
	};
}

/** Stands among the Options of operations that carry items out side by side. */
export const itemsAtOnce: INodeProperties = {
	displayName: 'Items at Once',
	name: 'itemsAtOnce',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: MOST_AT_ONCE },
	default: WIDTH,
	description: 'How many items are carried out side by side',
};

/**
 * How many items at once the person set; nothing where they did not.
 *
 * @throws InvalidRequestError for anything but a whole number from 1 to 50
 */
export function itemsAtOnceOf(get: ItemParameters): number | undefined {
	const wanted = get.option('itemsAtOnce').wholeNumber(1);
	if (wanted === undefined || wanted <= MOST_AT_ONCE) return wanted;
	throw new InvalidRequestError(
		`Items at Once is ${wanted}, more than ${MOST_AT_ONCE}`,
		'A project has so many connections and no more for all who use it.',
	);
}

/**
 * What the person set among `requestOptions`.
 *
 * @throws InvalidRequestError for a timeout that is no number above 0, or a header that cannot be
 */
export function requestOptionsOf(get: ItemParameters): Pick<SendOptions, 'timeout' | 'headers'> {
	return { timeout: timeoutOf(get), headers: headersOf(get) };
}

function timeoutOf(get: ItemParameters): number | undefined {
	const seconds = get.option('timeout').number();
	if (seconds === undefined || seconds > 0) return seconds && seconds * 1000;
	throw new InvalidRequestError('Timeout is not a number of seconds above 0');
}

function headersOf(get: ItemParameters): Headers | undefined {
	const pairs = get
		.option('headers')
		.collections('header')
		.map((header) => [header('name').text(), header('value').text()] as const);
	// Whether keys may be among them, `send` knows.
	return pairs.length ? checkHeaders(pairs, 'in Options', true) : undefined;
}
