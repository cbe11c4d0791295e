import type { INodeProperties } from 'n8n-workflow';

import { selectElement } from '../../../src/api/database/column';
import type { PagedRead } from '../../../src/api/database/paging';
import { select } from '../../../src/api/database/select';
import { InvalidRequestError } from '../../../src/api/errors';
import { eachRead } from '../../../src/n8n/each';
import { operation } from '../../../src/n8n/operation';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { itemsAtOnce, requestOptions } from '../../../src/n8n/requestOptions';
import { schema, table } from '../../../src/n8n/tableFields';
import { requireAllowedRelations, tableOf } from '../allowed';
import { allowedTables } from '../fields';
import { filters, match } from '../filterFields';
import { conditionsOf } from '../filters';
import { order, orderOf } from '../order';
import { explainOf, planDetailsOfReturn } from '../plan';
import {
	countMode,
	countModeOf,
	csvAs,
	csvField,
	limit,
	limitOf,
	MANY,
	maxRows,
	noRow,
	readingOptions,
	readingOptionsOf,
	returnAll,
	returnOf,
	returns,
	saysNone,
	severalRows,
	skipEmptyFilters,
	takesFirst,
} from '../reading';
import { columnNames, keyColumnFields, unquoted } from '../keyColumns';
import { read, type SelectPlan } from './selectReturns';

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
	...columnNames('Column Names or IDs', 'columnList'),
	displayOptions: { show: { columnsMode: ['list'] } },
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

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		...readingOptions,
		{
			displayName: 'Exact Numbers',
			name: 'exactNumbers',
			type: 'boolean',
			default: false,
			description:
				'Whether to return bigint and numeric columns, and lists of them, as text, since large numbers lose digits otherwise. Columns of related tables are to be cast in a select expression.',
		},
		{
			...keyColumnFields,
			displayOptions: { show: { '/return': MANY } },
			description:
				'The columns that tell rows apart, for Return All where the primary key is not known. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		},
		{
			displayName: 'Page Size',
			name: 'pageSize',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 1000,
			displayOptions: { show: { '/return': MANY } },
			description: 'How many rows to ask for at once',
		},
		skipEmptyFilters,
		itemsAtOnce,
		allowedTables,
		{ ...maxRows, displayOptions: { show: { '/return': ['plan'] } } },
		...requestOptions,
	],
};

export const selectRows = operation<SelectPlan>({
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
		match,
		order,
		returns,
		countMode,
		noRow,
		severalRows,
		csvAs,
		csvField,
		planDetailsOfReturn,
		returnAll,
		limit,
		options,
	],
	compile: (get) => get.once(planOf),
	execute: eachRead(read),
});

function planOf(get: ItemParameters): SelectPlan {
	const { read, ...settings } = get.once(settingsOf);
	const columns = columnsOf(get);
	const plan = {
		table: tableOf(get),
		read: { columns, filters: conditionsOf(get), ...read },
		...settings,
	};
	requireAllowedRelations(get, columns);
	// So that what cannot become a request is told before any is sent.
	select(plan.table, plan.read);
	return plan;
}

/** What mostly is the same for all items, while their filters differ. */
function settingsOf(get: ItemParameters): Omit<SelectPlan, 'table'> {
	const form = returnOf(get);
	return {
		returns: form,
		read: {
			order: orderOf(get),
			limit: limitOf(get, form),
			...readingOptionsOf(get),
			...pagingOf(get),
		},
		count: countModeOf(get),
		explain: form === 'plan' ? explainOf(get.names('planDetails')) : undefined,
		sayNone: saysNone(get),
		takeFirst: takesFirst(get),
		csvField: csvFieldOf(get),
		exactNumbers: get.option('exactNumbers').boolean(),
		policiesApply: get.text('runAs') !== 'serviceRole',
	};
}

function csvFieldOf(get: ItemParameters): string | undefined {
	const isFile = get.oneOf('csvAs', ['file', 'text']) === 'file';
	return isFile ? get.required('binaryPropertyName') : undefined;
}

function pagingOf(get: ItemParameters): Pick<PagedRead, 'key' | 'pageSize'> {
	const names = get.option('keyColumns').names().map(unquoted);
	return {
		...(names.length && { key: names }),
		pageSize: get.option('pageSize').wholeNumber(1),
	};
}

function columnsOf(get: ItemParameters): string | undefined {
	const mode = get.oneOf('columnsMode', ['all', 'list', 'expression']);
	if (mode === 'expression') return get.required('columnExpression');
	if (mode !== 'list') return undefined;
	const names = get.names('columnList');
	if (names.length) return names.map(selectElement).join(',');
	throw new InvalidRequestError('No columns are chosen', 'Choose columns, or set Columns to All.');
}
