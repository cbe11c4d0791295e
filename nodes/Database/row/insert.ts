import type { IDataObject, INodeProperties } from 'n8n-workflow';

import {
	bulkInsert,
	BulkInsertError,
	type BulkInsertOptions,
} from '../../../src/api/database/bulkInsert';
import type { Row, Table } from '../../../src/api/database/table';
import { InvalidRequestError } from '../../../src/api/errors';
import { groupBy } from '../../../src/n8n/each';
import { failed } from '../../../src/n8n/errors';
import { operation, type Job, type Result, type Run } from '../../../src/n8n/operation';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { schema, table, tableOf, timeout } from '../fields';

const rowSource: INodeProperties = {
	displayName: 'Row From',
	name: 'rowSource',
	type: 'options',
	options: [
		{
			name: 'Columns',
			value: 'columns',
			description: "The item's fields, or values for each column",
		},
		{ name: 'JSON', value: 'json', description: 'An object of columns and values' },
	],
	default: 'columns',
	description: 'Where the row that an item stands for comes from',
};

const columns: INodeProperties = {
	displayName: 'Columns',
	name: 'columns',
	type: 'resourceMapper',
	noDataExpression: true,
	default: { mappingMode: 'autoMapInputData', value: null },
	displayOptions: { show: { rowSource: ['columns'] } },
	typeOptions: {
		loadOptionsDependsOn: ['schema.value', 'table.value'],
		resourceMapper: {
			resourceMapperMethod: 'getColumnFields',
			mode: 'add',
			fieldWords: { singular: 'column', plural: 'columns' },
			addAllFields: true,
			multiKeyMatch: false,
			supportAutoMap: true,
		},
	},
};

const json: INodeProperties = {
	displayName: 'Row',
	name: 'rowJson',
	type: 'json',
	default: '={{ $json }}',
	displayOptions: { show: { rowSource: ['json'] } },
	description: 'An object of columns and values, as JSON text or from an expression',
};

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
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
				{ name: 'Rows', value: 'representation', description: 'The rows as they were written' },
			],
			default: 'representation',
		},
		{
			displayName: 'Rows per Request',
			name: 'chunkRows',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 1000,
			description:
				'How many rows are sent at once. Each request is a transaction of its own. Above the row cap of the project, written rows do not all come back.',
		},
		timeout,
	],
};

interface Plan {
	readonly table: Table;
	readonly row: Row;
	readonly options: Omit<BulkInsertOptions, 'isolate'>;
}

export const insertRows = operation<Plan>({
	name: 'Insert',
	value: 'insert',
	action: 'Insert rows',
	description: 'Write a row for each item, many items in one request',
	parameters: [schema, table, rowSource, columns, json, options],
	compile: (get) => ({ table: tableOf(get), row: rowOf(get), options: optionsOf(get) }),
	async execute(jobs, run) {
		const groups = groupBy(jobs, ({ plan }) => JSON.stringify([plan.table, plan.options]));
		const results: Result[] = [];
		for (const group of groups.values())
			results.push(...(await insertGroup(group, run, results.length)));
		return results;
	},
});

async function insertGroup(
	jobs: [Job<Plan>, ...Array<Job<Plan>>],
	run: Run,
	writtenBefore: number,
): Promise<Result[]> {
	const [{ plan, send }] = jobs;
	const itemsOf = (from: readonly number[]) => from.flatMap((index) => jobs[index]?.item ?? []);
	const rows = jobs.map((job) => job.plan.row);
	const settings = { ...plan.options, isolate: run.continueOnFail };
	const written = await bulkInsert(send, plan.table, rows, settings).catch((error: unknown) => {
		if (!(error instanceof BulkInsertError)) throw error;
		const items = itemsOf(error.from);
		throw failed(items, error.error, failureNote(error, items, writtenBefore + error.written));
	});
	const quiet = plan.options.returning === 'minimal';
	if (!quiet && written.some((each) => 'row' in each && !each.row)) run.hint(CUT);
	return written.map((each) => {
		const items = itemsOf(each.from);
		if ('error' in each) return { items, error: each.error };
		const sent = quiet ? { success: true } : rows[each.from[0] ?? 0];
		return { items, json: (each.row ?? sent) as IDataObject };
	});
}

const CUT =
	"Not every written row came back: the project's row cap (Max Rows) is below the number of rows in a request. Those items show what was sent. Lower Rows per Request to that cap to get all of them back.";

/** What became of the rows, so that nobody writes them twice. */
function failureNote({ error }: BulkInsertError, items: readonly number[], before: number): string {
	const many = items.length > 1;
	const certain = error.outcome === 'refused' || error.outcome === 'notSent';
	return [
		many ? `The ${items.length} rows of items ${items[0]} to ${items.at(-1)} go together.` : '',
		certain ? 'Nothing of this request was written.' : '',
		before ? `${before} rows were written before it and stay.` : '',
		many && certain ? 'Set On Error to Continue, and each item gets its own outcome.' : '',
	]
		.filter(Boolean)
		.join(' ');
}

function rowOf(get: ItemParameters): Row {
	const row = get.text('rowSource') === 'json' ? jsonRow(get) : mappedRow(get);
	if (Object.keys(row).length === 0) {
		throw new InvalidRequestError(
			'The row has no columns',
			'Give the item at least one field that is a column of the table.',
		);
	}
	return row;
}

function mappedRow(get: ItemParameters): Row {
	const { mappingMode } = get.object('columns');
	if (mappingMode !== 'defineBelow') return get.json;
	// The mapper gives null for what was left empty, which would override the column's default.
	return Object.fromEntries(
		Object.entries(get.object('columns.value')).filter(([, value]) => value !== null),
	);
}

function jsonRow(get: ItemParameters): Row {
	const value = get.value('rowJson');
	const row = typeof value === 'string' ? parseJson(value) : value;
	if (typeof row === 'object' && row !== null && !Array.isArray(row)) return { ...row };
	throw new InvalidRequestError(
		'Row is not an object',
		'Give an object of columns and values, such as {"name": "Pluto"}. A list has to be split into items first.',
	);
}

/** `undefined` for what is not JSON. */
function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function optionsOf(get: ItemParameters): Plan['options'] {
	const { missing = 'default', returning = 'representation', chunkRows } = get.object('options');
	if (chunkRows !== undefined && !(Number.isSafeInteger(chunkRows) && Number(chunkRows) > 0)) {
		throw new InvalidRequestError('Rows per Request is not a whole number above 0');
	}
	return {
		missingDefault: missing === 'default',
		returning: returning === 'minimal' ? 'minimal' : 'representation',
		chunkRows: chunkRows as number | undefined,
	};
}
