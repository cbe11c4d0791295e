import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { bulkUpdate } from '../../src/api/database/bulkChange';
import type { ChangeOptions } from '../../src/api/database/change';
import { totalCount } from '../../src/api/database/contentRange';
import { requireRollback } from '../../src/api/database/dryRun';
import { columnName } from '../../src/api/database/column';
import type { Row, Table } from '../../src/api/database/table';
import { InvalidRequestError } from '../../src/api/errors';
import type { ApiRequest } from '../../src/api/request';
import { eachGroup, eachItem, outputs, type Group } from '../../src/n8n/each';
import type { Job, Operation, Result, Run } from '../../src/n8n/operation';
import type { ItemParameters } from '../../src/n8n/parameters';
import { requestOptions } from '../../src/n8n/requestOptions';
import { allowedTables, tableOf } from './fields';
import { filters, match } from './filterFields';
import { conditionsOf, hintAtFilters, holdsFilters } from './filters';
import {
	dryRun,
	explainWrite,
	keyColumns,
	keyColumnsOf,
	keyOf,
	optionalWholeNumber,
	returningOf,
	returningOptions,
	writeGroup,
} from './writing';

/** How update and delete find the rows that they change. */
export const matchBy: INodeProperties = {
	displayName: 'Rows By',
	name: 'matchBy',
	type: 'options',
	options: [
		{
			name: 'Filters',
			value: 'filters',
			description: 'All rows that meet the filters, for each item',
		},
		{
			name: 'Key',
			value: 'key',
			description: "The row with the item's key; many items in few requests",
		},
	],
	default: 'filters',
	description: 'How the rows are found that are to be changed',
};

export const byKeyColumns: INodeProperties = {
	...keyColumns,
	displayOptions: { show: { matchBy: ['key'] } },
};

const whenByFilters = { displayOptions: { show: { matchBy: ['filters'] } } };

export const byMatch: INodeProperties = { ...match, ...whenByFilters };
export const byFilters: INodeProperties = { ...filters, ...whenByFilters };

export const applyToAll: INodeProperties = {
	displayName: 'Apply to All Rows',
	name: 'applyToAll',
	type: 'boolean',
	default: false,
	...whenByFilters,
	description:
		'Whether to change every row of the table when there is no filter. Otherwise that is refused.',
};

export const applyToAllNotice: INodeProperties = {
	displayName:
		'Without a filter <b>every row of the table</b> is changed. Policies alone can keep rows out of it.',
	name: 'applyToAllNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { matchBy: ['filters'], applyToAll: [true] } },
};

export const changeOptions: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		allowedTables,
		dryRun,
		{
			displayName: 'Maximum Rows Changed',
			name: 'maxAffected',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 1,
			displayOptions: { show: { '/matchBy': ['filters'] } },
			description: 'If the filters meet more rows, nothing is changed and the item fails',
		},
		...returningOptions,
		{
			displayName: 'Skip Empty Filters',
			name: 'skipEmptyFilters',
			type: 'boolean',
			default: false,
			displayOptions: { show: { '/matchBy': ['filters'] } },
			description:
				'Whether to leave out a filter whose value is empty. When none is left, nothing is changed and the item fails.',
		},
		...requestOptions,
	],
};

export interface ChangePlan {
	readonly table: Table;
	readonly by: 'filters' | 'key';
	/** The key columns that were entered. */
	readonly key: readonly string[];
	/** Meant for every row of the table. */
	readonly allRows: boolean;
	readonly row: Row;
	readonly options: Omit<ChangeOptions, 'allRows'>;
}

/** Reads what update and delete have in common; `row` is what they change, or the item. */
export function changePlan(get: ItemParameters, row: Row): ChangePlan {
	const by = get.text('matchBy') === 'key' ? 'key' : 'filters';
	const { maxAffected } = get.object('options');
	return {
		table: tableOf(get),
		by,
		key: by === 'key' ? keyColumnsOf(get) : [],
		allRows: by === 'filters' && get.boolean('applyToAll') && !holdsFilters(get),
		row,
		options: {
			...returningOf(get),
			filters: by === 'filters' ? conditionsOf(get) : [],
			maxAffected: optionalWholeNumber(maxAffected, 'Maximum Rows Changed'),
		},
	};
}

