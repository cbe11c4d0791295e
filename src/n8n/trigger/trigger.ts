import { randomUUID } from 'node:crypto';
import type { INodeExecutionData, ITriggerFunctions } from 'n8n-workflow';

import { InvalidRequestError, type SupabaseApiError } from '../../api/errors';
import type { Project } from '../../api/project';
import type { ReaderState } from '../../api/queues/reader/options';
import type { CatchUpState } from '../../api/realtime/catchUp/state';
import { notSubscribed } from '../../api/realtime/doctor/findings';
import {
	openListening,
	type Happening,
	type Listening,
	type ListeningNews,
	type ListeningState,
} from '../../api/realtime/listening';
import { sentence } from '../advice/texts';
import { nodeError } from '../errors';
import type { Rights } from './authority';
import { prove } from './canary';
import { keysFor, type KeyOf } from './deduplication';
import { examineSources, openDurable, type Durable, type Source } from './durable';
import { showOne } from './durableTest';
import { examine } from './examined';
import {
	executions,
	longestExecution,
	oneByOne,
	SIDE_BY_SIDE,
	type Execution,
	type Pace,
} from './executions';
import { withSql } from './faults';
import { itemOf } from './items';
import { keptIn, type Kept } from './kept';
import { lineOf } from './news';
import { lastingOutages } from './outages';
import { pause } from './pause';
import type { TriggerPlan } from './plan';
import { settled } from './settled';
import { targets } from './targets';
import { oneAfterTheOther } from './turns';
import { passes, watching, type Watching } from './watches';

/** Until what could not be reached is asked again, in milliseconds; it doubles. */
const RETRY = { first: 1_000, most: 60_000 };

/** What is not reached, beside queues by their names. */
const REALTIME = '';

export interface TriggerOptions {
	readonly node: ITriggerFunctions;
	readonly project: Project;
	readonly plan: TriggerPlan;
	readonly rights: Rights;
	/** Waits for one event, keeps nothing, and starts now. */
	readonly isTest: boolean;
}

/** A trigger that connects and listens until it is closed. */
export interface Trigger {
	/** Everything is subscribed, and where reading begins is known. Rejected by what does not mend itself. */
	readonly listening: Promise<void>;
	/** The first execution was started. */
	readonly emitted: Promise<void>;
	/** Told of what does not mend itself. */
	onRefused(listener: (error: Error) => void): void;
	/** Executions may start from now on. */
	readonly release: () => void;
	/** Why it does not listen yet. */
	whyNot(): Error;
	/** Says in the log that it does not listen after so long (milliseconds), and why that may be. */
	tellLate(waited: number): void;
	/** Leaves all channels and closes the socket; no timer stays. Never throws. */
	close(): Promise<void>;
}

