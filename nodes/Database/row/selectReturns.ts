import { Readable } from 'node:stream';

import type { IDataObject } from 'n8n-workflow';

import { totalCount } from '../../../src/api/database/contentRange';
import { csv, geoJson, readDocument, type DocumentForm } from '../../../src/api/database/documents';
import { partsOfLongList } from '../../../src/api/database/longList';
import type { Modifiers } from '../../../src/api/database/modifiers';
import { tableSource, type Known, type PagedRead } from '../../../src/api/database/paging';
import { isExactInJson } from '../../../src/api/database/pairing';
import { readRows } from '../../../src/api/database/readRows';
import { rowCapOf } from '../../../src/api/database/rowCap';
import { select } from '../../../src/api/database/select';
import type { Table } from '../../../src/api/database/table';
import { InvalidRequestError, SupabaseApiError } from '../../../src/api/errors';
import type { ApiRequest } from '../../../src/api/request';
import type { Send } from '../../../src/api/transport';
import { outputs } from '../../../src/n8n/each';
import type { Output, Run } from '../../../src/n8n/operation';
import { exactlyRead } from '../exactNumbers';
import { hintAtFilters } from '../filters';
import type { Return } from '../reading';

/** What an item wants to read, and in which form. */
export interface SelectPlan {
	readonly table: Table;
	readonly returns: Return;
	readonly read: PagedRead;
	readonly count: Modifiers['count'];
	readonly explain: Modifiers['explain'];
	readonly sayNone: boolean;
	/** One row is wanted, the first of several. */
	readonly takeFirst: boolean;
	/** The field for a file of CSV; text without it. */
	readonly csvField?: string;
	/** Numbers that JavaScript would round come as text. */
	readonly exactNumbers: boolean;
	/** Row level security may hide rows. */
	readonly policiesApply: boolean;
}

/** Reads what one plan says. */
export async function read(plan: SelectPlan, send: Send, run: Run): Promise<Output[]> {
	hintAtFilters(plan.read.filters, run);
	if (!plan.exactNumbers) return await RETURNED[plan.returns](plan, send, run);
	const columns = await exactlyRead(plan.table, plan.read.columns, run);
	return await RETURNED[plan.returns]({ ...plan, read: { ...plan.read, columns } }, send, run);
}

type Reader = (plan: SelectPlan, send: Send, run: Run) => Promise<Output[]>;

const RETURNED: Record<Return, Reader> = {
	async rows(plan, send, run) {
		const rows = await readAll(plan, send, run);
		if (rows.length === 0) run.hint(noneOf(plan));
		return outputs(rows);
	},
	async rowsWithCount(plan, send, run) {
		const [count, rows] = await Promise.all([readCount(plan, send), readAll(plan, send, run)]);
		return outputs([{ count, rows }]);
	},
	count: async (plan, send) => outputs([{ count: await readCount(plan, send) }]),
	async single(plan, send) {
		const { table: from, read, takeFirst } = plan;
		const parts = partsOfLongList(read);
		if (parts.length > 1) return outputs([onlyOf(await firstRows(plan, send))]);
		const limit = takeFirst ? 1 : undefined;
		const { body } = await send<IDataObject>(select(from, { ...read, limit, single: true }));
		return outputs([body]);
	},
	async maybeSingle(plan, send, run) {
		const rows = await firstRows(plan, send);
		if (rows.length > 1) {
			throw new InvalidRequestError(
				'More than one row was found',
				'Narrow the filters until they meet one row, set If There Are Several to Take the First, or return Rows.',
			);
		}
		if (rows.length === 0 && !plan.sayNone) run.hint(noneOf(plan));
		return outputs(rows.length || !plan.sayNone ? rows : [{ found: false }]);
	},
	async csv(plan, send, run) {
		const text = await readAs(csv, plan, send, run);
		if (!text) run.hint(noneOf(plan));
		if (!plan.csvField) return outputs([{ csv: text }]);
		const fileName = `${plan.table.name}.csv`;
		const file = await run.files.store(Readable.from([Buffer.from(text)]), fileName, 'text/csv');
		return [{ json: { fileName }, binary: { [plan.csvField]: file } }];
	},
	async geojson(plan, send, run) {
		const document = await readAs(geoJson, plan, send, run);
		if (document.features.length === 0) run.hint(noneOf(plan));
		return outputs([document as unknown as IDataObject]);
	},
	async plan({ table: from, read, explain }, send) {
		const { body } = await send<IDataObject>(select(from, { ...read, explain }));
		return outputs([{ plan: body }]);
	},
};

