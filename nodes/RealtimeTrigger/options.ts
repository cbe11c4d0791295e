import type { INodeProperties } from 'n8n-workflow';

import type { STATUSES } from '../../src/n8n/trigger/outcomes';
import { whereListeningTo } from './listenTo';

const whereCatchingUp = {
	show: { ...prefixed(whereListeningTo('postgresChanges')), '/delivery': ['catchUp'] },
};

const STATUS_NAMES: Record<(typeof STATUSES)[number], string> = {
	canceled: 'Canceled',
	crashed: 'Crashed',
	error: 'Error',
	success: 'Success',
	unknown: 'Unknown',
	waiting: 'Waiting',
};

/** Of what comes through a queue. */
const durable: INodeProperties[] = [
	{
		displayName: 'Acknowledge',
		name: 'acknowledge',
		type: 'options',
		options: [
			{
				name: 'On Execution Success',
				value: 'onSuccess',
				description:
					'When the execution has succeeded. One that waits counts as well, as n8n keeps it and goes on with it.',
			},
			{
				name: 'On Execution Completion',
				value: 'onCompletion',
				description: 'When the execution has ended, in whatever way',
			},
			{
				name: 'On Allowed Execution Statuses',
				value: 'onStatus',
				description: 'When the execution has ended with one of the statuses below',
			},
			{
				name: 'Immediately',
				value: 'immediately',
				description: 'When the execution is started: what fails in it is not tried again',
			},
		],
		default: 'onSuccess',
		description:
			'When an event counts as done. Otherwise it comes again, later each time, and holds up what else happens to the same row.',
	},
	{
		displayName: 'Allowed Statuses',
		name: 'allowedStatuses',
		type: 'multiOptions',
		options: Object.entries(STATUS_NAMES).map(([value, name]) => ({ name, value })),
		default: ['success'],
		displayOptions: { show: { acknowledge: ['onStatus'] } },
		description: 'Those that count as done',
	},
	{
		displayName: 'Attempts at Most',
		name: 'attempts',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 5,
		description:
			'How often an event may fail until it is put aside with its reason, in the queue of the same name that ends in _dead',
	},
	{
		displayName: 'Time Limit',
		hint: 'Seconds',
		name: 'timeLimit',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 2_000_000 },
		default: 3600,
		description:
			'After how many seconds an execution that has not ended counts as failed. Ten minutes longer than the workflow may run if not set, an hour if that has no limit.',
	},
	{
		displayName: 'Claims',
		name: 'claims',
		type: 'fixedCollection',
		default: { claims: {} },
		description: 'How the queue is read',
		options: [
			{
				displayName: 'Claims',
				name: 'claims',
				values: [
					{
						displayName: 'Messages at Most',
						name: 'size',
						type: 'number',
						typeOptions: { minValue: 1, maxValue: 1000 },
						default: 100,
						description: 'How many messages are in hand at the same time',
					},
					{
						displayName: 'Visibility Timeout',
						hint: 'Seconds',
						name: 'visibility',
						type: 'number',
						typeOptions: { minValue: 10, maxValue: 3600 },
						default: 60,
						description:
							'After how many seconds a message comes again when n8n died. While n8n lives, the claim of a message is renewed.',
					},
					{
						displayName: 'Look Every',
						hint: 'Seconds',
						name: 'poll',
						type: 'number',
						typeOptions: { minValue: 1, maxValue: 3600 },
						default: 5,
						description:
							'After how many seconds an empty queue is looked at again. Through Realtime, captured changes are noticed at once.',
					},
				],
			},
		],
	},
];

/** Of what Realtime sends. */
const live: INodeProperties[] = [
	{
		displayName: 'Output Full Message',
		name: 'fullMessage',
		type: 'boolean',
		default: false,
		description: 'Whether to output all that Realtime sent, columns and types included',
	},
	{
		displayName: 'Exact Numbers',
		name: 'exactNumbers',
		type: 'boolean',
		default: false,
		description:
			'Whether numbers that JavaScript would round come as text: bigint and numeric, such as 9007199254740993',
	},
];

/** By how often they are wanted. */
export const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		...durable.flatMap(whereQueued),
		{
			displayName: 'Batch',
			name: 'batch',
			type: 'fixedCollection',
			default: { batch: {} },
			description: 'Several events in one execution, an item for each',
			options: [
				{
					displayName: 'Batch',
					name: 'batch',
					values: [
						{
							displayName: 'Events at Most',
							name: 'events',
							type: 'number',
							typeOptions: { minValue: 1, maxValue: 10_000 },
							default: 100,
							description: 'How many events an execution gets at most',
						},
						{
							displayName: 'Wait at Most',
							hint: 'Milliseconds',
							name: 'wait',
							type: 'number',
							typeOptions: { minValue: 0, maxValue: 3_600_000 },
							default: 1000,
							description: 'How many milliseconds an event waits for others',
						},
					],
				},
			],
		},
		{
			displayName: 'One Execution at a Time',
			name: 'oneAtATime',
			type: 'boolean',
			default: false,
			description:
				'Whether to start an execution only when the one before has ended, so that events are handled in order. It waits at most ten minutes longer than the workflow may run, an hour if that has no limit.',
		},
		...live.flatMap(whereLive),
		{
			displayName: 'Test Waits At Most',
			name: 'testWait',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 3600 },
			default: 120,
			description: 'How many seconds a test of this step waits for an event',
		},
		{
			displayName: 'Rows per Catch-Up',
			name: 'rowsPerSweep',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 10_000,
			displayOptions: whereCatchingUp,
			description:
				'How many rows are read at most before the next pause. What is left comes after it.',
		},
		{
			displayName: 'Start Anew',
			name: 'startAnew',
			type: 'boolean',
			default: false,
			displayOptions: whereCatchingUp,
			description:
				'Whether each activation by hand forgets where the trigger was, and begins as Start From says. A restart of n8n does not.',
		},
	],
};

/** Where something comes through a queue. */
function whereQueued(option: INodeProperties): INodeProperties[] {
	return either(option, prefixed(whereListeningTo('users', 'files', 'queueMessages')), {
		...prefixed(whereListeningTo('postgresChanges')),
		'/delivery': ['durable'],
	});
}

/** Where something comes through Realtime. */
function whereLive(option: INodeProperties): INodeProperties[] {
	return either(option, prefixed(whereListeningTo('broadcast', 'presence')), {
		...prefixed(whereListeningTo('postgresChanges')),
		'/delivery': ['live', 'catchUp'],
	});
}

type Shown = Record<string, string[]>;

/** Conditions cannot be joined by "or", so the option is there twice, and shown once. */
function either(option: INodeProperties, one: Shown, other: Shown): INodeProperties[] {
	const more = option.displayOptions?.show;
	return [
		{ ...option, displayOptions: { show: { ...more, ...one } } },
		{ ...option, displayOptions: { show: { ...more, ...other }, hide: one } },
	];
}

function prefixed(show: Record<string, string[]>): Record<string, string[]> {
	return Object.fromEntries(Object.entries(show).map(([name, values]) => [`/${name}`, values]));
}
