import type { INodeExecutionData, ITriggerFunctions } from 'n8n-workflow';

import type { Project } from '../../api/project';
import { realtimeBell } from '../../api/queues/reader/bell';
import { queueCalls } from '../../api/queues/reader/calls';
import type { Order } from '../../api/queues/reader/hand';
import type { Outcome, QueueMessage } from '../../api/queues/reader/message';
import type { ReaderNews, ReaderState } from '../../api/queues/reader/options';
import { openReader } from '../../api/queues/reader/reader';
import { sender, type Send } from '../../api/transport';
import type { Rights } from './authority';
import { eventOf, type Wanted } from './captured';
import { messageKey } from './deduplication';
import type { Log } from './examined';
import type { Execution } from './executions';
import { examineQueue } from './installed';
import { NOT_STARTED, outcomeOf } from './outcomes';
import type { DurableDelivery, TriggerPlan } from './plan';

/** How often to look while a ring would be heard, and while it would not, in milliseconds. */
const SLOW = 30_000;
const QUICK = 5_000;

/** For how long a claim hides a message, in seconds, unless told otherwise. */
const VISIBILITY = 60;

/** A queue, and what is to be done with it. */
export interface Source {
	readonly queue: string;
	readonly order: Order;
	/** Of what is captured to it; `undefined` for a queue of a person's own. */
	readonly captured: DurableDelivery['captured'];
	/** What tells it from another queue of its name, of other days. */
	readonly born: string;
}

/**
 * The queues that a trigger reads. A row's changes keep their order; the messages of a queue of one's
 * own are jobs, of which each is for itself unless only one execution runs at a time.
 */
function sourcesOf(
	{ captured, queues }: DurableDelivery,
	oneAtATime: boolean,
): Array<Omit<Source, 'born'>> {
	return [
		...(captured ? [{ queue: captured.plan.queue, order: 'row' as const, captured }] : []),
		...queues.map((queue) => ({
			queue,
			order: oneAtATime ? ('queue' as const) : ('none' as const),
			captured: undefined,
		})),
	];
}

export interface DurableOptions {
	readonly node: ITriggerFunctions;
	readonly project: Project;
	readonly plan: TriggerPlan;
	readonly delivery: DurableDelivery;
	readonly rights: Rights;
	readonly pace: { readonly atOnce: number; readonly longest: number };
	readonly log: Log;
	/** In a person's words. */
	readonly words: (error: unknown) => string;
	/**
	 * Starts an execution as soon as there is room.
	 *
	 * @param mayStart asked right before it is started
	 * @returns `undefined` where it may not be
	 * @throws what `emit` throws, and the reason for closing
	 */
	readonly start: (
		items: INodeExecutionData[],
		mayStart: () => boolean,
		key?: string,
	) => Promise<Execution | undefined>;
	readonly onState: (queue: string, state: ReaderState) => void;
	readonly signal: AbortSignal;
}

export interface Durable {
	/** All queues were claimed from once. */
	readonly ready: Promise<void>;
	close(): Promise<void>;
}

/**
 * The queues of a trigger, each looked at whether it can be read.
 *
 * @throws InvalidRequestError for what does not mend itself, with the SQL that does
 * @throws SupabaseApiError while the project cannot be reached
 */
export async function examineSources(
	{ durable, oneAtATime }: TriggerPlan,
	send: Send,
	log: Log,
): Promise<Source[]> {
	const sources: Source[] = [];
	for (const source of durable ? sourcesOf(durable, oneAtATime) : []) {
		const born = await examineQueue(send, source.queue, source.captured?.plan, log);
		sources.push({ ...source, born });
	}
	return sources;
}

/** Reads the queues of a trigger until it is closed. */
export function openDurable(sources: readonly Source[], options: DurableOptions): Durable {
	const readers = sources.map((source) => openSource(options, source));
	return {
		ready: Promise.all(readers.map(async ({ ready }) => await ready)).then(() => undefined),
		async close() {
			await Promise.all(readers.map(async (reader) => await reader.close()));
		},
	};
}