/** What to say of an empty result, which may be meant so or not. */
function noneOf({ table: from, read, policiesApply }: SelectPlan): string {
	const none = read.filters?.length
		? `No row of ${from.name} met the filters.`
		: `No rows came back from ${from.name}.`;
	return policiesApply ? `${none} ${HIDDEN}` : none;
}

const HIDDEN = 'If there should be some: policies of the table may hide them from this Run As.';

/** Rows as many as are needed to tell that there is one, or more. */
async function firstRows(
	{ table: from, read, takeFirst }: SelectPlan,
	send: Send,
): Promise<IDataObject[]> {
	const limit = takeFirst ? 1 : 2;
	const rows: IDataObject[] = [];
	for (const filters of partsOfLongList(read)) {
		const request = select(from, { ...read, filters, limit: limit - rows.length });
		const { body } = await send<IDataObject[]>(request);
		for (const row of body) rows.push(row);
		if (rows.length >= limit) break;
	}
	return rows;
}

/** As the server refuses another number of rows, where it was asked in several requests. */
function onlyOf([row, ...others]: readonly IDataObject[]): IDataObject {
	if (row && others.length === 0) return row;
	throw new SupabaseApiError('rest', 'refused', {
		code: 'PGRST116',
		status: 406,
		message: 'Cannot coerce the result to a single JSON object',
		details: `The result contains ${row ? 'several' : 0} rows`,
	});
}

const UNORDERED =
	'The rows came in several pages, and nothing gave them a lasting order: no primary key is known. Rows may be missing or doubled. Add an Order on a unique column, or Key Columns in Options.';

async function readAll(
	{ table: from, read }: SelectPlan,
	send: Send,
	run: Run,
): Promise<IDataObject[]> {
	const { findKey, cap } = knownOf(from, run);
	const isExact = async (key: readonly string[]) => {
		const columns = await run.columns(from.schema, from.name);
		const types = new Map(columns.map(({ name, type }) => [name, type]));
		return isExactInJson(key.map((name) => types.get(name)));
	};
	const { rows, unordered } = await readRows(send, from, read, findKey, { cap, isExact });
	if (unordered) run.hint(UNORDERED);
	return rows as IDataObject[];
}

async function readAs<Body, Part, Document>(
	form: DocumentForm<Body, Part, Document>,
	{ table: from, read }: SelectPlan,
	send: Send,
	run: Run,
): Promise<Document> {
	const known = knownOf(from, run);
	const { document, unordered } = await readDocument(send, tableSource(from), read, form, known);
	if (unordered) run.hint(UNORDERED);
	return document;
}

function knownOf({ schema, name }: Table, run: Run): Known {
	return {
		findKey: async () => await run.primaryKey(schema, name),
		cap: rowCapOf(run.addresses.rest),
	};
}

async function readCount({ table: from, read, count }: SelectPlan, send: Send) {
	const { columns, relations } = read;
	let total: number | null = 0;
	// A count has no order and no beginning, so a long list can be parted.
	for (const filters of partsOfLongList({ filters: read.filters })) {
		const options = { filters, columns, relations };
		const { headers } = await send(select(from, { ...options, count, head: true })).catch(
			async (error: unknown) => await sayWhy(error, send, select(from, { ...options, limit: 0 })),
		);
		const part = totalCount(headers);
		total = part === undefined || total === null ? null : total + part;
	}
	return total;
}

/** A refusal of a HEAD has no body: the same by GET says what is wrong. */
async function sayWhy(error: unknown, send: Send, asked: ApiRequest): Promise<never> {
	if (error instanceof SupabaseApiError && error.outcome === 'refused') await send(asked);
	throw error;
}
