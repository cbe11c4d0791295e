import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { bulkInsert, type BulkInsertOptions } from '../../../src/api/database/bulkInsert';
import type { Conflict } from '../../../src/api/database/insert';
import { keyText } from '../../../src/api/database/rowKey';
import type { Row, Table } from '../../../src/api/database/table';
import { InvalidRequestError } from '../../../src/api/errors';
import { eachGroup, type Group } from '../../../src/n8n/each';
import { failed } from '../../../src/n8n/errors';
import { operation, type Job, type Result, type Run } from '../../../src/n8n/operation';
import { schema, table, tableOf } from '../fields';
import { filters, match } from '../filterFields';
import { conditionsOf } from '../filters';
import { skipEmptyFilters } from '../reading';
import { rowFields, rowOf } from '../rows';
import { keyColumns, keyColumnsOf, writeGroup } from '../writing';
import { explainInsert, insertOptions, insertOptionsOf } from './insert';

const conflictColumns: INodeProperties = {
	...keyColumns,
	displayName: 'Conflict Columns',
	description:
		'The columns of the unique constraint by which an existing row is found; the primary key if empty. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
};

const resolution: INodeProperties = {
	displayName: 'If the Row Exists',
	name: 'resolution',
	type: 'options',
	options: [
		{
			name: 'Leave It as It Is',
			value: 'ignore-duplicates',
			description: 'Only new rows are written, and only they are returned',
		},
		{
			name: 'Update It',
			value: 'merge-duplicates',
			description: 'Every column that the item gives is changed',
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
		{
			...filters,
			description:
				'Sent along, as the Supabase clients do; what they change about an upsert is up to the server',
		},
		match,
		...insertOptions,
		skipEmptyFilters,
	],
};

interface Plan {
	readonly table: Table;
	readonly row: Row;
	readonly conflict: Conflict;
	readonly options: Omit<BulkInsertOptions, 'isolate' | 'conflict'>;
	readonly allOrNothing: boolean;
}

export const upsertRows = operation<Plan>({
	name: 'Create or Update',
	value: 'upsert',
	action: 'Create or update rows',
	description: 'Create a new record, or update the current one if it already exists (upsert)',
	writes: ['row', 'written'],
	parameters: [schema, table, ...rowFields, conflictColumns, resolution, options],
	compile(get) {
		const { options: insert, allOrNothing } = insertOptionsOf(get);
		return {
			table: tableOf(get),
			row: rowOf(get),
			conflict: {
				columns: keyColumnsOf(get),
				resolution:
					get.text('resolution') === 'ignore-duplicates' ? 'ignore-duplicates' : 'merge-duplicates',
			},
			options: { ...insert, filters: conditionsOf(get, 'options.') },
			allOrNothing,
		};
	},
	together: ({ allOrNothing }) => allOrNothing,
	execute: async (jobs, run) =>
		await eachGroup(jobs, run, targetOf, async (group) => await upsertGroup(group, run)),
});

function targetOf({ plan }: Job<Plan>): string {
	return JSON.stringify([plan.table, plan.conflict, plan.options, plan.allOrNothing]);
}

async function upsertGroup(jobs: Group<Plan>, run: Run): Promise<Result[]> {
	const [{ plan, send }] = jobs;
	const { conflict, table: target } = plan;
	if (plan.options.explain) {
		const all = jobs.map((job) => job.plan.row);
		return await explainInsert(jobs, all, { ...plan.options, conflict });
	}
	const named = conflict.columns?.length ? conflict.columns : undefined;
	const key = named ?? (await run.primaryKey(target.schema, target.name));
	const { once, again } = partRepeated(jobs, key);
	const merge = conflict.resolution === 'merge-duplicates';
	const repeated = merge ? again[0] : undefined;
	if (repeated && (!run.continueOnFail || plan.allOrNothing)) {
		throw failed([repeated.job.item], twice(key));
	}
	const rows = once.map((job) => job.plan.row);
	const settings = {
		...plan.options,
		conflict,
		key,
		isolate: run.continueOnFail && !plan.allOrNothing,
	};
	let ignored = 0;
	const results = await writeGroup(once, run, {
		async write() {
			const written = await bulkInsert(send, target, rows, settings);
			ignored = written.filter((each) => 'untouched' in each).length;
			if (written.some((each) => 'unclear' in each)) run.hint(SOME_EXISTED);
			return written;
		},
		shown: (index) => rows[index] as IDataObject,
		quiet: plan.options.returning === 'minimal',
	});
	const bad = new Set(results.flatMap((each) => ('error' in each ? each.items : [])));
	const refused = merge ? again : again.filter(({ first }) => bad.has(first.item));
	ignored += again.length - refused.length;
	if (ignored) run.hint(`${ignored} of the rows existed already and were left as they are.`);
	return [...results, ...refused.map(({ job }) => ({ items: [job.item], error: twice(key) }))];
}

const SOME_EXISTED =
	'Some of the rows existed already and were left as they are; it cannot be told which.';

interface Repeated {
	readonly job: Job<Plan>;
	/** The job before it with the same key. */
	readonly first: Job<Plan>;
}

/**
 * PostgreSQL refuses to change a row twice in one statement; which of the two is meant is unknown.
 * Where existing rows are left as they are, one that is written by a job before exists.
 */
function partRepeated(
	[start, ...rest]: Group<Plan>,
	key: readonly string[],
): { once: Group<Plan>; again: Repeated[] } {
	const textOf = ({ plan }: Job<Plan>) => keyText(plan.row, key);
	const seen = new Map([[textOf(start), start]]);
	const once: Group<Plan> = [start];
	const again: Repeated[] = [];
	for (const job of rest) {
		const text = textOf(job);
		const first = text === undefined ? undefined : seen.get(text);
		if (first) again.push({ job, first });
		else {
			once.push(job);
			seen.set(text, job);
		}
	}
	return { once, again };
}

function twice(key: readonly string[]): InvalidRequestError {
	return new InvalidRequestError(
		`Another item before this one has the same ${key.join(', ')}`,
		'A row can be changed once only. Remove duplicates before, keeping the item that is to win.',
	);
}
