import type { IDataObject } from 'n8n-workflow';

import { requireRollback } from '../../src/api/database/dryRun';
import type { Modifiers } from '../../src/api/database/modifiers';
import type { Row, Table } from '../../src/api/database/table';
import { BulkWriteError, type Written } from '../../src/api/database/written';
import { InvalidRequestError } from '../../src/api/errors';
import { pacer } from '../../src/api/pacer';
import type { ApiRequest } from '../../src/api/request';
import { groupBy, type Group, type GroupKey } from '../../src/n8n/each';
import { failed } from '../../src/n8n/errors';
import type { Job, Result, Run } from '../../src/n8n/operation';

/** How a group of jobs is written, and what its items get. */
interface GroupWrite {
	readonly write: () => Promise<readonly Written[]>;
	/** The output for a row that was written, as it came back if it did; by the place of its job. */
	readonly written: (row: IDataObject | undefined, index: number) => IDataObject;
	/** The output for a row that was left as it is, if there is one. */
	readonly untouched?: (index: number) => IDataObject | undefined;
	/** The output for a row of which it is not known whether it was written, if there is one. */
	readonly unclear?: (index: number) => IDataObject | undefined;
	/** Rows were to come back. */
	readonly returns: boolean;
}

const CUT =
	"Not every written row came back: the project's row cap (Max Rows) is below the number of rows in a request. Those items show what was sent. Lower Rows per Request to that cap to get all of them back.";

const UNPAIRED =
	'Some rows came back of which it cannot be told which item they belong to: they are paired with none.';

/** The rows of a group's items. */
export async function rowsOf(jobs: ReadonlyArray<Job<{ readonly row: Row }>>): Promise<Row[]> {
	const pause = pacer();
	const rows: Row[] = [];
	for (const { plan } of jobs) {
		if (pause.isDue()) await pause();
		rows.push(plan.row);
	}
	return rows;
}

/** What is to be known of a plan that writes. */
interface WritePlan {
	readonly table: Table;
	readonly options: Pick<Modifiers, 'dryRun'>;
}

/**
 * Writes a group of jobs and gives each item its outcome.
 *
 * @throws ItemsError at the first failure that was not isolated
 */
export async function writeGroup<Plan extends WritePlan>(
	jobs: Group<Plan>,
	run: Run,
	{ write, returns, ...give }: GroupWrite,
): Promise<Result[]> {
	const [{ plan, send }] = jobs;
	if (plan.options.dryRun) await requireRollback(send, plan.table.schema, plan.table.name);
	const itemsOf = (from: readonly number[]) => {
		const items: number[] = [];
		for (const index of from) {
			const job = jobs[index];
			if (job) items.push(job.item);
		}
		return items;
	};
	const written = await write().catch((error: unknown) => {
		if (!(error instanceof BulkWriteError)) throw error;
		const items = itemsOf(error.from);
		throw failed(items, error.error, failureNote(error, items));
	});
	const results: Result[] = [];
	const pause = pacer();
	for (const each of written) {
		if (pause.isDue()) await pause();
		const items = itemsOf(each.from);
		if ('error' in each) results.push({ items, error: each.error });
		else {
			if ('row' in each && returns && !each.row) run.hint(CUT);
			if (items.length === 0) run.hint(UNPAIRED);
			const json = outputOf(each, give);
			if (json) results.push({ items, json });
		}
	}
	return results;
}

function outputOf(
	each: Exclude<Written, { error: unknown }>,
	{ written, untouched, unclear }: Omit<GroupWrite, 'write' | 'returns'>,
): IDataObject | undefined {
	const index = each.from[0] ?? 0;
	if ('row' in each) return written(each.row as IDataObject | undefined, index);
	return 'untouched' in each ? untouched?.(index) : unclear?.(index);
}

/** What became of the rows, so that nobody writes them twice. */
function failureNote({ error }: BulkWriteError, items: readonly number[]): string {
	if (items.length < 2) return '';
	const [first = 0, last = 0] = [items[0], items.at(-1)];
	const together = `The rows of items ${first + 1} to ${last + 1} go together.`;
	return error.outcome === 'refused' || error.outcome === 'notSent'
		? `${together} Nothing of this request was written. Set On Error to Continue, and each item gets its own outcome.`
		: together;
}

/** The plan of a write, as one item; analyzed, it is carried out and rolled back. */
export async function explainWrite(
	jobs: Group<{ readonly table: Table }>,
	table: Table,
	request: ApiRequest,
	analyzed: boolean | undefined,
): Promise<Result[]> {
	const [{ send }] = jobs;
	if (analyzed) await requireRollback(send, table.schema, table.name);
	const { body } = await send<IDataObject>(request);
	return [{ items: jobs.map(({ item }) => item), json: { plan: body } }];
}

/**
 * Checks each job for what the description of the database alone tells, before anything is sent.
 *
 * @throws ItemsError for the first that is refused, unless the node continues on fail
 */
export async function checkJobs<Plan>(
	jobs: ReadonlyArray<Job<Plan>>,
	run: Run,
	check: (plan: Plan) => unknown,
): Promise<{ readonly good: Array<Job<Plan>>; readonly refused: Result[] }> {
	const good: Array<Job<Plan>> = [];
	const refused: Result[] = [];
	const pause = pacer();
	for (const job of jobs) {
		if (pause.isDue()) await pause();
		try {
			const checked = check(job.plan);
			// To await what is known already takes longer than the check.
			if (checked instanceof Promise) await checked;
			good.push(job);
		} catch (error) {
			if (!run.continueOnFail) throw failed([job.item], error);
			refused.push({ items: [job.item], error });
		}
	}
	return { good, refused };
}

/**
 * Makes sure that items which are written all or not at all can go in one request, which is one
 * transaction.
 *
 * @param targetOf what the items of one request have in common
 * @throws InvalidRequestError where they ask for several tables, users or settings
 */
export async function requireOneTarget<Plan extends { readonly allOrNothing: boolean }>(
	jobs: ReadonlyArray<Job<Plan>>,
	targetOf: (job: Job<Plan>) => GroupKey,
): Promise<void> {
	if (!(await someTogether(jobs))) return;
	const [first, second] = [...(await groupBy(jobs, targetOf)).values()];
	if (!first || !second) return;
	throw new InvalidRequestError(
		`Items ${first[0].item + 1} and ${second[0].item + 1} cannot be written in one transaction`,
		'All or Nothing takes one table, one Run As and the same Options for all items: nothing was sent. Let them be the same, or switch All or Nothing off.',
	);
}

async function someTogether(
	jobs: ReadonlyArray<Job<{ readonly allOrNothing: boolean }>>,
): Promise<boolean> {
	const pause = pacer();
	for (const { plan } of jobs) {
		if (plan.allOrNothing) return true;
		if (pause.isDue()) await pause();
	}
	return false;
}

/** For rows with the key of one before them. */
export function sayRepeated(run: Run): (rows: number) => void {
	return (rows) =>
		run.hint(
			`${rows === 1 ? '1 item names' : `${rows} items name`} the same row as an item before: they were carried out one after the other, so that the last one stands.`,
		);
}
