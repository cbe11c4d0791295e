import { call, type CallOptions } from '../../../src/api/database/call';
import { InvalidRequestError } from '../../../src/api/errors';
import { parseJson } from '../../../src/api/json';
import { eachItem, eachRead } from '../../../src/n8n/each';
import { operation } from '../../../src/n8n/operation';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { schema } from '../../../src/n8n/tableFields';
import { functionOf } from '../allowed';
import { databaseFunction } from '../fields';
import { conditionsOf } from '../filters';
import { orderOf } from '../order';
import { explainOf, planDetailsOfReturn, rollsBack } from '../plan';
import {
	countMode,
	countModeOf,
	limit,
	limitOf,
	noRow,
	readingOptionsOf,
	returnOf,
	saysNone,
	severalRows,
	takesFirst,
	type Return,
} from '../reading';
import { jsonObject, mappedValues } from '../rows';
import {
	argumentFields,
	argumentJson,
	argumentsFrom,
	callAs,
	callReturns,
	filtersOfResult,
	matchOfResult,
	options,
	orderOfResult,
	returnAllOfResult,
	singleArgument,
	singleType,
} from './fields';
import { callOnce, readResult, type CallPlan } from './returned';

export const callFunction = operation<CallPlan>({
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
		callReturns,
		filtersOfResult,
		matchOfResult,
		orderOfResult,
		countMode,
		noRow,
		severalRows,
		planDetailsOfReturn,
		returnAllOfResult,
		limit,
		options,
	],
	compile: (get) => get.once(planOf),
	async execute(jobs, run) {
		const reads = jobs.filter(({ plan }) => plan.options.method === 'GET');
		const writes = jobs.filter(({ plan }) => plan.options.method !== 'GET');
		return [
			...(await eachRead<CallPlan>(readResult)(reads, run)),
			// What calls change is not known, so they are made in the order of the items.
			...(await eachItem<CallPlan>(async ({ plan, send }) => await callOnce(plan, send, run), {
				width: 1,
			})(writes, run)),
		];
	},
});

function planOf(get: ItemParameters): CallPlan {
	const plan: CallPlan = {
		function: functionOf(get),
		args: argumentsOf(get),
		returns: returnOf(get),
		options: callOptionsOf(get),
		sayNone: saysNone(get),
		listIs: get.option('listIs').oneOf(['auto', 'set', 'array']) ?? 'auto',
		variadic: get.option('variadic').someNames(),
		pageSize: get.option('pageSize').wholeNumber(1),
	};
	call(plan.function, plan.args, plan.options);
	return plan;
}

function argumentsOf(get: ItemParameters): unknown {
	const from = get.oneOf('argumentsFrom', ['fields', 'json', 'single']) ?? 'fields';
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
	return get.oneOf('singleType', ['json', 'text', 'xml', 'binary']) ?? 'json';
}

function callOptionsOf(get: ItemParameters): CallOptions {
	const form = returnOf(get);
	const counted = form === 'count' || form === 'rowsWithCount';
	const writes = get.oneOf('callAs', ['GET', 'POST']) !== 'GET';
	const isPlan = form === 'plan';
	return {
		method: writes ? 'POST' : 'GET',
		argumentType: typeOf(get),
		columns: get.option('columns').text() || undefined,
		filters: conditionsOf(get),
		order: orderOf(get),
		limit: takesFirst(get) ? 1 : limitOf(get, form),
		count: counted ? countModeOf(get) : undefined,
		single: form === 'single',
		format: form === 'csv' || form === 'geojson' ? form : undefined,
		exactNumbers: READ_AS_JSON.includes(form) && get.option('exactNumbers').boolean(),
		explain: isPlan ? explainOf(get.names('planDetails')) : undefined,
		dryRun:
			get.option('dryRun').boolean() || (writes && isPlan && rollsBack(get.names('planDetails'))),
		maxAffected: get.option('maxAffected').wholeNumber(1),
		...readingOptionsOf(get),
	};
}

const READ_AS_JSON: Return[] = ['rows', 'rowsWithCount', 'single', 'maybeSingle', 'geojson'];
