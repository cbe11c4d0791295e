import type { IDataObject } from 'n8n-workflow';

import { call, type CallOptions, type DatabaseFunction } from '../../../src/api/database/call';
import { totalCount } from '../../../src/api/database/contentRange';
import { requireRollback } from '../../../src/api/database/dryRun';
import { InvalidRequestError } from '../../../src/api/errors';
import { parseJson } from '../../../src/api/json';
import type { Send } from '../../../src/api/transport';
import { eachItem, eachRead, outputs } from '../../../src/n8n/each';
import { operation, type Output, type Run } from '../../../src/n8n/operation';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { functionOf } from '../allowed';
import { databaseFunction, schema } from '../fields';
import { filters, match } from '../filterFields';
import { conditionsOf, hintAtFilters } from '../filters';
import { order, orderOf } from '../order';
import { explainOf, planDetailsOfReturn, rollsBack } from '../plan';
import {
	countMode,
	countModeOf,
	noRow,
	optionalWholeNumber,
	readingOptionsOf,
	returnOf,
	type Return,
} from '../reading';
import { jsonObject, mappedValues } from '../rows';
import {
	argumentFields,
	argumentJson,
	argumentsFrom,
	callAs,
	callReturns,
	options,
	singleArgument,
	singleType,
} from './fields';

interface Plan {
	readonly function: DatabaseFunction;
	readonly args: unknown;
	readonly returns: Return;
	readonly options: CallOptions;
	readonly sayNone: boolean;
}

export const callFunction = operation<Plan>({
	name: 'Call',
	value: 'call',
	action: 'Call a function',
	description: 'Call a function of the database',
	writes: ['call', 'made'],
	parameters: [
		schema,
		databaseFunction,
		argumentsFrom,
		argumentFields,
		argumentJson,
		singleType,
		singleArgument,
		callAs,
		filters,
		match,
		order,
		callReturns,
		countMode,
		noRow,
		planDetailsOfReturn,
		options,
	],
	compile(get) {
		const plan: Plan = {
			function: functionOf(get),
			args: argumentsOf(get),
			returns: returnOf(get),
			options: callOptionsOf(get),
			sayNone: get.text('noRow') === 'item',
		};
		call(plan.function, plan.args, plan.options);
		return plan;
	},
	async execute(jobs, run) {
		const reads = jobs.filter(({ plan }) => plan.options.method === 'GET');
		const writes = jobs.filter(({ plan }) => plan.options.method !== 'GET');
		return [
			...(await eachRead<Plan>(callOnce)(reads, run)),
			// What calls change is not known, so they are made in the order of the items.
			...(await eachItem<Plan>(async ({ plan, send }) => await callOnce(plan, send, run), {
				width: 1,
			})(writes, run)),
		];
	},
});

async function callOnce(plan: Plan, send: Send, run: Run): Promise<Output[]> {
	hintAtFilters(plan.options.filters, run);
	const { schema: inSchema } = plan.function;
	if (plan.options.dryRun) await requireRollback(send, inSchema, await run.anyTable(inSchema));
	const { body, headers } = await send(call(plan.function, plan.args, plan.options));
	const count = totalCount(headers) ?? null;
	switch (plan.returns) {
		case 'count':
			return outputs([{ count }]);
		case 'rowsWithCount':
			return outputs([{ count, rows: (body ?? []) as IDataObject[] }]);
		case 'csv':
			return outputs([{ csv: body as string }]);
		case 'plan':
			return outputs([{ plan: body as IDataObject }]);
		case 'maybeSingle':
			return outputs(oneOrNone(itemsOf(body, headers['content-range']), plan.sayNone));
		case 'single':
		case 'rows':
		case 'geojson':
			return outputs(itemsOf(body, headers['content-range']));
	}
}

/**
 * An item for each row of a set, one for any other result, one that says so for void. An empty list
 * is a set without rows where the range says so, and else a list.
 */
function itemsOf(body: unknown, contentRange = '*/*'): IDataObject[] {
	if (body === undefined) return [{ success: true }];
	if (Array.isArray(body)) {
		const isSet = body.length > 0 || contentRange.startsWith('*');
		return isSet && body.every(isObject) ? body : [{ result: body as IDataObject[] }];
	}
	return [isObject(body) ? body : { result: body as string }];
}

function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function oneOrNone(rows: IDataObject[], sayNone: boolean): IDataObject[] {
	if (rows.length <= 1) return rows.length || !sayNone ? rows : [{ found: false }];
	throw new InvalidRequestError(
		'The function gave more than one row',
		'Called with POST, it was carried out all the same. Narrow the filters until they meet one row, or return Result.',
	);
}

function argumentsOf(get: ItemParameters): unknown {
	const from = get.text('argumentsFrom') || 'fields';
	if (from === 'json') return jsonObject(get, 'argumentJson', 'Arguments');
	if (from === 'single') return singleOf(get);
	return mappedValues(get, 'arguments');
}

function singleOf(get: ItemParameters): unknown {
	const value = get.value('singleArgument');
	if (typeOf(get) === 'binary') return Buffer.from(get.text('singleArgument'), 'base64');
	if (typeOf(get) !== 'json' || typeof value !== 'string') return value;
	const json = parseJson(value);
	if (json !== undefined) return json;
	throw new InvalidRequestError('Argument is not valid JSON', 'Check quotes and commas.');
}

function typeOf(get: ItemParameters): CallOptions['argumentType'] {
	if (get.text('argumentsFrom') !== 'single') return 'json';
	const type = get.text('singleType');
	return type === 'text' || type === 'xml' || type === 'binary' ? type : 'json';
}

function callOptionsOf(get: ItemParameters): CallOptions {
	const form = returnOf(get);
	const { columns, maxRows } = get.object('options');
	const counted = form === 'count' || form === 'rowsWithCount';
	const writes = get.text('callAs') !== 'GET';
	const explain = form === 'plan' ? explainOf(get.names('planDetails')) : undefined;
	return {
		method: writes ? 'POST' : 'GET',
		argumentType: typeOf(get),
		columns: typeof columns === 'string' && columns.trim() ? columns : undefined,
		filters: conditionsOf(get),
		order: orderOf(get),
		limit: optionalWholeNumber(maxRows, 'Max Rows'),
		count: counted ? countModeOf(get) : undefined,
		head: form === 'count',
		single: form === 'single',
		format: form === 'csv' || form === 'geojson' ? form : undefined,
		explain,
		dryRun:
			get.option('dryRun').boolean() ||
			(writes && form === 'plan' && rollsBack(get.names('planDetails'))),
		maxAffected: get.option('maxAffected').wholeNumber(1),
		...readingOptionsOf(get),
	};
}
