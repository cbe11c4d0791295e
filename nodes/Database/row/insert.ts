import type { IDataObject, INodeProperties } from 'n8n-workflow';

import {
	bulkInsert,
	insertAll,
	type BulkInsertOptions,
} from '../../../src/api/database/bulkInsert';
import type { Row, Table } from '../../../src/api/database/table';
import { eachGroup, type Group } from '../../../src/n8n/each';
import { operation, type Job, type Result } from '../../../src/n8n/operation';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { requestOptions } from '../../../src/n8n/requestOptions';
import { allowedTables, schema, table, tableOf } from '../fields';
import { rowFields, rowOf } from '../rows';
import {
	dryRun,
	explainWrite,
	optionalWholeNumber,
	returningOf,
	returningOptions,
	writeGroup,
} from '../writing';

/** Among the Options of insert and upsert. */
export const insertOptions: readonly INodeProperties[] = [
	{
		displayName: 'All or Nothing',
		name: 'allOrNothing',
		type: 'boolean',
		default: false,
		description:
			'Whether to write all rows in one request and one transaction. One bad row then keeps all of them out.',
	},
	allowedTables,
	dryRun,
	{
		displayName: 'Missing Columns',
		name: 'missing',
		type: 'options',
		options: [
			{ name: 'Become NULL', value: 'null' },
			{ name: 'Take Their Default', value: 'default' },
		],
		default: 'default',
		description: 'What a column becomes that this item leaves out and others name',
	},
	...returningOptions,
	{
		displayName: 'Rows per Request',
		name: 'chunkRows',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 1000,
		description:
			'How many rows are sent at once. Each request is a transaction of its own. Above the row cap of the project, written rows do not all come back.',
	},
	...requestOptions,
];

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [...insertOptions],
};

interface Plan {
	readonly table: Table;
	readonly row: Row;
	readonly options: Omit<BulkInsertOptions, 'isolate'>;
	readonly allOrNothing: boolean;
}

export const insertRows = operation<Plan>({
	name: 'Insert',
	value: 'insert',
	action: 'Insert rows',
	description: 'Write a row for each item, many items in one request',
	writes: ['row', 'written'],
	parameters: [schema, table, ...rowFields, options],
	compile: (get) => ({ table: tableOf(get), row: rowOf(get), ...insertOptionsOf(get) }),
	together: ({ allOrNothing }) => allOrNothing,
	execute: async (jobs, run) =>
		await eachGroup(jobs, run, targetOf, async (group) => {
			const [{ plan, send }] = group;
			const rows = group.map((job) => job.plan.row);
			if (plan.options.explain) return await explainInsert(group, rows, plan.options);
			const settings = { ...plan.options, isolate: run.continueOnFail && !plan.allOrNothing };
			return await writeGroup(group, run, {
				write: async () => await bulkInsert(send, plan.table, rows, settings),
				shown: (index) => rows[index] as IDataObject,
				quiet: plan.options.returning === 'minimal',
			});
		}),
});

function targetOf({ plan }: Job<Plan>): string {
	return JSON.stringify([plan.table, plan.options, plan.allOrNothing]);
}

/** The plan of all rows in one request. */
export async function explainInsert(
	group: Group<{ readonly table: Table }>,
	rows: readonly Row[],
	insert: Omit<BulkInsertOptions, 'isolate'>,
): Promise<Result[]> {
	const [{ plan }] = group;
	return await explainWrite(group, plan.table, insertAll(plan.table, rows, insert), insert.dryRun);
}

/** What insert and upsert have in common. */
export function insertOptionsOf(get: ItemParameters): Pick<Plan, 'options' | 'allOrNothing'> {
	const { missing, chunkRows, allOrNothing } = get.object('options');
	const all = allOrNothing === true;
	return {
		allOrNothing: all,
		options: {
			...returningOf(get),
			missingDefault: missing !== 'null',
			chunkRows: all ? Infinity : optionalWholeNumber(chunkRows, 'Rows per Request'),
		},
	};
}
