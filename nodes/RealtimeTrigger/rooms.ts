import type { INodeProperties } from 'n8n-workflow';

import { whereListeningTo } from './listenTo';

const channel: INodeProperties = {
	displayName: 'Channel',
	name: 'channel',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. room-1',
	description: 'Its name, as in supabase.channel(name), without realtime: before it',
};

const isPrivate: INodeProperties = {
	displayName: 'Private',
	name: 'private',
	type: 'boolean',
	default: false,
	description:
		'Whether it is a private channel, which the policies of realtime.messages guard. A public and a private channel of one name are two.',
};

export const broadcasts: INodeProperties = {
	displayName: 'Broadcast Channels',
	name: 'broadcasts',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Channel',
	default: { channel: [{}] },
	displayOptions: { show: whereListeningTo('broadcast') },
	description: 'Messages that are sent while nobody listens are not kept, unless they are replayed',
	options: [
		{
			displayName: 'Channel',
			name: 'channel',
			values: [
				channel,
				{
					displayName: 'Which Messages',
					name: 'which',
					type: 'options',
					options: [
						{ name: 'All', value: 'all' },
						{ name: 'Of One Event', value: 'event' },
					],
					default: 'all',
				},
				{
					displayName: 'Event',
					name: 'event',
					type: 'string',
					default: '',
					required: true,
					placeholder: 'e.g. order',
					displayOptions: { show: { which: ['event'] } },
					description: 'The name under which messages are sent',
				},
				isPrivate,
				{
					displayName: 'Replay',
					hint: 'Minutes. 0 for none',
					name: 'replay',
					type: 'number',
					typeOptions: { minValue: 0 },
					default: 0,
					displayOptions: { show: { private: [true] } },
					description:
						'Of messages that the database sent before, up to 25 of the last so many minutes. None if 0. Each message comes once.',
				},
			],
		},
	],
};

export const presences: INodeProperties = {
	displayName: 'Presence Channels',
	name: 'presences',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Channel',
	default: { channel: [{}] },
	displayOptions: { show: whereListeningTo('presence') },
	description: 'Where to look who is there',
	options: [
		{
			displayName: 'Channel',
			name: 'channel',
			values: [
				channel,
				{
					displayName: 'Events',
					name: 'events',
					type: 'multiOptions',
					options: [
						{ name: 'Join', value: 'join', description: 'Somebody has come' },
						{ name: 'Leave', value: 'leave', description: 'Somebody has gone' },
						{
							name: 'Sync',
							value: 'sync',
							description: 'All who are there, after each change',
						},
					],
					default: ['join', 'leave'],
					required: true,
					description: 'What starts the workflow',
				},
				isPrivate,
			],
		},
	],
};
