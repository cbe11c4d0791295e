import { Readable } from 'node:stream';

import type { IDataObject } from 'n8n-workflow';

import { totalCount } from '../../../src/api/database/contentRange';
import { csv, geoJson, readDocument, type DocumentForm } from '../../../src/api/database/documents';
import type { Modifiers } from '../../../src/api/database/modifiers';
import {
	readRows,
	tableSource,
	type Known,
	type PagedRead,
} from '../../../src/api/database/paging';
import { rowCapOf } from '../../../src/api/database/rowCap';
import { select } from '../../../src/api/database/select';
import type { Row, Table } from '../../../src/api/database/table';
import { InvalidRequestError } from '../../../src/api/errors';
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
		const text = await readAs(csv, plan, send, run);
		if (!plan.csvField) return outputs([{ csv: text }]);
		const fileName = `${plan.table.name}.csv`;
		const file = await run.files.store(Readable.from([Buffer.from(text)]), fileName, 'text/csv');
		return [{ json: { fileName }, binary: { [plan.csvField]: file } }];
	},
	async geojson(plan, send, run) {
		const document = await readAs(geoJson, plan, send, run);
		return outputs([document as unknown as IDataObject]);
	},
	async plan({ table: from, read, explain }, send) {
		const { body } = await send<IDataObject>(select(from, { ...read, explain }));
		return outputs([{ plan: body }]);
	},
};

const HIDDEN =
	'No rows came back. If there should be some: policies of the table may hide them from this Run As.';

const UNORDERED =
	'The rows came in several pages, and nothing gave them a lasting order: no primary key is known. Rows may be missing or doubled. Add an Order on a unique column, or Key Columns in Options.';

async function readAll(
	{ table: from, read }: SelectPlan,
	send: Send,
	run: Run,
): Promise<IDataObject[]> {
	const { findKey, cap } = knownOf(from, run);
	const { rows, unordered } = await readRows(send, from, read, findKey, cap);
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

async function readCount(
	{ table: from, read, count }: SelectPlan,
	send: Send,
): Promise<number | null> {
	const { filters: conditions, columns, relations } = read;
	const { headers } = await send<Row[]>(
		select(from, { filters: conditions, columns, relations, count, head: true }),
	);
	return totalCount(headers) ?? null;
}
