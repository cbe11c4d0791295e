import type { IExecuteFunctions, INode, INodeExecutionData } from 'n8n-workflow';

import { InvalidRequestError } from '../api/errors';
import { authorityHeaders } from '../api/keys';
import { pacer } from '../api/pacer';
import type { Project } from '../api/project';
import { sender } from '../api/transport';
import { filesOf } from './binary';
import { CREDENTIAL, projectOf } from './credential';
import { errorContexts, type ContextOf } from './errorContext';
import { failed, isUncertain, ItemsError, nodeError } from './errors';
import { openLedger, whatStands, type Ledger } from './ledger';
import type { Job, Operation, Resource, Result, Run } from './operation';
import { parameterReader, type ItemParameters } from './parameters';
import { itemsAtOnceOf, requestOptionsOf } from './requestOptions';
import { anyAuthority, authorityOf, runAsProperties } from './runAs';
import { descriptionsFor, droppingDescriptions, knownSchema } from './schema';
import { outputOfEarlierTry, rememberTry } from './tries';

/**
 * Runs a node: compiles every item, carries the plans out, and gives each result to the items that
 * it came from.
 *
 * Nothing is sent before all items are compiled. Under continue on fail an item gets its own error
 * and the others go on. Whatever is thrown says what was written before, and what was written is not
 * written again by n8n's Retry On Fail, unless the operation may be repeated.
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
	const ledger = openLedger();
	let operation: Operation | undefined;
	let contextOf: ContextOf = () => undefined;
	const mayNotRepeat = () => !operation?.repeatable && ledger.isFinal;
	try {
		const given = outputOfEarlierTry(node);
		if (given) return given;
		operation = chosenOperation(node, resources);
		const results = await runOperation(node, operation, {
			count,
			ledger,
			signal,
			tell: (found) => (contextOf = found),
		});
		const output = [await toItems(results, about, contextOf)];
		if (mayNotRepeat()) rememberTry(node, { output });
		return output;
	} catch (error) {
		const stands = whatStands(ledger, operation?.writes, isUncertain(error) ? 1 : 0);
		if (signal?.aborted) {
			throw nodeError(about, new Error('The execution was canceled'), { stands });
		}
		if (node.continueOnFail()) {
			const items = Array.from({ length: count }, (_, item) => ({ items: [item], error }));
			return [await toItems(items, about, contextOf, stands)];
		}
		const items = error instanceof ItemsError ? error.items : [];
		const failure = nodeError(about, error, { stands, context: contextOf(items) });
		if (mayNotRepeat()) rememberTry(node, failure);
		throw failure;
	}
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

/** What carrying an operation out takes beside it. */
interface Given {
	/** How many items there are. */
	readonly count: number;
	readonly ledger: Ledger;
	readonly signal: AbortSignal | undefined;
	/** Is given the contexts of errors, before anything is compiled. */
	readonly tell: (contextOf: ContextOf) => void;
}

async function runOperation(
	node: IExecuteFunctions,
	operation: Operation,
	{ count, ledger, signal, tell }: Given,
): Promise<Result[]> {
	signal?.throwIfAborted();
	const project = projectOf(await node.getCredentials(CREDENTIAL));
	const hints = new Set<string>();
	const parametersOf = parameterReader(node, [...operation.parameters, ...runAsProperties]);
	const run: Run = {
		...descriptionsFor(project, { signal, timeout: firstTimeout(parametersOf(0)) }),
		continueOnFail: node.continueOnFail(),
		itemsAtOnce: itemsAtOnceOf(parametersOf(0)),
		hint: (message) => hints.add(message),
		log: (message) => node.logger.info(message),
		files: filesOf(node),
		addresses: project.services,
		signal,
	};
	const sendersOf = senders(project, operation, ledger, signal);
	const jobs: Array<Job<unknown>> = [];
	tell(
		errorContexts({
			resource: String(node.getNodeParameter('resource', 0)),
			operation,
			parametersOf,
			jobs,
			description: (schema) => knownSchema(project, schema),
		}),
	);
	const refused: Array<{ readonly items: readonly [number]; readonly error: unknown }> = [];
	const pause = pacer();
	for (let item = 0; item < count; item++) {
		await pause();
		try {
			const get = parametersOf(item);
			jobs.push({ item, plan: operation.compile(get), ...sendersOf(get) });
		} catch (error) {
			if (!run.continueOnFail) throw failed([item], error);
			refused.push({ items: [item], error });
		}
	}
	const [bad] = refused;
	const isTogether = bad && jobs.some(({ plan }) => operation.together?.(plan));
	const results = isTogether
		? jobs.map(({ item }) => ({ items: [item], error: becauseOf(bad.items[0]) }))
		: await operation.execute(jobs, run);
	signal?.throwIfAborted();
	for (const message of hints) node.addExecutionHints({ message, type: 'warning' });
	return await inOrder(count, refused, results);
}

