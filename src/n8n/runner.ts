import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { senderAsUser } from '../api/auth/sendAsUser';
import type { UserSession } from '../api/auth/userSession';
import { InvalidRequestError } from '../api/errors';
import { authorityHeaders, type Authority } from '../api/keys';
import { pacer } from '../api/pacer';
import type { Project } from '../api/project';
import { openRealtime } from '../api/realtime/realtime';
import { sender, type Send, type SendOptions } from '../api/transport';
import { filesOf } from './binary';
import { CREDENTIAL, projectOf } from './credential';
import { errorContexts, type ContextOf } from './errorContext';
import { textOf } from './each';
import { failed, isUncertain, ItemsError, nodeError } from './errors';
import { openLedger, whatStands, type Ledger } from './ledger';
import type { Job, Operation, Resource, Result, Run } from './operation';
import { inOrder, toItems } from './outputItems';
import { parameterReader, type ItemParameters } from './parameters';
import { itemsAtOnceOf, requestOptionsOf } from './requestOptions';
import { anyAuthority, authorityOf, OF_SESSION, runAsProperties, type Whose } from './runAs';
import { descriptionsFor, droppingDescriptions, knownSchema } from './schema';
import { outputOfEarlierTry, rememberTry } from './tries';
import { sessionOfNode } from './userSession';

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
): Promise<readonly Result[]> {
	signal?.throwIfAborted();
	const credential = await node.getCredentials(CREDENTIAL);
	const project = projectOf(credential);
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
	const sendersOf = senders({
		project,
		operation,
		ledger,
		signal,
		session: async () => await sessionOfNode(node, credential),
	});
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
		if (pause.isDue()) await pause();
		try {
			const get = parametersOf(item);
			const plan = operation.compile(get);
			const senders = sendersOf(get);
			const ready = senders instanceof Promise ? await senders : senders;
			// Properties behind a spread cost V8 half a microsecond each; before it they cost nothing.
			jobs.push({ item, plan, ...ready });
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

function authorityFor(operation: Operation, get: ItemParameters, project: Project): Whose {
	if (operation.authority) return operation.authority(get, project);
	return operation.anyKey ? anyAuthority(project) : authorityOf(get, operation.keyless);
}

function tokenOf(authority: Authority): Job<unknown>['accessToken'] {
	return authority.role === 'user'
		? async () => await Promise.resolve(authority.accessToken)
		: undefined;
}

type Senders = Pick<Job<unknown>, 'send' | 'sendAfterCancel' | 'connect' | 'kept' | 'accessToken'>;

/** What all requests of a node have in common. */
interface Sending {
	readonly project: Project;
	readonly operation: Operation;
	readonly ledger: Ledger;
	readonly signal: AbortSignal | undefined;
	/** The session of the user whom the node's credential signs in. */
	readonly session: () => Promise<UserSession>;
}

/**
 * One `send` for all items of the same authority and options, so that they can go together. That
 * the credential has the key for it is checked here, before anything is sent.
 */
function senders(sending: Sending): (get: ItemParameters) => Senders | Promise<Senders> {
	const { project, operation, ledger, signal, session } = sending;
	const known = new Map<string, Senders>();

	async function made(authority: Whose, options: Omit<SendOptions, 'authority'>): Promise<Senders> {
		const whose = authority.role === OF_SESSION.role ? await session() : authority;
		if ('role' in whose) authorityHeaders(project, 'rest', whose);
		const bound = (more: Omit<SendOptions, 'authority'>): Send =>
			'role' in whose
				? sender(project, { ...options, ...more, authority: whose })
				: senderAsUser(project, { ...options, ...more }, whose);
		return {
			send: ledger.kept(droppingDescriptions(project, bound({ signal }))),
			sendAfterCancel: ledger.kept(bound({ maxRepeats: 0 })),
			connect: (more) =>
				openRealtime(project, {
					...more,
					authority: async () => ({
						authority:
							'role' in whose ? whose : { role: 'user', accessToken: await whose.accessToken() },
					}),
				}),
			kept: ledger.kept,
			accessToken: 'role' in whose ? tokenOf(whose) : async () => await whose.accessToken(),
		};
	}

	const wanted = (get: ItemParameters) => ({
		authority: authorityFor(operation, get, project),
		options: requestOptionsOf(get),
	});

	async function remembered(key: string, asked: ReturnType<typeof wanted>): Promise<Senders> {
		const found = await made(asked.authority, asked.options);
		known.set(key, found);
		return found;
	}

	return (get) => {
		const asked = get.once(wanted);
		const key = textOf(asked);
		return known.get(key) ?? remembered(key, asked);
	};
}
