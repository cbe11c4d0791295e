import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { bulkInsert, type BulkInsertOptions } from '../../../src/api/database/bulkInsert';
import type { Condition } from '../../../src/api/database/filters';
import type { Conflict } from '../../../src/api/database/insert';
import type { Row, Table } from '../../../src/api/database/table';
import { eachGroup, type Group, type GroupKey } from '../../../src/n8n/each';
import { joined } from '../../../src/api/joined';
import { operation, type Job, type Result, type Run } from '../../../src/n8n/operation';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { schema, table } from '../../../src/n8n/tableFields';
import { tableOf } from '../allowed';
import { filters, match } from '../filterFields';
import { conditionsOf } from '../filters';
import { insertSettingsOf, insertOptions, type InsertSettings } from '../insertOptions';
import { keyColumnFields, keyColumnsOf, keyFinder } from '../keyColumns';
import { skipEmptyFilters } from '../reading';
import { withExactNumbers } from '../returning';
import { rowFields } from '../rowFields';
import { rowOf } from '../rows';
import { checkJobs, requireOneTarget, rowsOf, sayRepeated, writeGroup } from '../writeGroup';
import { explainInsert } from './insert';

const MATCH_ON = 'Columns to Match On';

const matchColumns: INodeProperties = {
	...keyColumnFields,
	displayName: MATCH_ON,
	hint: 'The unique columns by which an existing row is found, such as email. Empty: the primary key.',
};

const resolution: INodeProperties = {
	displayName: 'If the Row Exists',
	name: 'resolution',
	type: 'options',
	options: [
		{
			name: 'Update It',
			value: 'merge-duplicates',
			description: 'Every column that the item gives is changed, and no other',
		},
		{
			name: 'Leave It as It Is',
			value: 'ignore-duplicates',
			description: 'Only new rows are written, and only they are returned',
		},
	],
	default: 'merge-duplicates',
};

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		...insertOptions,
		{
			...filters,
			description:
				'Sent along, as the Supabase clients do; what they change about an upsert is up to the server',
		},
		match,
		skipEmptyFilters,
	],
};

interface Plan extends InsertSettings {
	readonly table: Table;
	/** The columns to match on that were entered. */
	readonly key: readonly string[];
	readonly resolution: Conflict['resolution'];
	readonly row: Row;
	readonly filters: readonly Condition[];
}

export const upsertRows = operation<Plan>({
	name: 'Create or Update',
	value: 'upsert',
	action: 'Create or update rows',
	description: 'Create a new record, or update the current one if it already exists (upsert)',
	writes: ['row', 'written'],
	parameters: [schema, table, matchColumns, resolution, ...rowFields, options],
	compile: (get) => ({
		table: tableOf(get),
		key: keyColumnsOf(get),
		resolution:
			get.oneOf('resolution', ['merge-duplicates', 'ignore-duplicates']) ?? 'merge-duplicates',
		row: rowOf(get),
		filters: get.once(filtersIn),
		...insertSettingsOf(get),
	}),
	together: ({ allOrNothing }) => allOrNothing,
	async execute(jobs, run) {
		await requireOneTarget(jobs, targetOf);
		const keyFor = keyFinder(run, MATCH_ON);
		// Without a key nothing exists already, and each run would write all rows once more.
		const { good, refused } = await checkJobs(jobs, run, keyFor);
		const written = await eachGroup(
			good,
			run,
			targetOf,
			async (group) => await upsertGroup(group, run, await keyFor(group[0].plan)),
		);
		return await joined([refused, written]);
	},
});

const filtersIn = (get: ItemParameters) => conditionsOf(get, 'options.');

function targetOf({ plan }: Job<Plan>): GroupKey {
	const { table: into, key, resolution: then, filters: met, options: given, allOrNothing } = plan;
	return [into, key, met, given, then, allOrNothing];
}

async function upsertGroup(
	group: Group<Plan>,
	run: Run,
	key: readonly string[],
): Promise<Result[]> {
	const [{ plan, send }] = group;
	const rows = await rowsOf(group);
	const settings: BulkInsertOptions = {
		...(await withExactNumbers(plan.table, plan.options, run)),
		filters: plan.filters,
		conflict: { columns: plan.key, resolution: plan.resolution },
		key,
		isolate: run.continueOnFail && !plan.allOrNothing,
		onRepeated: sayRepeated(run),
	};
	if (settings.explain) return await explainInsert(group, rows, settings);
	const quiet = settings.returning === 'minimal';
	let existed = 0;
	let isUnclear = false;
	const results = await writeGroup(group, run, {
		write: async () => await bulkInsert(send, plan.table, rows, settings),
		written: (row, index) => (quiet ? { success: true } : (row ?? (rows[index] as IDataObject))),
		untouched() {
			existed++;
			return quiet ? { written: false } : undefined;
		},
		unclear() {
			isUnclear = true;
			return quiet ? { written: null } : undefined;
		},
		returns: !quiet,
	});
	if (existed) run.hint(`${existed} of the rows existed already and were left as they are.`);
	if (isUnclear) run.hint(SOME_EXISTED);
	return results;
}

const SOME_EXISTED =
	'Some of the rows existed already and were left as they are; it cannot be told which.';
