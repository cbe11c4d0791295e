import type { INodeProperties } from 'n8n-workflow';

import { checkName } from '../../src/api/realtime/subscription';
import { parseJson } from '../../src/api/json';
import { InvalidRequestError } from '../../src/api/errors';
import type { Field } from '../../src/n8n/field';
import type { ItemParameters } from '../../src/n8n/parameters';

/** How long a channel may take to be joined unless the person says otherwise, in milliseconds. */
export const JOIN_TIMEOUT = 60_000;

export const channelName: INodeProperties = {
	displayName: 'Channel',
	name: 'channel',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. room-1',
	hint: 'The name that the other side uses, as in supabase.channel("room-1")',
	description: 'The name of the channel, without "realtime:"',
};

export const isPrivate: INodeProperties = {
	displayName: 'Private',
	name: 'private',
	type: 'boolean',
	default: false,
	hint: 'A private channel and a public one of the same name are two: choose as the other side does',
	description:
		'Whether it is a private channel, where policies on realtime.messages say who may send and listen',
};

/** @throws InvalidRequestError for a name that is empty or too long */
export function channelOf(get: ItemParameters): { topic: string; private: boolean } {
	const topic = get.required('channel');
	checkName('topic', topic);
	return { topic, private: get.boolean('private') };
}

/** @throws InvalidRequestError for what is not an object, or the JSON text of one */
export function objectIn(field: Field, label: string): Record<string, unknown> {
	const value = field.value();
	const found = typeof value === 'string' ? parseJson(value) : value;
	if (typeof found === 'object' && found !== null && !Array.isArray(found)) {
		return found as Record<string, unknown>;
	}
	throw new InvalidRequestError(
		`${label} is not an object`,
		'It looks like {"name": "value"}. Realtime takes objects: put a list or a text under a name.',
	);
}
