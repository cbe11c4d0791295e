import type { IDataObject } from 'n8n-workflow';

import type { bulkUpdate } from '../../src/api/database/bulkChange';
import type { ChangeOptions } from '../../src/api/database/change';
import { columnName } from '../../src/api/database/column';
import type { Row } from '../../src/api/database/table';
import type { ApiRequest } from '../../src/api/request';
import type { Group } from '../../src/n8n/each';
import type { Result, Run } from '../../src/n8n/operation';
import type { ChangePlan } from './changePlan';
import { withExactNumbers } from './returning';
import { explainWrite, rowsOf, sayRepeated, writeGroup } from './writeGroup';

/** How rows are changed by their key. */
export interface ByKey {
	/** The request for filters. */
	readonly build: (plan: ChangePlan, options: ChangeOptions) => ApiRequest;
	/** Changes many rows by key. */
	readonly bulk: typeof bulkUpdate;
}

/** Changes the rows of a group of items; each of them says whether its row was found. */
export async function changeByKey(
	jobs: Group<ChangePlan>,
	run: Run,
	key: readonly string[],
	{ build, bulk }: ByKey,
): Promise<Result[]> {
	const [{ plan, send }] = jobs;
	const rows = await rowsOf(jobs);
	const { explain, dryRun } = plan.options;
	if (explain) {
		const filters = key.map((column) => ({
			column: columnName(column),
			operator: 'eq',
			value: plan.row[column],
		}));
		const request = build(plan, { ...plan.options, filters });
		return await explainWrite(jobs, plan.table, request, dryRun);
	}
	const options = await withExactNumbers(plan.table, plan.options, run);
	const quiet = options.returning === 'minimal';
	const settings = {
		...options,
		key,
		isolate: run.continueOnFail,
		width: run.itemsAtOnce,
		onRepeated: sayRepeated(run),
	};
	return await writeGroup(jobs, run, {
		write: async () => await bulk(send, plan.table, rows, settings),
		written: (row = {}) => (quiet ? { success: true, found: true } : asFound(row)),
		untouched: (index) => ({ ...keyIn(rows[index], key), found: false }),
		unclear(index) {
			run.hint(UNCLEAR);
			return { ...keyIn(rows[index], key), found: null };
		},
		returns: !quiet,
	});
}

const UNCLEAR =
	'Of some items it cannot be told whether their row was changed, as their key came back in another form, or not all rows came back: they have found: null.';

/** A column of this name keeps its value. */
function asFound(row: IDataObject): IDataObject {
	if (!Object.hasOwn(row, 'found')) row.found = true;
	return row;
}

function keyIn(row: Row = {}, key: readonly string[]): IDataObject {
	return Object.fromEntries(key.map((column) => [column, row[column] as string]));
}
