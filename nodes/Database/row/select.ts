import { Readable } from 'node:stream';

import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { totalCount } from '../../../src/api/database/contentRange';
import { csv, geoJson, readDocument } from '../../../src/api/database/documents';
import { selectElement } from '../../../src/api/database/encoding';
import { selectName } from '../../../src/api/database/encoding';
import type { Modifiers } from '../../../src/api/database/modifiers';
import { readRows, type PagedRead } from '../../../src/api/database/paging';
import { select } from '../../../src/api/database/select';
import type { Row, Table } from '../../../src/api/database/table';
import { InvalidRequestError } from '../../../src/api/errors';
import type { Send } from '../../../src/api/transport';
import { eachRead, outputs } from '../../../src/n8n/each';
import { operation, type Output, type Run } from '../../../src/n8n/operation';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { requestOptions } from '../../../src/n8n/requestOptions';
import { allowedTables, namesOf, schema, table, tableOf } from '../fields';
import { conditionsOf, filters, match } from '../filters';
import { order, orderOf } from '../order';
import { explainOf, planDetailsOfReturn } from '../plan';
import {
	countMode,
	countModeOf,
	csvAs,
	csvField,
	limit,
	noRow,
	readingOptions,
	readingOptionsOf,
	returnAll,
	returnOf,
	returns,
	skipEmptyFilters,
	type Return,
} from '../reading';
import { keyColumns, keyNames, optionalWholeNumber } from '../writing';

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
	...keyColumns,
	displayName: 'Column Names or IDs',
	name: 'columnList',
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
		allowedTables,
		{
			displayName: 'Exact Numbers',
			name: 'exactNumbers',
			type: 'boolean',
			default: false,
			description:
				'Whether to return bigint and numeric columns as text, since large numbers lose digits otherwise. Not with a select expression: cast there.',
		},
		{
			...keyColumns,
			displayName: 'Key Columns',
			description:
				'The columns that tell rows apart, for Return All where the primary key is not known. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		},
		{
			displayName: 'Page Size',
			name: 'pageSize',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 1000,
			description: 'How many rows to ask for at once',
		},
		...readingOptions,
		skipEmptyFilters,
		...requestOptions,
	],
};

interface Plan {
	readonly table: Table;
	readonly returns: Return;
	readonly read: PagedRead;
	readonly count: Modifiers['count'];
	readonly explain: Modifiers['explain'];
	readonly sayNone: boolean;
	/** The field for a file of CSV; text without it. */
	readonly csvField?: string;
	/** Numbers that JavaScript would round come as text. */
	readonly exactNumbers: boolean;
	/** Row level security may hide rows. */
	readonly policiesApply: boolean;
}

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
		match,
		filters,
		order,
		returns,
		countMode,
		noRow,
		csvAs,
		csvField,
		planDetailsOfReturn,
		returnAll,
		limit,
		options,
	],
	compile(get) {
		const form = returnOf(get);
		const plan: Plan = {
			table: tableOf(get),
			returns: form,
			read: {
				columns: columnsOf(get),
				filters: conditionsOf(get),
				order: orderOf(get),
				limit: limitOf(get, form),
				...readingOptionsOf(get),
				...pagingOf(get),
			},
			count: countModeOf(get),
			explain: form === 'plan' ? explainOf(get.value('planDetails')) : undefined,
			sayNone: get.text('noRow') === 'item',
			csvField: get.text('csvAs') === 'file' ? get.required('binaryPropertyName') : undefined,
			exactNumbers: get.object('options').exactNumbers === true,
			policiesApply: get.text('runAs') === 'anonymous' || get.text('runAs') === 'user',
		};
		// So that what cannot become a request is told before any is sent.
		select(plan.table, plan.read);
		return plan;
	},
	execute: eachRead(async (plan, send, run) => {
		const read = plan.exactNumbers ? await withExactNumbers(plan, run) : plan.read;
		return await READERS[plan.returns]({ ...plan, read }, send, run);
	}),
});

type Reader = (plan: Plan, send: Send, run: Run) => Promise<Output[]>;

