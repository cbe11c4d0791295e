import type { IExecuteFunctions, INode, INodeExecutionData } from 'n8n-workflow';

import { InvalidRequestError } from '../api/errors';
import { authorityHeaders } from '../api/keys';
import type { Project } from '../api/project';
import { sender } from '../api/transport';
import { filesOf } from './binary';
import { CREDENTIAL, projectOf } from './credential';
import { failed, ItemsError, nodeError } from './errors';
import type { Job, Operation, Resource, Result, Run } from './operation';
import { parameterReader, type ItemParameters } from './parameters';
import { requestOptionsOf } from './requestOptions';
import { authorityOf } from './runAs';
import { descriptionsFor, droppingDescriptions } from './schema';

/**
 * Runs a node: compiles every item, carries the plans out, and gives each result to the items that
 * it came from.
 *
 * Nothing is sent before all items are compiled. Under continue on fail an item gets its own error
 * and the others go on.
 *
 * @param node what n8n calls `execute` with
 * @throws NodeApiError or NodeOperationError at the first failure, unless the node continues on fail
 */
export async function runNode(
	node: IExecuteFunctions,
	resources: readonly Resource[],
): Promise<INodeExecutionData[][]> {
	const count = node.getInputData().length;
	if (count === 0) return [[]];
	const about = node.getNode();
	const signal = node.getExecutionCancelSignal();
	refuseToWriteAgain(node, about);
	try {
		const operation = chosenOperation(node, resources);
		const results = await runOperation(node, operation, count, signal);
		return [toItems(results, about)];
	} catch (error) {
		if (signal?.aborted) throw nodeError(about, new Error('The execution was canceled'));
		if (!node.continueOnFail()) {
			const failure = nodeError(about, error);
			if (error instanceof ItemsError && error.hasWritten) rememberWriting(node, failure);
			throw failure;
		}
		const items = Array.from({ length: count }, (_, item) => item);
		return [
			toItems(
				items.map((item) => ({ items: [item], error })),
				about,
			),
		];
	}
}

type NodeError = ReturnType<typeof nodeError>;

/** What n8n keeps for the node while the execution lasts, so also from one try to the next. */
interface Memory {
	failureAfterWriting?: { readonly message: string; readonly description?: string | null };
}

function rememberWriting(node: IExecuteFunctions, { message, description }: NodeError): void {
	(node.getContext('node') as Memory).failureAfterWriting = { message, description };
}

/** With Retry On Fail n8n runs all items again, also those that were written. */
function refuseToWriteAgain(node: IExecuteFunctions, about: INode): void {
	const failure = about.retryOnFail && (node.getContext('node') as Memory).failureAfterWriting;
	if (!failure) return;
	const reason =
		'Retry On Fail did not run the node again, since that would write twice what was written before the failure.';
	throw nodeError(
		about,
		new InvalidRequestError(
			failure.message,
			[failure.description, reason].filter(Boolean).join(' '),
		),
	);
}

function chosenOperation(node: IExecuteFunctions, resources: readonly Resource[]): Operation {
	const resource = node.getNodeParameter('resource', 0);
	const value = node.getNodeParameter('operation', 0);
	const found = resources
		.find((each) => each.value === resource)
		?.operations.find((each) => each.value === value);
	if (found) return found;
	throw new InvalidRequestError(
		`There is no operation "${String(value)}" of "${String(resource)}"`,
		'Choose Resource and Operation again.',
	);
}

async function runOperation(
	node: IExecuteFunctions,
	operation: Operation,
	count: number,
	signal: AbortSignal | undefined,
): Promise<Result[]> {
	signal?.throwIfAborted();
	const project = projectOf(await node.getCredentials(CREDENTIAL));
	const hints = new Set<string>();
	const run: Run = {
		...descriptionsFor(project, { signal }),
		continueOnFail: node.continueOnFail(),
		hint: (message) => hints.add(message),
		log: (message) => node.logger.info(message),
		files: filesOf(node),
		addresses: project.services,
		signal,
	};
	const parametersOf = parameterReader(node, operation.parameters);
	const sendersOf = senders(project, signal);
	const jobs: Array<Job<unknown>> = [];
	const refused: Result[] = [];
	for (let item = 0; item < count; item++) {
		try {
			const get = parametersOf(item);
			jobs.push({ item, plan: operation.compile(get), ...sendersOf(get) });
		} catch (error) {
			if (!run.continueOnFail) throw failed([item], error);
			refused.push({ items: [item], error });
		}
	}
	const results = await operation.execute(jobs, run);
	signal?.throwIfAborted();
	node.addExecutionHints(...[...hints].map((message) => ({ message, type: 'warning' as const })));
	return [...refused, ...results].sort((a, b) => (a.items[0] ?? 0) - (b.items[0] ?? 0));
}

type Senders = Pick<Job<unknown>, 'send' | 'sendAfterCancel'>;

/**
 * One `send` for all items of the same authority and options, so that they can go together. That
 * the credential has the key for it is checked here, before anything is sent.
 */
function senders(
	project: Project,
	signal: AbortSignal | undefined,
): (get: ItemParameters) => Senders {
	const known = new Map<string, Senders>();
	return (get) => {
		const authority = authorityOf(get);
		const options = requestOptionsOf(get);
		const key = JSON.stringify([authority, options]);
		let found = known.get(key);
		if (!found) {
			authorityHeaders(project, 'rest', authority);
			found = {
				send: droppingDescriptions(project, sender(project, { ...options, authority, signal })),
				sendAfterCancel: sender(project, { ...options, authority }),
			};
			known.set(key, found);
		}
		return found;
	};
}

function toItems(results: readonly Result[], about: INode): INodeExecutionData[] {
	return results.map((result) => {
		const pairedItem = result.items.map((item) => ({ item }));
		if (!('error' in result)) {
			const { json, binary } = result;
			return { json, ...(binary && { binary }), pairedItem };
		}
		const error = nodeError(about, result.error, result.items[0]);
		return { ...errorItem(error, about), pairedItem };
	});
}

/**
 * In this form n8n puts the input item's own fields beside the error on the error output. But a node
 * with Retry On Fail it would run again for an error in the first item's JSON, and so repeat what was
 * written: there the error stands beside the JSON.
 */
function errorItem(
	error: ReturnType<typeof nodeError>,
	{ retryOnFail }: INode,
): INodeExecutionData {
	return retryOnFail
		? { json: {}, error }
		: { json: { error: error.message, ...(error.description && { details: error.description }) } };
}
