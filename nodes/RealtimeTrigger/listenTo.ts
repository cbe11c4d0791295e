import type { INodeProperties } from 'n8n-workflow';

/** What a trigger can listen to; also the names of the fields below it. */
export const KINDS = [
	'postgresChanges',
	'users',
	'files',
	'queueMessages',
	'broadcast',
	'presence',
] as const;

export type Kind = (typeof KINDS)[number];

/** For `displayOptions`: where that kind is chosen. */
export function whereListeningTo(...kinds: Kind[]): { listenTo: Kind[] } {
	return { listenTo: kinds };
}

export const DELIVERIES = ['live', 'catchUp', 'durable'] as const;

const changes = whereListeningTo('postgresChanges');

export const listenTo: INodeProperties[] = [
	{
		displayName: 'Listen To',
		name: 'listenTo',
		type: 'multiOptions',
		noDataExpression: true,
		options: [
			{
				name: 'Broadcast',
				value: 'broadcast',
				description: 'Messages that are sent to a channel, by an app or by the database',
			},
			{
				name: 'Database Changes',
				value: 'postgresChanges',
				description: 'Rows that are inserted, updated or deleted',
			},
			{
				name: 'Files',
				value: 'files',
				description: 'Files that are stored, moved or removed',
			},
			{
				name: 'Presence',
				value: 'presence',
				description: 'Who joins and leaves a channel',
			},
			{
				name: 'Queue Messages',
				value: 'queueMessages',
				description: 'Messages of a queue of Supabase Queues',
			},
			{
				name: 'Users',
				value: 'users',
				description: 'Users who sign up, confirm their address, change or are removed',
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
			{
				name: 'Durable',
				value: 'durable',
				description:
					'Through a queue in the database: nothing is lost, deletes included. Needs SQL, run once.',
			},
		],
		default: 'live',
		description: 'What becomes of changes that nobody sent or heard',
	},
	notice(
		'liveNotice',
		'What happens while the connection is down, n8n restarts, or the project has more changes a second than its limit (100 unless raised) is <b>missed without a word</b>. If no row may be missed, choose Durable or Catch Up.',
		{ ...changes, delivery: ['live'] },
	),
	notice(
		'catchUpNotice',
		"Promised: <b>every row's latest version</b>, also after an outage or a restart. Not promised: versions in between, whether a row was new, and deletes. After a crash the last rows may come twice.",
		{ ...changes, delivery: ['catchUp'] },
	),
	...whereCaptured({
		displayName:
			'Promised: <b>every committed change at least once, in order for each row</b>, whatever is down or restarts meanwhile. Not promised: that none comes twice, and an order over rows.',
		name: 'durableNotice',
		type: 'notice',
		default: '',
	}),
	...whereCaptured({
		displayName: 'Queue',
		name: 'queue',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. n8n_orders',
		hint: 'A name of its own for each workflow: small letters, digits and _',
		description:
			'The queue that changes go to. Activate the workflow: as long as SQL is missing that makes the queue and sends changes to it, the error shows that SQL. Run it in the SQL editor of Supabase once.',
	}),
	notice(
		'queueMessagesNotice',
		'Each message starts the workflow <b>at least once</b>, and is deleted when the execution has succeeded. Messages are worked off side by side, in no order, unless Options has One Execution at a Time.',
		whereListeningTo('queueMessages'),
	),
];

function notice(
	name: string,
	displayName: string,
	show: NonNullable<INodeProperties['displayOptions']>['show'],
): INodeProperties {
	return { displayName, name, type: 'notice', default: '', displayOptions: { show } };
}

/**
 * A parameter that is shown wherever something is captured to a queue: twice, as its conditions cannot
 * be joined by "or".
 */
function whereCaptured(property: INodeProperties): INodeProperties[] {
	const others = whereListeningTo('users', 'files');
	return [
		{ ...property, displayOptions: { show: others } },
		{ ...property, displayOptions: { show: { ...changes, delivery: ['durable'] }, hide: others } },
	];
}