const READERS: Record<Return, Reader> = {
	async rows(plan, send, run) {
		const rows = await readAll(plan, send, run);
		if (rows.length === 0 && plan.policiesApply) run.hint(HIDDEN);
		return outputs(rows);
	},
	async rowsWithCount(plan, send, run) {
		const [count, rows] = await Promise.all([readCount(plan, send), readAll(plan, send, run)]);
		return outputs([{ count, rows }]);
	},
	count: async (plan, send) => outputs([{ count: await readCount(plan, send) }]),
	async single({ table: from, read }, send) {
		const { body } = await send<IDataObject>(select(from, { ...read, single: true }));
		return outputs([body]);
	},
	async maybeSingle({ table: from, read, sayNone }, send) {
		const { body } = await send<IDataObject[]>(select(from, { ...read, limit: 2 }));
		if (body.length > 1) {
			throw new InvalidRequestError(
				'More than one row was found',
				'Narrow the filters until they meet one row, or return Rows.',
			);
		}
		return outputs(body.length || !sayNone ? body : [{ found: false }]);
	},
	async csv(plan, send, run) {
		const text = await readDocument(send, plan.table, plan.read, await keyFor(plan, run), csv);
		if (!plan.csvField) return outputs([{ csv: text }]);
		const fileName = `${plan.table.name}.csv`;
		const file = await run.files.store(Readable.from([Buffer.from(text)]), fileName, 'text/csv');
		return [{ json: { fileName }, binary: { [plan.csvField]: file } }];
	},
	async geojson(plan, send, run) {
		const key = await keyFor(plan, run);
		const document = await readDocument(send, plan.table, plan.read, key, geoJson);
		return outputs([document as unknown as IDataObject]);
	},
	async plan({ table: from, read, explain }, send) {
		const { body } = await send<IDataObject>(select(from, { ...read, explain }));
		return outputs([{ plan: body }]);
	},
};

const HIDDEN =
	'No rows came back. If there should be some: policies of the table may hide them from this Run As.';

/** Casts the columns to text whose numbers JavaScript would round. */
async function withExactNumbers({ table: from, read }: Plan, run: Run): Promise<PagedRead> {
	const known = await run.columns(from.schema, from.name);
	if (known.length === 0) {
		throw new InvalidRequestError(
			"The table's columns are not known, so Exact Numbers cannot be given",
			'Set Columns to Select Expression and cast them there: id::text.',
		);
	}
	const isRounded = (name: string) =>
		known.some((column) => column.name === name && /^(bigint|numeric)/.test(column.type));
	const names = read.columns?.split(',') ?? known.map(({ name }) => selectName(name));
	const columns = names.map((name) =>
		isRounded(name.replaceAll('"', '')) ? `${name}::text` : name,
	);
	return { ...read, columns: columns.join(',') };
}

const UNORDERED =
	'The rows came in several pages, and nothing gave them a lasting order: no primary key is known. Rows may be missing or doubled. Add an Order on a unique column, or Key Columns in Options.';

async function readAll({ table: from, read }: Plan, send: Send, run: Run): Promise<IDataObject[]> {
	const findKey = async () => await run.primaryKey(from.schema, from.name);
	const { rows, unordered } = await readRows(send, from, read, findKey);
	if (unordered) run.hint(UNORDERED);
	return rows as IDataObject[];
}

async function readCount({ table: from, read, count }: Plan, send: Send): Promise<number | null> {
	const { filters: conditions, columns, relations } = read;
	const { headers } = await send<Row[]>(
		select(from, { filters: conditions, columns, relations, count, head: true }),
	);
	return totalCount(headers) ?? null;
}

async function keyFor({ table: from, read }: Plan, run: Run): Promise<readonly string[]> {
	if (read.limit !== undefined || read.order?.length) return [];
	return read.key ?? (await run.primaryKey(from.schema, from.name));
}

function limitOf(get: ItemParameters, form: Return): number | undefined {
	if (!['rows', 'rowsWithCount', 'csv', 'geojson'].includes(form)) return undefined;
	return get.boolean('returnAll') ? undefined : get.wholeNumber('limit');
}

function pagingOf(get: ItemParameters): Pick<PagedRead, 'key' | 'pageSize'> {
	const { keyColumns: key, pageSize } = get.object('options');
	const names = keyNames(key);
	return {
		...(names.length && { key: names }),
		pageSize: optionalWholeNumber(pageSize, 'Page Size'),
	};
}

function columnsOf(get: ItemParameters): string | undefined {
	const mode = get.text('columnsMode');
	if (mode === 'expression') return get.required('columnExpression');
	if (mode !== 'list') return undefined;
	const names = namesOf(get.value('columnList'));
	if (names.length) return names.map(selectElement).join(',');
	throw new InvalidRequestError('No columns are chosen', 'Choose columns, or set Columns to All.');
}
