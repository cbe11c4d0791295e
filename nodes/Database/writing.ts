import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { requireRollback } from '../../src/api/database/dryRun';
import type { Table } from '../../src/api/database/table';
import { BulkWriteError, type Written } from '../../src/api/database/written';
import type { ApiRequest } from '../../src/api/request';
import type { Group } from '../../src/n8n/each';
import type { Returning } from '../../src/api/database/insert';
import type { Modifiers } from '../../src/api/database/modifiers';
import { InvalidRequestError } from '../../src/api/errors';
import { failed } from '../../src/n8n/errors';
import type { Result, Run } from '../../src/n8n/operation';
import type { ItemParameters } from '../../src/n8n/parameters';
import { namesOf } from './fields';
import { explainOf, planDetails, rollsBack } from './plan';

/** Among the Options of every write. */
export const returningOptions: readonly INodeProperties[] = [
	{ ...planDetails, description: 'For Return: Query Plan' },
	{
		displayName: 'Return',
		name: 'returning',
		type: 'options',
		options: [
			{
				name: 'Nothing',
				value: 'minimal',
				description: 'Faster, and needs no right to read the table',
			},
			{
				name: 'Query Plan',
				value: 'plan',
				description: 'What EXPLAIN says; nothing is written. It has to be switched on.',
			},
			{ name: 'Rows', value: 'representation', description: 'The rows as they are now' },
		],
		default: 'representation',
	},
	{
		displayName: 'Return Columns',
		name: 'returnColumns',
		type: 'string',
		default: '',
		placeholder: 'e.g. ID, name, country:countries(name)',
		description: 'What of the rows to return, as a select expression. All columns if empty.',
	},
];

export const dryRun: INodeProperties = {
	displayName: 'Dry Run',
	name: 'dryRun',
	type: 'boolean',
	default: false,
	description:
		'Whether to roll the write back in the end. Refused where the server does not allow it (db-tx-end), as hosted projects do not by default.',
};

export function returningOf(get: ItemParameters): Returning & Modifiers {
	const {
		returning,
		returnColumns,
		planDetails: details,
		dryRun: rollBack,
	} = get.object('options');
	const explain = returning === 'plan' ? explainOf(details) : undefined;
	return {
		explain,
		dryRun: rollBack === true || (explain !== undefined && rollsBack(details)),
		returning: returning === 'minimal' ? 'minimal' : 'representation',
		returnColumns:
			typeof returnColumns === 'string' && returnColumns.trim() ? returnColumns : undefined,
	};
}

export function optionalWholeNumber(value: unknown, label: string): number | undefined {
	if (value === undefined || value === null || value === '') return undefined;
	const number = Number(value);
	if (Number.isSafeInteger(number) && number > 0) return number;
	throw new InvalidRequestError(`${label} is not a whole number above 0`);
}

/** The columns of Key Columns, or of the primary key. */
export async function keyOf(
	given: readonly string[],
	find: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
	const key = given.length ? given : await find();
	if (key.length) return key;
	throw new InvalidRequestError(
		"The table's primary key is not known",
		'Enter the columns that tell its rows apart in Key Columns.',
	);
}

export const keyColumns: INodeProperties = {
	displayName: 'Key Column Names or IDs',
	name: 'keyColumns',
	type: 'multiOptions',
	typeOptions: {
		loadOptionsMethod: 'getColumns',
		loadOptionsDependsOn: ['schema.value', 'table.value'],
	},
	default: [],
	description:
		'The columns that tell rows apart; the primary key if empty. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
};

export function keyColumnsOf(get: ItemParameters): string[] {
	return keyNames(get.value('keyColumns'));
}

/** The list gives odd names in quotes, since it serves expressions, too. */
export function keyNames(value: unknown): string[] {
	return namesOf(value).map((name) => name.replace(/^"(.*)"$/, '$1'));
}

const CUT =
	"Not every written row came back: the project's row cap (Max Rows) is below the number of rows in a request. Those items show what was sent. Lower Rows per Request to that cap to get all of them back.";

/** How a group of jobs is written, and what its items get. */
interface GroupWrite {
	readonly write: () => Promise<Written[]>;
	/** What stands for a row that was written but did not come back, by its place. */
	readonly shown: (index: number) => IDataObject;
	/** Nothing was to be returned. */
	readonly quiet: boolean;
	/** The output for a row that was left as it is, if there is one. */
	readonly untouched?: (index: number) => IDataObject;
	/** What to say when not all rows came back; for rows that were sent unless given. */
	readonly cut?: string;
}

/**
 * Writes a group of jobs and gives each item its outcome.
 *
 * @throws ItemsError at the first failure that was not isolated; it says what was written before
 */
export async function writeGroup<Plan extends WritePlan>(
	jobs: Group<Plan>,
	run: Run,
	{ write, shown, quiet, untouched, cut = CUT }: GroupWrite,
): Promise<Result[]> {
	const [{ plan, send }] = jobs;
	if (plan.options.dryRun) await requireRollback(send, plan.table.schema, plan.table.name);
	const itemsOf = (from: readonly number[]) => from.flatMap((index) => jobs[index]?.item ?? []);
	const written = await write().catch((error: unknown) => {
		if (!(error instanceof BulkWriteError)) throw error;
		const items = itemsOf(error.from);
		throw failed(items, error.error, failureNote(error, items));
	});
	if (!quiet && written.some((each) => 'row' in each && !each.row)) run.hint(cut);
	return written.flatMap((each): Result[] => {
		const items = itemsOf(each.from);
		const index = each.from[0] ?? 0;
		if ('error' in each) return [{ items, error: each.error }];
		if ('unclear' in each) return quiet ? [{ items, json: { written: null } }] : [];
		if ('untouched' in each && quiet && !untouched) return [{ items, json: { written: false } }];
		if ('untouched' in each) return untouched ? [{ items, json: untouched(index) }] : [];
		if (quiet) return [{ items, json: { success: true } }];
		return [{ items, json: (each.row as IDataObject | undefined) ?? shown(index) }];
	});
}

/** What is to be known of a plan that writes. */
interface WritePlan {
	readonly table: Table;
	readonly options: Pick<Modifiers, 'dryRun'>;
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

/** What became of the rows, so that nobody writes them twice. */
function failureNote({ error }: BulkWriteError, items: readonly number[]): string {
	const many = items.length > 1;
	const certain = error.outcome === 'refused' || error.outcome === 'notSent';
	return [
		many
			? `The rows of items ${(items[0] ?? 0) + 1} to ${(items.at(-1) ?? 0) + 1} go together.`
			: '',
		certain && many ? 'Nothing of this request was written.' : '',
		many && certain ? 'Set On Error to Continue, and each item gets its own outcome.' : '',
	]
		.filter(Boolean)
		.join(' ');
}
