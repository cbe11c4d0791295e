import type { INodeProperties } from 'n8n-workflow';

import { requestOptions } from '../../../src/n8n/requestOptions';
import { channelName, isPrivate } from '../fields';

const forMessages = { show: { waitFor: ['broadcast'] } };
const forChanges = { show: { waitFor: ['change'] } };

export const EVENTS = ['*', 'INSERT', 'UPDATE', 'DELETE'] as const;

/** The parameters that say what is waited for. */
export const waitForParameters: INodeProperties[] = [
	{
		displayName: 'Wait For',
		name: 'waitFor',
		type: 'options',
		options: [
			{
				name: 'Change',
				value: 'change',
				description: 'A row that is inserted, updated or deleted',
			},
			{ name: 'Message', value: 'broadcast', description: 'A broadcast in a channel' },
		],
		default: 'broadcast',
		description: 'What ends the waiting',
	},
	{ ...channelName, displayOptions: forMessages },
	{ ...isPrivate, displayOptions: forMessages },
	{
		displayName: 'Events',
		name: 'events',
		type: 'string',
		default: '',
		displayOptions: forMessages,
		placeholder: 'e.g. answer, refusal',
		hint: 'Empty: any message. Several with commas between.',
		description: 'The names of the events that end the waiting',
	},
	{
		displayName: 'Ask First',
		name: 'ask',
		type: 'boolean',
		default: false,
		displayOptions: forMessages,
		description:
			'Whether to send a message once the channel is joined, so that no answer to it can be missed',
	},
	{
		displayName: 'Event to Send',
		name: 'askEvent',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. question',
		displayOptions: { show: { waitFor: ['broadcast'], ask: [true] } },
		description: 'What kind of message is sent',
	},
	{
		displayName: 'JSON to Send',
		name: 'askJson',
		type: 'json',
		default: '={{ $json }}',
		displayOptions: { show: { waitFor: ['broadcast'], ask: [true] } },
		description: 'The message that is sent: an object, as JSON text or from an expression',
	},
	{
		displayName: 'Schema',
		name: 'schema',
		type: 'string',
		default: 'public',
		required: true,
		displayOptions: forChanges,
		description: 'The schema that the table is in',
	},
	{
		displayName: 'Table',
		name: 'table',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. orders',
		displayOptions: forChanges,
		hint: 'It has to be in the publication supabase_realtime',
		description: 'The table whose rows are watched',
	},
	{
		displayName: 'Change',
		name: 'change',
		type: 'options',
		displayOptions: forChanges,
		// By how often they are wanted.
		options: [
			{ name: 'Any', value: '*' },
			{ name: 'Insert', value: 'INSERT' },
			{ name: 'Update', value: 'UPDATE' },
			{ name: 'Delete', value: 'DELETE' },
		],
		default: '*',
		description: 'What has to happen to a row',
	},
	{
		displayName: 'Filter',
		name: 'filter',
		type: 'string',
		default: '',
		placeholder: 'e.g. status=eq.paid',
		displayOptions: forChanges,
		hint: 'Empty: any row. As Realtime writes it, several with commas between.',
		description: 'Which rows are watched',
	},
	{
		displayName: 'Time Limit',
		name: 'timeLimit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 60,
		description: 'How many seconds are waited for it at the most',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Match',
				name: 'match',
				type: 'json',
				default: '{}',
				placeholder: 'e.g. {"order.number": 5}',
				description:
					'What the message or the row has to hold, as an object of paths and values. What does not is passed over.',
			},
			{
				displayName: 'Never Error',
				name: 'neverError',
				type: 'boolean',
				default: false,
				description:
					'Whether to give an item with timedOut instead of an error when nothing comes in time',
			},
			...requestOptions.filter(({ name }) => name === 'timeout'),
		],
	},
];
