import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { readRows, type PagedRead } from '../../../src/api/database/paging';
import { select } from '../../../src/api/database/select';
import type { Table } from '../../../src/api/database/table';
import { InvalidRequestError } from '../../../src/api/errors';
import { eachRead } from '../../../src/n8n/each';
import { operation } from '../../../src/n8n/operation';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { schema, table, tableOf, timeout } from '../fields';
import { filters, filtersOf, order, orderOf } from '../filters';

const columnsMode: INodeProperties = {
	displayName: 'Columns',
	name: 'columnsMode',
	type: 'options',
	options: [
		{ name: 'All', value: 'all' },
		{ name: 'From List', value: 'list' },
		{
			name: 'Select Expression',
			value: 'expression',
			description: 'Typed by hand: renamed columns, casts, paths into JSON, related tables',
		},
	],
	default: 'all',
	description: 'Which columns to read',
};

const columnList: INodeProperties = {
	displayName: 'Column Names or IDs',
	name: 'columnList',
	type: 'multiOptions',
	typeOptions: {
		loadOptionsMethod: 'getColumns',
		loadOptionsDependsOn: ['schema.value', 'table.value'],
	},
	displayOptions: { show: { columnsMode: ['list'] } },
	default: [],
	description:
		'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
};

const columnExpression: INodeProperties = {
	displayName: 'Select Expression',
	name: 'columnExpression',
	type: 'string',
	typeOptions: { rows: 3 },
	displayOptions: { show: { columnsMode: ['expression'] } },
	default: '',
	placeholder: 'e.g. name, country:countries(name)',
	description:
		'As in the Supabase clients\' select(). <a href="https://docs.postgrest.org/en/stable/references/api/tables_views.html#vertical-filtering">More</a>.',
	hint: 'Text from outside in this field could reach other tables. Use fixed text with Run As Service Role.',
};

const returnAll: INodeProperties = {
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
};

const limit: INodeProperties = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1 },
	displayOptions: { show: { returnAll: [false] } },
	default: 50,
	description: 'Max number of results to return',
};

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [timeout],
};

interface Plan {
	readonly table: Table;
	readonly read: PagedRead;
}

const UNORDERED =
	'The rows came in several pages, and nothing gave them a lasting order: no primary key is known. Rows may be missing or doubled. Add an Order on a unique column.';

export const selectRows = operation<Plan>({
	name: 'Select',
	value: 'select',
	action: 'Select rows',
	description: 'Read rows of a table or view',
	parameters: [
		schema,
		table,
		columnsMode,
		columnList,
		columnExpression,
		filters,
		order,
		returnAll,
		limit,
		options,
	],
	compile(get) {
		const plan: Plan = {
			table: tableOf(get),
			read: {
				columns: columnsOf(get),
				filters: filtersOf(get),
				order: orderOf(get),
				limit: get.boolean('returnAll') ? undefined : get.wholeNumber('limit'),
			},
		};
		// So that what cannot become a request is told before any is sent.
		select(plan.table, plan.read);
		return plan;
	},
	execute: eachRead(async (plan, send, run) => {
		const { schema: inSchema, name } = plan.table;
		const findKey = async () => await run.primaryKey(inSchema, name);
		const { rows, unordered } = await readRows(send, plan.table, plan.read, findKey);
		if (unordered) run.hint(UNORDERED);
		return rows as IDataObject[];
	}),
});

function columnsOf(get: ItemParameters): string | undefined {
	const mode = get.text('columnsMode');
	if (mode === 'expression') return get.required('columnExpression');
	if (mode !== 'list') return undefined;
	const chosen = get.value('columnList');
	const names = typeof chosen === 'string' ? chosen.split(',') : chosen;
	if (!Array.isArray(names) || names.length === 0) {
		throw new InvalidRequestError(
			'No columns are chosen',
			'Choose columns, or set Columns to All.',
		);
	}
	return names.map((name) => String(name).trim()).join(',');
}
