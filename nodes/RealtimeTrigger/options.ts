import type { INodeProperties } from 'n8n-workflow';

import { whereListeningTo } from './listenTo';

const whereCatchingUp = {
	show: { ...prefixed(whereListeningTo('postgresChanges')), '/delivery': ['catchUp'] },
};

/** By how often they are wanted. */
export const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
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
				'Whether to start an execution only when the one before has ended, so that events are handled in order. It waits at most as long as the workflow may run, an hour unless set.',
		},
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

function prefixed(show: Record<string, string[]>): Record<string, string[]> {
	return Object.fromEntries(Object.entries(show).map(([name, values]) => [`/${name}`, values]));
}