/** Update, or delete. */
interface Change {
	/** The request for filters. */
	readonly build: (plan: ChangePlan, options: ChangeOptions) => ApiRequest;
	/** Writes many rows by key. */
	readonly bulk: typeof bulkUpdate;
}

/** Carries changes out: by filters a request an item, side by side; by key many items in few. */
export function changing({ build, bulk }: Change): Operation<ChangePlan>['execute'] {
	const changeByFilters = eachItem<ChangePlan>(async ({ plan, send }, run) => {
		hintAtFilters(plan.options.filters, run);
		const options: ChangeOptions = plan.allRows
			? { ...plan.options, allRows: { column: await neverNull(plan, run) } }
			: plan.options;
		if (options.dryRun) await requireRollback(send, plan.table.schema, plan.table.name);
		if (options.explain) {
			return outputs([{ plan: (await send<IDataObject>(build(plan, options))).body }]);
		}
		const quiet = options.returning === 'minimal';
		const { body, headers } = await send<Row[] | undefined>(
			build(plan, { ...options, count: 'exact' }),
		);
		const count = totalCount(headers) ?? body?.length ?? 0;
		if (!quiet && body && count > body.length) run.hint(CUT);
		return outputs(quiet ? [{ success: true, count }] : ((body ?? []) as IDataObject[]));
	});
	return async (jobs, run) => {
		const filtered = jobs.filter(({ plan }) => plan.by === 'filters');
		const keyed = jobs.filter(({ plan }) => plan.by === 'key');
		const target = ({ plan }: Job<ChangePlan>) =>
			JSON.stringify([plan.table, plan.key, plan.options]);
		return [
			...(await changeByFilters(filtered, run)),
			...(await eachGroup(
				keyed,
				run,
				target,
				async (group) => await changeByKey(group, run, { build, bulk }),
			)),
		];
	};
}

const CUT =
	"More rows were changed than came back: the project's row cap (Max Rows) cuts what a request returns. Items whose row is missing show what they came with.";

async function changeByKey(
	jobs: Group<ChangePlan>,
	run: Run,
	{ build, bulk }: Change,
): Promise<Result[]> {
	const [{ plan, send }] = jobs;
	const key = await needKey(plan, run);
	const rows = jobs.map((job) => job.plan.row);
	const { explain, dryRun: rollBack } = plan.options;
	if (explain) {
		const equals = (column: string) => ({ column, operator: 'eq', value: plan.row[column] });
		const request = build(plan, { ...plan.options, filters: key.map(equals) });
		return await explainWrite(jobs, plan.table, request, rollBack);
	}
	const settings = { ...plan.options, key, isolate: run.continueOnFail };
	return await writeGroup(jobs, run, {
		write: async () => await bulk(send, plan.table, rows, settings),
		shown: (index) => rows[index] as IDataObject,
		quiet: plan.options.returning === 'minimal',
		untouched: (index) => ({
			...Object.fromEntries(key.map((column) => [column, rows[index]?.[column] as string])),
			found: false,
		}),
		cut: CUT,
	});
}

/** A column of which no row lacks a value. */
async function neverNull({ table }: ChangePlan, run: Run): Promise<string> {
	const [column] = await run.primaryKey(table.schema, table.name);
	if (column !== undefined) return columnName(column);
	throw new InvalidRequestError(
		"The table's primary key is not known, by which every row can be named",
		'Add a filter that every row meets instead, such as Is Not Null on a column that always has a value.',
	);
}

async function needKey(plan: ChangePlan, run: Run): Promise<readonly string[]> {
	return await keyOf(
		plan.key,
		async () => await run.primaryKey(plan.table.schema, plan.table.name),
	);
}

/** For a request that would be refused: what to say before any other is sent. */
export function checkPlan(plan: ChangePlan, build: Change['build']): ChangePlan {
	if (plan.by === 'filters' && !plan.allRows) build(plan, plan.options);
	if (plan.by === 'key' && plan.key.some((column) => (plan.row[column] ?? '') === '')) {
		throw new InvalidRequestError(
			`The item has no value for its key (${plan.key.join(', ')})`,
			'Give each of Key Columns a value.',
		);
	}
	return plan;
}
