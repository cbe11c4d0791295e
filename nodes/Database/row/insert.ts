import type { IDataObject, INodeProperties } from 'n8n-workflow';

import {
	bulkInsert,
	insertAll,
	type BulkInsertOptions,
} from '../../../src/api/database/bulkInsert';
import type { Row, Table } from '../../../src/api/database/table';
import { eachGroup, type Group, type GroupKey } from '../../../src/n8n/each';
import { operation, type Job, type Result, type Run } from '../../../src/n8n/operation';
import { schema, table } from '../../../src/n8n/tableFields';
import { tableOf } from '../allowed';
import { insertOptions, insertSettingsOf, type InsertSettings } from '../insertOptions';
import { withExactNumbers } from '../returning';
import { rowFields } from '../rowFields';
import { rowOf } from '../rows';
import { explainWrite, requireOneTarget, rowsOf, writeGroup } from '../writeGroup';

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [...insertOptions],
};

interface Plan extends InsertSettings {
	readonly table: Table;
	readonly row: Row;
}

export const insertRows = operation<Plan>({
	name: 'Insert',
	value: 'insert',
	action: 'Insert rows',
	description: 'Write a row for each item, many items in one request',
	writes: ['row', 'written'],
	parameters: [schema, table, ...rowFields, options],
	compile: (get) => ({ table: tableOf(get), row: rowOf(get), ...insertSettingsOf(get) }),
	together: ({ allOrNothing }) => allOrNothing,
	async execute(jobs, run) {
		await requireOneTarget(jobs, targetOf);
		return await eachGroup(jobs, run, targetOf, async (group) => await insertGroup(group, run));
	},
});

function targetOf({ plan }: Job<Plan>): GroupKey {
	return [plan.table, plan.options, plan.allOrNothing];
}

async function insertGroup(group: Group<Plan>, run: Run): Promise<Result[]> {
	const [{ plan, send }] = group;
	const { schema: inSchema, name } = plan.table;
	const rows = await rowsOf(group);
	if (plan.options.explain) return await explainInsert(group, rows, plan.options);
	const settings: BulkInsertOptions = {
		...(await withExactNumbers(plan.table, plan.options, run)),
		isolate: run.continueOnFail && !plan.allOrNothing,
		findKey: async () => await run.primaryKey(inSchema, name),
	};
	const quiet = settings.returning === 'minimal';
	return await writeGroup(group, run, {
		write: async () => await bulkInsert(send, plan.table, rows, settings),
		written: (row, index) => (quiet ? { success: true } : (row ?? (rows[index] as IDataObject))),
		untouched: quiet ? () => ({ written: false }) : undefined,
		unclear: quiet ? () => ({ written: null }) : undefined,
		returns: !quiet,
	});
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
