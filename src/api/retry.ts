import { setTimeout as sleep } from 'node:timers/promises';

import type { SupabaseApiError } from './errors';

/** How often a request is repeated at the most, unless the caller says otherwise. */
const MAX_REPEATS = 3;

/** The longest wait that a server may ask for with `Retry-After`, in milliseconds. */
const MAX_RETRY_AFTER = 30_000;

/** Waited for long enough: the person set that time, or TCP has tried for seconds by itself. */
const TIMEOUTS = new Set([
	'UND_ERR_HEADERS_TIMEOUT',
	'UND_ERR_BODY_TIMEOUT',
	'UND_ERR_CONNECT_TIMEOUT',
	'ETIMEDOUT',
]);

/** The service, or a gateway before it, could not take the request now. */
const BUSY = new Set([502, 503, 504, 520, 521, 522, 523, 524, 530]);

/** A failed attempt, with the wait that its `Retry-After` asks for. */
export interface Attempt {
	readonly error: SupabaseApiError;
	readonly retryAfter?: string;
}

export interface RepeatOptions {
	/** Whether sending it twice does no harm. */
	readonly repeatable: boolean;
	readonly maxRepeats?: number;
	readonly signal?: AbortSignal;
}

/**
 * Whether another attempt does no harm and may help.
 *
 * What never reached the service may always be sent again, and so may what was turned away by a
 * rate limit; a timeout never is. Everything else is repeated only when the request itself is
 * repeatable; and what an edge function answered is its answer, however little that says of what it
 * did. undici's own retry interceptor is not used: it resumes a broken body with a byte range, which
 * PostgREST would read as a range of rows.
 */
export function mayRepeat(
	{ outcome, status, code, answer }: SupabaseApiError,
	repeatable: boolean,
): boolean {
	if (TIMEOUTS.has(code ?? '')) return false;
	if (outcome === 'notSent' || status === 429) return true;
	const isLost = outcome === 'done' || (outcome === 'unknown' && !answer);
	return repeatable && (isLost || BUSY.has(status ?? 0));
}

/**
 * How long to wait before the next attempt, in milliseconds.
 *
 * @param repeats how many were made already
 * @param retryAfter the server's `Retry-After`, in seconds or as a date
 * @param random between 0 and 1; spreads the callers
 * @returns `undefined` when it is better to give up
 */
export function repeatDelay(
	repeats: number,
	retryAfter: string | undefined,
	random: number = Math.random(),
): number | undefined {
	const asked = parseRetryAfter(retryAfter);
	if (asked !== undefined) return asked <= MAX_RETRY_AFTER ? asked + random * 250 : undefined;
	return 2 ** repeats * 500 * (1 + random);
}

function parseRetryAfter(text: string | undefined): number | undefined {
	if (!text) return undefined;
	const seconds = Number(text);
	const wait = Number.isNaN(seconds) ? Date.parse(text) - Date.now() : seconds * 1000;
	return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/**
 * Calls until it succeeds, or fails for good.
 *
 * @param attempt one exchange: its result, or why it failed
 * @throws the last attempt's error, or the signal's reason
 */
export async function withRepeats<T>(
	attempt: () => Promise<{ value: T } | Attempt>,
	{ repeatable, maxRepeats = MAX_REPEATS, signal }: RepeatOptions,
): Promise<T> {
	for (let repeats = 0; ; repeats++) {
		const result = await attempt();
		if ('value' in result) return result.value;
		const delay =
			repeats < maxRepeats && mayRepeat(result.error, repeatable)
				? repeatDelay(repeats, result.retryAfter)
				: undefined;
		if (delay === undefined) throw result.error;
		await pause(delay, signal);
	}
}

/**
 * Waits for some milliseconds.
 *
 * @throws the signal's reason when it is aborted meanwhile
 */
export async function pause(delay: number, signal?: AbortSignal): Promise<void> {
	await sleep(delay, undefined, { signal }).catch(() => signal?.throwIfAborted());
}
