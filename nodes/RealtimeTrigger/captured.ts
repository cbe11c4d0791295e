import type { INodeProperties } from 'n8n-workflow';

import { locator } from '../../src/n8n/tableFields';
import { whereListeningTo } from './listenTo';

export const users: INodeProperties[] = [
	{
		displayName: 'User Events',
		name: 'userEvents',
		type: 'multiOptions',
		options: [
			{ name: 'Changed', value: 'changed', description: 'Anything else of a user has changed' },
			{
				name: 'Confirmed',
				value: 'confirmed',
				description: 'An email address or phone number was confirmed',
			},
			{ name: 'Removed', value: 'removed', description: 'A user was deleted' },
			{
				name: 'Signed Up',
				value: 'signedUp',
				description: 'A user is new, whoever made it: by signing up, an invitation, or an admin',
			},
		],
		default: ['signedUp'],
		required: true,
		displayOptions: { show: whereListeningTo('users') },
		description: 'What starts the workflow. Passwords and tokens never leave the database.',
	},
];

export const files: INodeProperties[] = [
	{
		displayName: 'File Events',
		name: 'fileEvents',
		type: 'multiOptions',
		options: [
			{ name: 'Moved', value: 'moved', description: 'A file has another name or bucket' },
			{ name: 'Removed', value: 'removed', description: 'A file was deleted' },
			{ name: 'Stored', value: 'stored', description: 'A file is new, or was replaced' },
		],
		default: ['stored'],
		required: true,
		displayOptions: { show: whereListeningTo('files') },
		description: 'What starts the workflow',
	},
	{
		displayName: 'Buckets',
		name: 'whichBuckets',
		type: 'options',
		options: [
			{ name: 'All', value: 'all' },
			{ name: 'Selected', value: 'selected' },
		],
		default: 'all',
		displayOptions: { show: whereListeningTo('files') },
		description: 'Of which buckets',
	},
	{
		displayName: 'Bucket Names',
		name: 'buckets',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. avatars, invoices',
		hint: 'Names with commas between',
		displayOptions: { show: { ...whereListeningTo('files'), whichBuckets: ['selected'] } },
		description: 'A file that is moved into or out of one of these counts as well',
	},
];

export const messageQueues: INodeProperties = {
	displayName: 'Message Queues',
	name: 'messageQueues',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Queue',
	default: { queue: [{ name: { mode: 'list', value: '' } }] },
	displayOptions: { show: whereListeningTo('queueMessages') },
	description: 'Queues whose messages start the workflow. Nothing else should read them.',
	options: [
		{
			displayName: 'Queue',
			name: 'queue',
			values: [
				locator(
					{
						displayName: 'Queue',
						name: 'name',
						description: 'The queue, as the dashboard shows it under Integrations, Queues',
					},
					'searchQueues',
					'mail_to_send',
				),
			],
		},
	],
};
