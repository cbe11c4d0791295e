import type { IDataObject } from 'n8n-workflow';

import { call, type CallOptions, type DatabaseFunction } from '../../../src/api/database/call';
import { rowsInRange, totalCount } from '../../../src/api/database/contentRange';
import { csv, geoJson, readDocument } from '../../../src/api/database/documents';
import { requireRollback } from '../../../src/api/database/dryRun';
import { PAGE_SIZE, readPages, type RowSource } from '../../../src/api/database/paging';
import { rowCapOf } from '../../../src/api/database/rowCap';
import type { Send } from '../../../src/api/transport';
import { outputs } from '../../../src/n8n/each';
import type { Output, Run } from '../../../src/n8n/operation';
import { hintAtFilters } from '../filters';
import type { Return } from '../reading';
import {
	isUnclear,
	itemsOf,
	oneOrNone,
	resultForm,
	resultOf,
	type ListIs,
	type Result,
} from './result';

/** What an item calls, and in which form it wants the result. */
export interface CallPlan {
	readonly function: DatabaseFunction;
	readonly args: unknown;
	readonly returns: Return;
	readonly options: CallOptions;
	readonly sayNone: boolean;
	readonly listIs: ListIs;
	/** Arguments that take any number of values, where the person says. */
	readonly variadic?: readonly string[];
	readonly pageSize?: number;
}

/** Makes a call that may write: once, whatever the answer holds. */
export async function callOnce(plan: CallPlan, send: Send, run: Run): Promise<Output[]> {
	const { function: named, args, options, returns } = plan;
	hintAtFilters(options.filters, run);
	if (options.dryRun) await requireRollback(send, named.schema, await run.anyTable(named.schema));
	const answer = await send(call(named, args, onceOptions(plan)));
	const total = totalCount(answer.headers);
	const rows = rowsInRange(answer.headers) ?? 0;
	const isCut = MANY.has(returns) && total !== undefined && rows < total;
	if (isCut && rows < (options.limit ?? Infinity)) run.hint(CUT);
	const result = resultOf(answer, options.exactNumbers ?? false);
	switch (returns) {
		case 'count':
			return outputs([{ count: total ?? null }]);
		case 'rowsWithCount':
			return outputs([{ count: total ?? null, rows: rowsIn([result]) }]);
		case 'csv':
			return outputs([{ csv: result.value as string }]);
		case 'plan':
			return outputs([{ plan: result.value as IDataObject }]);
		case 'rows':
		case 'single':
		case 'maybeSingle':
		case 'geojson':
			return listed([result], plan, run);
	}
}

const MANY = new Set<Return>(['rows', 'rowsWithCount', 'csv', 'geojson']);

/** The count is asked for, too: it alone tells that the answer was cut. A count needs no rows. */
function onceOptions({ options, returns }: CallPlan): CallOptions {
	if (returns === 'count') return { ...options, limit: 1 };
	return MANY.has(returns) ? { ...options, count: options.count ?? 'exact' } : options;
}

const CUT =
	"The function gave more rows than came back: the project's row cap (Max Rows) cuts an answer, and a call that may write is made once. Call it Read-Only to get all rows, or a part of them by filters.";

/** Makes a call that only reads: in as many pages as the server makes of its rows. */
export async function readResult(plan: CallPlan, send: Send, run: Run): Promise<Output[]> {
	const { function: named, args, returns, pageSize } = plan;
	const options = { ...plan.options, variadic: await variadicOf(plan, run) };
	if (returns === 'single' || returns === 'maybeSingle' || returns === 'plan') {
		return await callOnce({ ...plan, options }, send, run);
	}
	hintAtFilters(options.filters, run);
	if (returns === 'count') {
		return outputs([{ count: await countOf(send, plan, options) }]);
	}
	let count: number | undefined;
	// A function that gives one value takes no limit; a set is cut by the server itself.
	const isAll = options.limit === undefined && pageSize === undefined;
	const source: RowSource = {
		name: JSON.stringify(['rpc', named.schema, named.name]),
		// Behind the last row a count is an error.
		request: (page) =>
			call(named, args, {
				...options,
				...page,
				columns: options.columns,
				limit: isAll && page.limit === PAGE_SIZE ? undefined : page.limit,
				count: page.offset === options.offset ? options.count : undefined,
			}),
	};
	const { filters, order, offset, limit } = options;
	const read = { filters, order, offset, limit, pageSize };
	const known = { findKey: async () => [], cap: rowCapOf(run.addresses.rest) };
	const counting: Send = async (request) => {
		const answer = await send(request);
		count ??= totalCount(answer.headers);
		return answer as never;
	};
	const say = (unordered: boolean) => unordered && run.hint(UNORDERED);
	if (returns === 'csv') {
		const { document, unordered } = await readDocument(counting, source, read, csv, known);
		say(unordered);
		return outputs([{ csv: document }]);
	}
	if (returns === 'geojson') {
		const { document, unordered } = await readDocument(counting, source, read, geoJson, known);
		say(unordered);
		return outputs([document as unknown as IDataObject]);
	}
	const form = resultForm(options.exactNumbers ?? false);
	const { parts, unordered } = await readPages(counting, source, read, form, known);
	say(unordered);
	if (returns === 'rowsWithCount') return outputs([{ count: count ?? null, rows: rowsIn(parts) }]);
	return listed(parts, plan, run);
}

const UNORDERED =
	'The rows came in several calls, and no order was given. If the function itself gives its rows in no lasting order, some may be missing or doubled: add an Order on a unique column.';

async function countOf(
	send: Send,
	{ function: named, args }: CallPlan,
	options: CallOptions,
): Promise<number | null> {
	const { headers } = await send(call(named, args, { ...options, head: true }));
	return totalCount(headers) ?? null;
}

/** Which arguments take any number of values matters for lists alone. */
async function variadicOf(
	{ function: { schema, name }, args, variadic }: CallPlan,
	run: Run,
): Promise<readonly string[]> {
	if (variadic) return variadic;
	if (!Object.values(args as object).some((value) => Array.isArray(value))) return [];
	const known = await run.arguments(schema, name);
	return known.flatMap((argument) => (argument.variadic ? argument.name : []));
}

function rowsIn(parts: readonly Result[]): IDataObject[] {
	return parts.flatMap(({ value }) => (value ?? []) as IDataObject[]);
}

function listed(parts: readonly Result[], plan: CallPlan, run: Run): Output[] {
	const { returns, sayNone, listIs } = plan;
	const [first] = parts;
	if (listIs === 'auto' && first && isUnclear(first)) run.hint(UNCLEAR);
	const items = itemsOf(parts, listIs);
	if (items.length === 0 && !sayNone) run.hint(`The function ${plan.function.name} gave no rows.`);
	return outputs(returns === 'maybeSingle' ? oneOrNone(items, sayNone) : items);
}

const UNCLEAR =
	'The function gave a list of one value, and the answer does not tell an array from a set of one. It was taken for an array: set List Is in Options.';