/** Opens a trigger. Whatever goes wrong later is told, and never thrown. */
export function openTrigger({ node, project, plan, rights, isTest }: TriggerOptions): Trigger {
	const about = node.getNode();
	const closing = new AbortController();
	const { signal } = closing;
	const pace = paceOf(plan, node);
	const started = executions(node, pace, signal);
	const listening = settled();
	const emitted = settled();
	const released = settled();
	const refusals: Array<(error: Error) => void> = [];
	let opened: Listening | undefined;
	let durable: Durable | undefined;
	let kept: Kept | undefined;
	let keyOf: KeyOf = () => undefined;
	let fault: Error | undefined;
	let hasEmitted = false;
	const isByHand = !isTest && ['activate', 'update'].includes(node.getActivationMode());
	let isProven = false;
	const outages = lastingOutages((what, reason) => {
		// Older versions of n8n have no such executions.
		if (!isTest)
			node.saveFailedExecution?.(nodeError(about, (what === REALTIME && fault) || reason));
	});
	/** One batch after the other: rooms, tables and queues share the executions. */
	const turns = oneAfterTheOther();

	function log(level: 'debug' | 'info' | 'warn', text: string): void {
		node.logger[level](`${about.name}: ${text}`, { workflowId: node.getWorkflow().id });
	}

	/** Begins nothing before it may, and nothing when the trigger closes. */
	async function inTurn<T>(begin: () => Promise<T>): Promise<T> {
		return await turns(async () => {
			await released.promise;
			signal.throwIfAborted();
			return await begin();
		});
	}

	async function emit(happened: readonly Happening[], state?: () => CatchUpState): Promise<void> {
		await inTurn(async () => {
			if (isTest && hasEmitted) return;
			const items = await Promise.all(
				happened.map(async (each) => await itemOf(each, plan.fullMessage, node.helpers)),
			);
			await started.room();
			if (state) kept?.note(state, started.running);
			const [only] = happened;
			start(items, happened.length === 1 && only && !isTest ? keyOf(only) : undefined);
		});
	}

	function start(items: INodeExecutionData[], key?: string): Execution {
		const execution = started.start(items, key);
		hasEmitted = true;
		emitted.resolve();
		return execution;
	}

	function refused(error: Error): void {
		fault = error;
		log('warn', `cannot listen, which will not mend itself. ${words(error)}`);
		listening.reject(error);
		for (const listener of refusals) {
			try {
				listener(error);
			} catch (thrown) {
				log('warn', `could not tell n8n of it. ${words(thrown)}`);
			}
		}
	}

	function words(error: unknown): string {
		const { message, description } = nodeError(about, error);
		return [message, description]
			.map((text) => sentence(text ?? ''))
			.filter(Boolean)
			.join(' ');
	}

	function onState(state: ListeningState): void {
		switch (state.name) {
			case 'connecting':
				return;
			case 'subscribed':
				fault = undefined;
				outages.end(REALTIME);
				return log('info', `listens to ${targets({ ...plan, durable: undefined })}`);
			case 'waiting':
				fault = state.reason;
				log('warn', `is not connected, and tries again. ${words(state.reason)}`);
				return outages.begin(REALTIME, state.reason);
			case 'refused':
				return refused(withSql(state.reason) as Error);
		}
	}

	function onQueueState(queue: string, state: ReaderState): void {
		switch (state.name) {
			case 'reading':
				outages.end(queue);
				return log('info', `reads the queue "${queue}"`);
			case 'waiting':
				log(
					'warn',
					`does not reach the queue "${queue}", and tries again; nothing is lost. ${words(state.reason)}`,
				);
				return outages.begin(queue, state.reason);
			case 'refused':
				return refused(state.reason);
		}
	}

	/** Where reading begins is kept before n8n saves what it has of an activation. */
	async function arrive(): Promise<void> {
		await opened?.ready();
		await durable?.ready;
		if (signal.aborted) return;
		const state = opened?.keep();
		if (state) kept?.note(() => state, started.running);
		listening.resolve();
	}

	function onNews(news: ListeningNews): void {
		const line = lineOf(news, words);
		if (line) log(line.level, line.text);
	}

	function listen({ watches, bindings }: Watching): void {
		const anew = plan.startAnew && isByHand;
		kept = isTest ? undefined : keptIn(node.getWorkflowStaticData('node'), watches, anew);
		keyOf = keysFor([node.getWorkflow().id ?? '', about.id, kept?.epoch ?? ''], watches);
		opened = openListening({
			project,
			...rights,
			watches,
			bindings,
			rooms: plan.rooms,
			name: `n8n-${randomUUID()}`,
			state: kept?.state,
			start: isTest ? 'now' : plan.start,
			numbers: plan.exactNumbers ? 'text' : 'rounded',
			limits: {
				...(plan.batch && { batch: plan.batch.events, batchWait: plan.batch.wait }),
				...(plan.rowsPerSweep && { sweepRows: plan.rowsPerSweep }),
			},
			emit,
			onState,
			onNews,
			onFault: (error) => log('warn', `met a fault of its own. ${words(error)}`),
		});
	}

	function read(sources: readonly Source[]): void {
		const { durable: delivery } = plan;
		if (!delivery) return;
		if (isTest) {
			showOne(sources, rights.send, signal)
				.then(async (item) => await inTurn(async () => void (item && !hasEmitted && start([item]))))
				.catch((error: unknown) => signal.aborted || refused(error as Error));
			return;
		}
		durable = openDurable(sources, {
			...{ node, project, plan, delivery, rights, pace, log, words, signal },
			onState: onQueueState,
			start: async (items, mayStart, key) =>
				await inTurn(async () => {
					await started.room();
					return mayStart() ? start(items, key) : undefined;
				}),
		});
	}

	async function connect(): Promise<void> {
		for (let wait = RETRY.first; ; wait = Math.min(wait * 2, RETRY.most)) {
			try {
				const found = await watching(plan.tables, project, signal);
				await examine(found.watches, project, plan.runAs, rights.send, log, signal);
				if (isByHand && !isProven) await prove(plan, project, rights, log, signal);
				isProven = true;
				const sources = await examineSources(plan, rights.send, log);
				if (signal.aborted) return;
				if (plan.tables.length + plan.rooms.length > 0) listen(found);
				read(sources);
				void arrive();
				return;
			} catch (error) {
				if (signal.aborted) return;
				if (!passes(error)) return refused(error as Error);
				if (fault?.message !== (error as Error).message) {
					onState({ name: 'waiting', reason: error as SupabaseApiError });
				}
				await pause(wait, signal);
				if (signal.aborted) return;
			}
		}
	}

	if (isTest) log('info', `waits for ${targets(plan)}`);
	connect().catch((error: unknown) => refused(error as Error));

	return {
		listening: listening.promise,
		emitted: emitted.promise,
		onRefused: (listener) => refusals.push(listener),
		release: () => released.resolve(),
		whyNot: () =>
			fault ??
			new InvalidRequestError(
				'Supabase has not said yet that the trigger is subscribed',
				'The first subscriber of a project waits a few seconds. Test the step again.',
			),
		tellLate(waited) {
			// Where there is a reason, it was told.
			if (fault || plan.tables.length === 0) return;
			const { title, mend = '' } = notSubscribed(plan.tables, waited / 1000);
			log('warn', `goes on trying. ${sentence(title)} ${mend}`);
		},
		async close() {
			closing.abort(new Error('The trigger was closed'));
			outages.close();
			released.resolve();
			const stopped = new Error('The trigger was stopped before anything happened');
			listening.reject(stopped);
			emitted.reject(stopped);
			await Promise.all([opened?.close(), durable?.close()]);
		},
	};
}

/** With queues each execution is waited for as long as it may take, as its outcome decides. */
function paceOf({ durable, oneAtATime }: TriggerPlan, node: ITriggerFunctions): Pace {
	const pace = oneAtATime ? oneByOne(node) : SIDE_BY_SIDE;
	return durable ? { ...pace, longest: durable.timeLimit ?? longestExecution(node) } : pace;
}
