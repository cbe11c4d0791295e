import type { INodeProperties } from 'n8n-workflow';

import { schema, table } from '../../../src/n8n/tableFields';

export const PURPOSES = ['install', 'functions', 'uninstall', 'uninstallAll'] as const;

const whenInstalling = { show: { purpose: ['install'] } };

const events: INodeProperties = {
	displayName: 'Events',
	name: 'events',
	type: 'multiOptions',
	options: [
		{ name: 'Delete', value: 'delete', description: 'Also that all rows were removed by TRUNCATE' },
		{ name: 'Insert', value: 'insert' },
		{ name: 'Update', value: 'update' },
	],
	default: ['insert', 'update', 'delete'],
	required: true,
	description: 'Which changes are sent to the queue',
};

const omit: INodeProperties = {
	displayName: 'Leave Out Columns',
	name: 'omit',
	type: 'string',
	default: '',
	placeholder: 'e.g. password_hash, notes',
	hint: 'Several with commas between. They never leave the database, and a change of them alone is not sent.',
	description: 'Columns that are not sent; those of the primary key always are',
};

const bulk: INodeProperties = {
	displayName: 'Many Rows at Once',
	name: 'bulk',
	type: 'boolean',
	default: false,
	description:
		'Whether changes are captured once a statement: about three times as fast where one statement writes a thousand rows, slower for single rows. Not for partitioned tables.',
};

/** The parameters that say what is captured, in which queue. */
export const getSqlParameters: INodeProperties[] = [
	{
		displayName: 'SQL To',
		name: 'purpose',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Install',
				value: 'install',
				description: 'Makes the queue, and sends to it what is chosen below. It may be run again.',
			},
			{
				name: 'Install the Functions Alone',
				value: 'functions',
				description:
					'What the Supabase Queues node uses. Nothing is captured, and what is captured already stays so.',
			},
			{
				name: 'Uninstall One Queue',
				value: 'uninstall',
				description: 'Sends nothing more to the queue, which stays with what waits in it',
			},
			{
				name: 'Uninstall Everything',
				value: 'uninstallAll',
				description: 'Removes all that was installed, for all queues, but the queues themselves',
			},
		],
		default: 'install',
		description:
			'What the SQL is to do when you run it in the SQL editor of the Supabase dashboard',
	},
	{
		displayName: 'Queue',
		name: 'queue',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. n8n_orders',
		displayOptions: { show: { purpose: ['install', 'uninstall'] } },
		hint: 'The same name as in the Supabase Realtime Trigger; each workflow needs a queue of its own',
		description: 'Small letters, digits and _, up to 42 of them, a letter first',
	},
	{
		displayName: 'Tables',
		name: 'tables',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Table',
		default: {},
		displayOptions: whenInstalling,
		hint: 'The SQL replaces what the queue has captured before: name all tables again',
		description: 'The tables whose changes are sent to the queue',
		options: [
			{
				displayName: 'Table',
				name: 'table',
				values: [
					{ ...schema, description: 'The schema that the table is in' },
					{
						...table,
						description: 'A table, not a view. A partitioned one stands for its partitions.',
					},
					events,
					omit,
					bulk,
				],
			},
		],
	},
	{
		displayName: 'Users',
		name: 'users',
		type: 'boolean',
		default: false,
		displayOptions: whenInstalling,
		description:
			'Whether sign-ups and other changes of users are sent, without password hashes and tokens',
	},
	{
		displayName: 'Files',
		name: 'files',
		type: 'boolean',
		default: false,
		displayOptions: whenInstalling,
		description: 'Whether files of Storage that are stored, moved or removed are sent',
	},
	{
		displayName: 'Buckets',
		name: 'buckets',
		type: 'string',
		default: '',
		placeholder: 'e.g. avatars, invoices',
		displayOptions: { show: { purpose: ['install'], files: [true] } },
		hint: 'Empty: all buckets. Several with commas between.',
		description: 'The buckets whose files are sent',
	},
];
