import type { INodeProperties } from 'n8n-workflow';

/** What a trigger can listen to; also the names of the fields below it. */
export const KINDS = ['postgresChanges', 'broadcast', 'presence'] as const;

export type Kind = (typeof KINDS)[number];

/** For `displayOptions`: where that kind is chosen. */
export function whereListeningTo(kind: Kind): { listenTo: Kind[] } {
	return { listenTo: [kind] };
}

export const DELIVERIES = ['live', 'catchUp'] as const;

const changes = whereListeningTo('postgresChanges');

export const listenTo: INodeProperties[] = [
	{
		displayName: 'Listen To',
		name: 'listenTo',
		type: 'multiOptions',
		noDataExpression: true,
		options: [
			{
				name: 'Database Changes',
				value: 'postgresChanges',
				description: 'Rows that are inserted, updated or deleted',
			},
			{
				name: 'Broadcast',
				value: 'broadcast',
				description: 'Messages that are sent to a channel, by an app or by the database',
			},
			{
				name: 'Presence',
				value: 'presence',
				description: 'Who joins and leaves a channel',
			},
		],
		default: ['postgresChanges'],
		required: true,
		description: 'What starts the workflow. Several in one trigger share a connection.',
	},
	{
		displayName: 'Delivery',
		name: 'delivery',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: changes },
		options: [
			{
				name: 'Live',
				value: 'live',
				description: 'What is sent while n8n listens, and nothing more',
			},
			{
				name: 'Catch Up',
				value: 'catchUp',
				description: 'Live, and what was missed is read again. Needs a column that moves.',
			},
		],
		default: 'live',
		description: 'What becomes of changes that nobody sent or heard',
	},
	notice(
		'live',
		'What happens while the connection is down, n8n restarts, or the project has more changes a second than its limit (100 unless raised) is <b>missed without a word</b>. If no row may be missed, choose Catch Up.',
	),
	notice(
		'catchUp',
		"Promised: <b>every row's latest version</b>, also after an outage or a restart. Not promised: versions in between, whether a row was new, and deletes. After a crash the last rows may come twice.",
	),
];

function notice(delivery: (typeof DELIVERIES)[number], displayName: string): INodeProperties {
	return {
		displayName,
		name: `${delivery}Notice`,
		type: 'notice',
		default: '',
		displayOptions: { show: { ...changes, delivery: [delivery] } },
	};
}