function openSource(options: DurableOptions, source: Source) {
	const { node, project, plan, delivery, rights, pace, log, words, start } = options;
	const { queue, order, captured, born } = source;
	const { acknowledge, poll: quick = QUICK, visibility = VISIBILITY } = delivery;
	const isLate = acknowledge.when !== 'immediately';
	const scope = [node.getWorkflow().id ?? '', node.getNode().id, queue, born];
	const connect = (signal: AbortSignal) => {
		const authority = { role: 'service_role' } as const;
		// Whoever waits longer for an answer has lost the claim meanwhile.
		const timeout = (visibility * 1000) / 3;
		return queueCalls(sender(project, { authority, signal, timeout }), queue, order);
	};

	async function run(messages: readonly QueueMessage[], isOurs: () => boolean): Promise<Outcome> {
		const items = itemsOf(queue, messages, captured?.wanted);
		// An event that nobody wants is done with.
		if (items.length === 0) return { name: 'done' };
		const [only] = messages.length === 1 ? messages : [];
		const key = only && !isLate ? messageKey(scope, only.id) : undefined;
		try {
			const execution = await start(items, isOurs, key);
			if (!execution) return { name: 'unstarted', delay: 0 };
			if (!isLate) return { name: 'done' };
			const ending = await execution.ending;
			if (ending.name === 'closed') acknowledgeLater(execution, messages);
			return outcomeOf(ending, acknowledge, pace.longest);
		} catch (error) {
			if (options.signal.aborted) return { name: 'unstarted', delay: 0 };
			log('warn', `could not start an execution. ${words(error)}`);
			return { name: 'unstarted', delay: NOT_STARTED };
		}
	}

	/**
	 * What runs when the trigger closes goes on. Where it ends well while its claim lasts, it need not
	 * come again; nothing is lost where this fails.
	 */
	function acknowledgeLater({ end }: Execution, messages: readonly QueueMessage[]): void {
		const calls = queueCalls(rights.send, queue, order);
		void end
			.then(async (ending) => {
				const { name } = outcomeOf(ending, acknowledge, pace.longest);
				if (name === 'done') await calls.acknowledge(messages.map(({ id }) => id));
			})
			.catch(() => undefined);
	}

	return openReader({
		connect,
		order,
		width: pace.atOnce,
		size: delivery.size,
		visibility,
		attempts: delivery.attempts,
		batch: plan.batch,
		// What an app sends to a queue of one's own by itself rings no bell.
		poll: { slow: captured ? Math.max(SLOW, quick) : quick, quick },
		bell: realtimeBell(project, rights.authority, queue),
		run,
		onState: (state) => options.onState(queue, state),
		onNews: (news) => tell(news, queue, log),
	});
}

/** The items of messages, in order: one for each whose event is wanted. */
export function itemsOf(
	queue: string,
	messages: readonly QueueMessage[],
	wanted: Wanted | undefined,
): INodeExecutionData[] {
	return messages.flatMap((message) => {
		const json = eventOf(queue, message, wanted);
		return json ? [{ json }] : [];
	});
}

function tell(news: ReaderNews, queue: string, log: Log): void {
	switch (news.name) {
		case 'retrying':
			return log(
				'info',
				`tries ${named(news.messages)} of the queue "${queue}" again in ${news.delay} s. ${news.reason}`,
			);
		case 'parked':
			return log(
				'warn',
				`has parked ${named(news.messages)} of the queue "${queue}" in "${queue}_dead". ${news.reason}`,
			);
		case 'lost':
			return log(
				'info',
				`held ${news.messages} messages of the queue "${queue}" for too long; they come again`,
			);
	}
}

function named(messages: readonly QueueMessage[]): string {
	const ids = messages.slice(0, 10).map(({ id }) => String(id));
	const rest = messages.length - ids.length;
	const list = ids.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
	return messages.length === 1 ? `message ${list}` : `the messages ${list}`;
}
