import type { Readable } from 'node:stream';

import type { INodeProperties } from 'n8n-workflow';

import { InvalidRequestError, RELAY_ERROR, SupabaseApiError } from '../../../src/api/errors';
import { invoke, type Invocation } from '../../../src/api/functions/invoke';
import { onlyReads } from '../../../src/api/request';
import { eachItem } from '../../../src/n8n/each';
import { operation, type Job, type Output, type Run } from '../../../src/n8n/operation';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { itemsAtOnce, requestOptions, requestOptionsOf } from '../../../src/n8n/requestOptions';
import { runAsOf } from '../../../src/n8n/runAs';
import { bodyPlanOf, openedBody, type BodyPlan } from './body';
import { bodyParameters, contentType } from './bodyFields';
import { functionName, invocationOf, method, path, query, region, safeToRepeat } from './fields';
import {
	fullResponse,
	neverError,
	outputOfFailure,
	outputsOf,
	responseParameters,
	responsePlanOf,
	type ResponsePlan,
} from './response';

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	// By how often they are wanted.
	options: [
		...requestOptions,
		neverError,
		fullResponse,
		region,
		contentType,
		{
			...itemsAtOnce,
			description:
				'How many items are called side by side. Without it, calls with GET are, and others are made one after the other in the order of the items.',
		},
		safeToRepeat,
	],
};

interface Plan {
	readonly call: Invocation;
	readonly body: BodyPlan | undefined;
	readonly response: ResponsePlan;
}

export const invokeFunction = operation<Plan>({
	name: 'Invoke',
	value: 'invoke',
	action: 'Invoke a function',
	description: 'Call an Edge Function and read its answer',
	writes: ['call', 'made'],
	keyless: true,
	parameters: [
		functionName,
		method,
		path,
		query,
		...bodyParameters,
		...responseParameters,
		options,
	],
	compile(get) {
		const call = invocationOf(get);
		invoke(call);
		const ownType = contentTypeOf(get);
		return {
			call,
			body: call.method === 'GET' ? undefined : bodyPlanOf(get, ownType),
			response: responsePlanOf(get),
		};
	},
	execute: async (jobs, run) =>
		await eachItem<Plan>(invokeOne, {
			targetsOf: run.itemsAtOnce === undefined ? inOrder : undefined,
		})(jobs, run),
});

/** What a function changes nobody knows: calls that may change something keep their order. */
function inOrder({ plan: { call } }: Job<Plan>): readonly string[] {
	return call.method === 'GET' ? [] : ['functions'];
}

async function invokeOne({ plan, send }: Job<Plan>, run: Run): Promise<Output[]> {
	const { call, response } = plan;
	const request = invoke(call, plan.body && (await openedBody(plan.body, run.files)));
	const answer = await send<Readable>(request).catch((error: unknown) => {
		const failure = response.neverError ? answeredFailure(error) : undefined;
		if (failure) return failure;
		throw error;
	});
	if ('json' in answer) return [answer];
	const begun = { answer, reads: onlyReads(request), signal: run.signal };
	return await outputsOf(begun, response, call.name, run);
}

/** What the function answered that failed; nothing where no function did. */
function answeredFailure(error: unknown): Output | undefined {
	if (!(error instanceof SupabaseApiError) || !error.answer) return undefined;
	return error.code === RELAY_ERROR ? undefined : outputOfFailure(error.answer, error.status);
}

/** The content type that a person wants, from its option or from a header of theirs. */
function contentTypeOf(get: ItemParameters): string | undefined {
	const headers = requestOptionsOf(get).headers ?? {};
	const header = (wanted: string) =>
		Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1];
	const reserved = ['apikey', 'authorization'].find((name) => header(name) !== undefined);
	if (reserved && runAsOf(get, true) !== 'noKey') {
		throw new InvalidRequestError(
			`The header ${reserved} is set by Run As`,
			'To send one of your own, choose No Key in Run As.',
		);
	}
	const type = get.option('contentType').text() || header('content-type');
	if (!type || /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+\s*(;[ -~]*)?$/.test(type)) return type || undefined;
	throw new InvalidRequestError(
		`"${type}" is not a content type`,
		'It looks like application/xml or text/plain; charset=utf-8.',
	);
}
