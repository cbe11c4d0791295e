import type { IDataObject } from 'n8n-workflow';

import type { ChangeOptions } from '../../src/api/database/change';
import { columnName, parseColumn } from '../../src/api/database/column';
import { totalCount } from '../../src/api/database/contentRange';
import { requireRollback } from '../../src/api/database/dryRun';
import type { Condition } from '../../src/api/database/filters';
import { partsOfLongList } from '../../src/api/database/longList';
import type { Row } from '../../src/api/database/table';
import { InvalidRequestError } from '../../src/api/errors';
import { eachGroup, eachItem, outputs } from '../../src/n8n/each';
import { joined } from '../../src/api/joined';
import type { Job, Operation, Output, Result, Run } from '../../src/n8n/operation';
import { changeByKey, type ByKey } from './byKey';
import type { ChangePlan } from './changePlan';
import { hintAtFilters } from './filters';
import { keyFinder } from './keyColumns';
import { withExactNumbers } from './returning';
import { carryingOf } from './sameRows';
import { checkJobs } from './writeGroup';

/** Update, or delete. */
export interface Change extends ByKey {
	/** What is wrong with a row that is to be changed by this key. */
	readonly check: (row: Row, key: readonly string[]) => void;
	/** Whether it changes columns to what the row says. */
	readonly setsColumns: boolean;
}

/**
 * Carries changes out: by filters a request an item, those that may meet the same row in their
 * order; by key many items in few.
 */
export function changing(change: Change): Operation<ChangePlan>['execute'] {
	return async (jobs, run) => {
		const keyFor = keyFinder(run, 'Key Columns');
		const filtered = jobs.filter(({ plan }) => plan.by === 'filters');
		const keyed = jobs.filter(({ plan }) => plan.by === 'key');
		const { good, refused } = await checkJobs(keyed, run, (plan) => {
			const key = keyFor(plan);
			if (key instanceof Promise) return key.then((found) => change.check(plan.row, found));
			return change.check(plan.row, key);
		});
		const byFilters = eachItem<ChangePlan>(
			async (job) => await changeByFilters(job, run, change),
			carryingOf(filtered, change.setsColumns),
		);
		const results: Array<readonly Result[]> = [refused, await byFilters(filtered, run)];
		results.push(
			await eachGroup(
				good,
				run,
				({ plan }) => [plan.table, plan.key, plan.options],
				async (group) => await changeByKey(group, run, await keyFor(group[0].plan), change),
			),
		);
		return await joined(results);
	};
}

const CUT =
	"More rows were changed than came back: the project's row cap (Max Rows) cuts what a request returns.";

const NONE_MET = 'For some items no row met the filters, so nothing was changed for them.';

async function changeByFilters(
	{ plan, send }: Job<ChangePlan>,
	run: Run,
	change: Change,
): Promise<Output[]> {
	const { build } = change;
	hintAtFilters(plan.options.filters, run);
	const wanted = await withExactNumbers(plan.table, plan.options, run);
	const options: ChangeOptions = plan.allRows
		? { ...wanted, allRows: { column: await neverNull(plan, run) } }
		: wanted;
	if (options.dryRun) await requireRollback(send, plan.table.schema, plan.table.name);
	if (options.explain) {
		return outputs([{ plan: (await send<IDataObject>(build(plan, options))).body }]);
	}
	let count = 0;
	const rows: IDataObject[] = [];
	for (const filters of partsOf(plan, change)) {
		const { body, headers } = await send<IDataObject[] | undefined>(
			build(plan, { ...options, filters, count: 'exact' }),
		);
		count += totalCount(headers) ?? body?.length ?? 0;
		for (const row of body ?? []) rows.push(row);
	}
	if (count === 0) run.hint(NONE_MET);
	if (options.returning === 'minimal') return outputs([{ success: true, count }]);
	if (count > rows.length) run.hint(CUT);
	return outputs(rows);
}

/**
 * The filters of each request: a list too long for one address goes in parts.
 *
 * @throws InvalidRequestError for what holds for one request alone, or where a row that was changed
 * could be met by a later part, too
 */
function partsOf(
	{ options: { filters, maxAffected, explain }, row }: ChangePlan,
	{ setsColumns }: Pick<Change, 'setsColumns'>,
): ReadonlyArray<readonly Condition[]> {
	const parts = partsOfLongList({ filters });
	const isListed = (condition: Condition) =>
		'operator' in condition &&
		condition.operator === 'in' &&
		Object.hasOwn(row, parseColumn(condition.column).name);
	const isParted = parts.length > 1;
	if (!isParted || !(maxAffected ?? explain ?? (setsColumns && filters.some(isListed)))) {
		return parts;
	}
	throw new InvalidRequestError(
		'The list of a filter is too long for one request, and what is asked for cannot be done in several',
		'Shorten the list, or leave out Maximum Rows Changed, the query plan, and changes of the column that the list is about.',
	);
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

/** For a request that would be refused: what to say before any other is sent. */
export function checkPlan(plan: ChangePlan, change: Change): ChangePlan {
	const { build, check } = change;
	if (plan.by === 'filters' && !plan.allRows) {
		build(plan, plan.options);
		partsOf(plan, change);
	}
	if (plan.by === 'key' && plan.key.length) check(plan.row, plan.key);
	return plan;
}
