import { waitBefore } from '../../realtime/backoff';
import { MOST_CLAIMED } from '../wrappers';
import { newAttempts } from './attempts';
import { newHand, type Held } from './hand';
import { isLasting } from './lasting';
import type { Reader, ReaderOptions, ReaderState } from './options';
import { newSettlement, type Write } from './settlement';
import { newTimers } from './timers';

/** Between attempts at what fails in an outage, in milliseconds; it doubles. */
const RETRY = { firstWait: 1_000, longestWait: 30_000, finalWait: 30_000 };

/** How long closing may take, in milliseconds. */
const FAREWELL = 5_000;

/**
 * Reads a queue until it is closed, and never throws for outages. A message is acknowledged, released
 * or parked as its outcome says, and one that has to wait for another is begun when the other's
 * outcome has been written.
 */
export function openReader(options: ReaderOptions): Reader {
	const { order, visibility = 60, attempts = 5, width, batch } = options;
	const { slow, quick } = options.poll ?? { slow: 30_000, quick: 5_000 };
	const giveUp = new AbortController();
	const calls = options.connect(giveUp.signal);
	const hand = newHand(order);
	const tries = newAttempts(attempts);
	const timers = newTimers();
	/** Executions under way, and the claim. */
	const underWay = new Set<Promise<void>>();
	const size = Math.min(options.size ?? 100, MOST_CLAIMED);
	let running = 0;
	/** To be claimed again, as something may be there. */
	let isDue = true;
	let isClaiming = false;
	/** Whether the last claim gave nothing. */
	let isEmpty = false;
	let isHeard = false;
	/** When the first of those that failed can be claimed again. */
	let retryAt = Infinity;
	/** Until when a batch waits for more. */
	let batchUntil: number | undefined;
	let isStopped = false;
	let isClosing = false;
	let faults = 0;
	let told = '';
	let ready = () => {};
	const isReady = new Promise<void>((resolve) => (ready = resolve));

	function tell(state: ReaderState): void {
		const text = 'reason' in state ? `${state.name} ${state.reason.message}` : state.name;
		if (text === told || isStopped) return;
		told = text;
		if (state.name === 'refused') stop();
		options.onState(state);
	}

	/** Begins nothing any more. */
	function stop(): void {
		isStopped = true;
		timers.clear();
	}

	function worked(): void {
		faults = 0;
		tell({ name: 'reading' });
	}

	/** Says what went wrong, and waits a while. @throws the same where it is not to be tried again */
	async function afterFault(error: unknown): Promise<void> {
		if (isStopped) throw error;
		const reason = error instanceof Error ? error : new Error(String(error));
		tell({ name: isLasting(error) ? 'refused' : 'waiting', reason });
		await timers.sleep(waitBefore(faults++, false, RETRY));
		if (isStopped) throw error;
	}

	const settlement = newSettlement({ calls, onError: afterFault, onWritten: written });

	function written(held: readonly Held[], write: Write): void {
		hand.remove(held);
		// Claimed again meanwhile, as the claim had ended while it ran: it is done all the same.
		const isLate = held.some(({ until }) => Date.now() >= until);
		if (write.name === 'acknowledge' && isLate) hand.forget(held.map(({ message }) => message.id));
		if (write.name === 'release' && write.delay > 0) {
			retryAt = Math.min(retryAt, Date.now() + write.delay * 1000);
			planClaim();
		}
		if (!isClosing) worked();
		// What waited for these in the queue can be claimed now.
		isDue = true;
		work();
	}

	const mayStart = (held: readonly Held[]) =>
		!isStopped && held.every(({ until }) => Date.now() < until);

	/** Looks what can be begun or claimed: once for all that happens in the same turn. */
	function work(): void {
		timers.soon(look);
	}

	function look(): void {
		if (isStopped) return;
		begin();
		const room = size - hand.size;
		const hasRoom =
			order === 'queue' ? hand.size === 0 : room >= size / 2 || (room > 0 && hand.waiting === 0);
		if (isDue && hasRoom && !isClaiming) track(claim(room));
	}

	function track(task: Promise<void>): void {
		underWay.add(task);
		void task.finally(() => underWay.delete(task));
	}

	function begin(): void {
		const most = batch?.events ?? 1;
		while (running < width && isBatchDue(most)) {
			const room = most === 1 ? width - running : 1;
			const groups = hand.take(room, most, ({ message }) => tries.has(message.id));
			if (groups.length === 0) return;
			batchUntil = undefined;
			for (const held of groups) start(held);
		}
	}

	function start(held: readonly Held[]): void {
		running++;
		track(
			run(held).finally(() => {
				running--;
				work();
			}),
		);
	}

	/** A batch that is not full waits for more, which the next claim may bring. */
	function isBatchDue(most: number): boolean {
		if (!batch || hand.waiting === 0 || hand.waiting >= most) return true;
		batchUntil ??= Date.now() + batch.wait;
		if (Date.now() >= batchUntil) return true;
		timers.at('batch', batchUntil, work);
		return false;
	}

	async function run(held: readonly Held[]): Promise<void> {
		const outcome = await options.run(messagesOf(held), () => mayStart(held));
		switch (outcome.name) {
			case 'done':
				for (const { message } of held) tries.forget(message.id);
				return settlement.add(held, { name: 'acknowledge' });
			case 'failed':
				return failed(held, outcome.reason);
			case 'unstarted':
				return release(held, outcome.delay);
			case 'left':
				return hand.remove(held);
		}
	}

	function failed(held: readonly Held[], reason: string): void {
		const again: Held[] = [];
		const last: Held[] = [];
		let delay = 0;
		for (const each of held) {
			const wait = tries.failed(each.message.id);
			delay = Math.max(delay, wait ?? 0);
			(wait === undefined ? last : again).push(each);
		}
		if (last.length > 0) {
			settlement.add(last, { name: 'park', reason });
			options.onNews({ name: 'parked', messages: messagesOf(last), reason });
		}
		if (again.length > 0) {
			release(again, delay);
			options.onNews({ name: 'retrying', messages: messagesOf(again), reason, delay });
		}
	}

	/** Gives back, with all that may not be run before it. */
	function release(held: readonly Held[], delay: number): void {
		const behind = hand.behind(held);
		settlement.add(held, { name: 'release', delay });
		settlement.add(behind, { name: 'release', delay: 0 });
	}

	async function claim(room: number): Promise<void> {
		isClaiming = true;
		isDue = false;
		dropEnded();
		try {
			const since = Date.now();
			const messages = await calls.claim(room, visibility);
			isEmpty = messages.length === 0;
			if (!isEmpty) isDue = true;
			hand.add(messages, since + visibility * 1000);
			worked();
			ready();
		} catch (error) {
			isDue = true;
			await afterFault(error).catch(() => undefined);
		} finally {
			isClaiming = false;
		}
		planClaim();
		work();
	}

	/** Looks again when a message that failed is to come, and after a while in any case. */
	function planClaim(): void {
		if (isStopped || !isEmpty) return;
		const usual = Date.now() + (isHeard ? slow : quick) * (0.9 + Math.random() / 10);
		timers.at('claim', Math.min(usual, retryAt), wake);
	}

	function wake(): void {
		if (Date.now() >= retryAt) retryAt = Infinity;
		isDue = true;
		work();
	}

	/** Claims that have ended although nothing of it was begun: the messages come again. */
	function dropEnded(): void {
		const ended = [...hand.all()].filter(
			({ state, until }) => state === 'waiting' && Date.now() >= until,
		);
		if (ended.length === 0) return;
		hand.remove(ended);
		options.onNews({ name: 'lost', messages: ended.length });
	}

	/** Holds the claims. What somebody else has got, is not begun any more. */
	async function beat(): Promise<void> {
		const held = [...hand.all()].filter(({ state }) => state !== 'leaving');
		let next = (visibility * 1000) / 3;
		try {
			if (held.length > 0) {
				const since = Date.now();
				const receipts = held.map(({ message: { id, attempt } }) => ({ id, attempt }));
				const ours = new Set(await calls.hide(receipts, visibility));
				for (const each of held) {
					each.until = ours.has(each.message.id) ? since + visibility * 1000 : 0;
				}
				dropEnded();
				// A claim that met this call in the database was answered with nothing.
				isDue = true;
			}
		} catch (error) {
			next /= 4;
			if (isLasting(error)) tell({ name: 'refused', reason: error as Error });
		}
		if (!isStopped) timers.at('heartbeat', Date.now() + next, () => track(beat()));
		work();
	}

	const bell = options.bell?.({
		ring: wake,
		heard(now) {
			if (now === isHeard) return;
			isHeard = now;
			// What rang before it would be heard.
			if (now) wake();
			planClaim();
		},
	});
	timers.at('heartbeat', Date.now() + (visibility * 1000) / 3, () => track(beat()));
	work();

	async function farewell(): Promise<void> {
		// A claim that is under way gives what has to be given back.
		while (underWay.size > 0) await Promise.all(underWay);
		settlement.add(
			[...hand.all()].filter(({ state }) => state === 'waiting'),
			{ name: 'release', delay: 0 },
		);
		await settlement.idle();
	}

	let closed: Promise<void> | undefined;
	return {
		ready: isReady,
		async close() {
			closed ??= (async () => {
				isClosing = true;
				stop();
				const late = setTimeout(() => giveUp.abort(new Error('The reader was closed')), FAREWELL);
				await Promise.all([farewell(), bell?.close()]).finally(() => clearTimeout(late));
				giveUp.abort(new Error('The reader was closed'));
			})();
			await closed;
		},
	};
}

const messagesOf = (held: readonly Held[]) => held.map(({ message }) => message);