/** The description serves all items, so the first says how long to wait; a bad one is refused later. */
function firstTimeout(get: ItemParameters): number | undefined {
	try {
		return requestOptionsOf(get).timeout;
	} catch {
		return undefined;
	}
}

/** Why an item was not written that was to be written with others or not at all. */
function becauseOf(item: number): InvalidRequestError {
	return new InvalidRequestError(
		`Nothing was written, since item ${item + 1} cannot be`,
		`All or Nothing writes all items or none. Mend item ${item + 1}: its own error says how.`,
	);
}

/** What belongs to no item for sure stands behind the last. */
async function inOrder(
	count: number,
	...lists: ReadonlyArray<readonly Result[]>
): Promise<Result[]> {
	const pause = pacer();
	const places = new Map<number, Result[]>();
	for (const results of lists) {
		for (const result of results) {
			await pause();
			const item = result.items[0] ?? count;
			const place = places.get(item);
			if (place) place.push(result);
			else places.set(item, [result]);
		}
	}
	const ordered: Result[] = [];
	for (let item = 0; item <= count; item++) {
		await pause();
		for (const result of places.get(item) ?? []) ordered.push(result);
	}
	return ordered;
}

type Senders = Pick<Job<unknown>, 'send' | 'sendAfterCancel'>;

/**
 * One `send` for all items of the same authority and options, so that they can go together. That
 * the credential has the key for it is checked here, before anything is sent.
 */
function senders(
	project: Project,
	{ anyKey, keyless }: Operation,
	ledger: Ledger,
	signal: AbortSignal | undefined,
): (get: ItemParameters) => Senders {
	const known = new Map<string, Senders>();
	return (get) => {
		const authority = anyKey ? anyAuthority(project) : authorityOf(get, keyless);
		const options = requestOptionsOf(get);
		const key = JSON.stringify([authority, options]);
		let found = known.get(key);
		if (!found) {
			authorityHeaders(project, 'rest', authority);
			found = {
				send: ledger.kept(
					droppingDescriptions(project, sender(project, { ...options, authority, signal })),
				),
				sendAfterCancel: ledger.kept(sender(project, { ...options, authority, maxRepeats: 0 })),
			};
			known.set(key, found);
		}
		return found;
	};
}

async function toItems(
	results: readonly Result[],
	about: INode,
	contextOf: ContextOf,
	stands?: string,
): Promise<INodeExecutionData[]> {
	const pause = pacer();
	const items: INodeExecutionData[] = [];
	for (const result of results) {
		await pause();
		const pairedItem = result.items.map((item) => ({ item }));
		if ('error' in result) {
			const [item] = result.items;
			const context = contextOf(result.items);
			const error = nodeError(about, result.error, { item, stands, context });
			items.push(errorItem(error, about, pairedItem));
		} else {
			const { json, binary } = result;
			items.push({ json, ...(binary && { binary }), pairedItem });
		}
	}
	return items;
}

/**
 * An item that tells of an error in its JSON.
 *
 * On the error output n8n puts the input item's own fields beside it. It knows such an item by its
 * `error`; one that is enumerable would replace the whole JSON later.
 */
function errorItem(
	error: ReturnType<typeof nodeError>,
	{ onError }: INode,
	pairedItem: INodeExecutionData['pairedItem'],
): INodeExecutionData {
	const { code } = (error.context.data ?? {}) as { code?: string };
	const { message, description } = error;
	const json = {
		error: message,
		...(description && { details: description }),
		...(code && { code }),
	};
	const item: INodeExecutionData = { json, pairedItem };
	if (onError === 'continueErrorOutput') Object.defineProperty(item, 'error', { value: error });
	return item;
}
