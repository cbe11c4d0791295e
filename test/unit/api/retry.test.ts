import type * as timers from 'node:timers/promises';

import { SupabaseApiError, type ErrorParts, type Outcome } from '../../../src/api/errors';
import { mayRepeat, repeatDelay, withRepeats, type Attempt } from '../../../src/api/retry';
import { rejectionOf } from '../thrown';

const mockWaits: number[] = [];

/** Waits are written down, and only the first milliseconds of them are waited. */
jest.mock('node:timers/promises', () => {
	const actual = jest.requireActual<typeof timers>('node:timers/promises');
	return {
		...actual,
		setTimeout: async (delay: number, ...rest: [undefined, { signal?: AbortSignal }]) => {
			mockWaits.push(delay);
			await actual.setTimeout(Math.min(delay, 5), ...rest);
		},
	};
});

beforeEach(() => mockWaits.splice(0));

const errorOf = (outcome: Outcome, parts: Partial<ErrorParts> = {}) =>
	new SupabaseApiError('rest', outcome, { message: 'failed', ...parts });

describe('mayRepeat', () => {
	const answer = { headers: {}, text: 'own' };
	// prettier-ignore
	const table: Array<[what: string, error: SupabaseApiError, read: boolean, write: boolean]> = [
		['nothing was sent', errorOf('notSent'), true, true],
		['no answer came', errorOf('unknown'), true, false],
		['the answer of a success broke', errorOf('unknown', { status: 200 }), true, false],
		['it was done, its answer lost', errorOf('done', { status: 201 }), true, false],
		['429', errorOf('refused', { status: 429 }), true, true],
		['502', errorOf('refused', { status: 502 }), true, false],
		['503', errorOf('refused', { status: 503 }), true, false],
		['504', errorOf('refused', { status: 504 }), true, false],
		['520', errorOf('refused', { status: 520 }), true, false],
		['521', errorOf('refused', { status: 521 }), true, false],
		['522', errorOf('refused', { status: 522 }), true, false],
		['523', errorOf('refused', { status: 523 }), true, false],
		['524', errorOf('refused', { status: 524 }), true, false],
		['530', errorOf('refused', { status: 530 }), true, false],
		['500', errorOf('refused', { status: 500 }), false, false],
		['400', errorOf('refused', { status: 400 }), false, false],
		['401', errorOf('refused', { status: 401 }), false, false],
		['404', errorOf('refused', { status: 404 }), false, false],
		['409', errorOf('refused', { status: 409 }), false, false],
		['a page with 200', errorOf('refused', { status: 200 }), false, false],
		['a function failed by itself', errorOf('unknown', { status: 500, answer }), false, false],
		['a function is not to be had', errorOf('unknown', { status: 503, answer }), true, false],
		['a redirect', errorOf('refused', { status: 302 }), false, false],
		['nothing came in time', errorOf('unknown', { code: 'UND_ERR_HEADERS_TIMEOUT' }), false, false],
		['no more came in time', errorOf('unknown', { code: 'UND_ERR_BODY_TIMEOUT' }), false, false],
		['TCP gave up', errorOf('unknown', { code: 'ETIMEDOUT' }), false, false],
		['nobody took the call', errorOf('notSent', { code: 'UND_ERR_CONNECT_TIMEOUT' }), false, false],
	];

	it.each(table)('when %s', (_what, error, read, write) => {
		expect(mayRepeat(error, true)).toBe(read);
		expect(mayRepeat(error, false)).toBe(write);
	});
});

describe('repeatDelay', () => {
	it('doubles each time, spread by as much again', () => {
		expect([0, 1, 2].map((repeats) => repeatDelay(repeats, undefined, 0))).toEqual([
			500, 1000, 2000,
		]);
		expect([0, 1, 2].map((repeats) => repeatDelay(repeats, undefined, 1))).toEqual([
			1000, 2000, 4000,
		]);
	});

	it('is different for different callers', () => {
		const delays = new Set(Array.from({ length: 20 }, () => repeatDelay(0, undefined)));
		expect(delays.size).toBeGreaterThan(10);
	});

	it.each([
		['0', 0],
		['2', 2000],
		['1.5', 1500],
		['30', 30_000],
		['-5', 0],
		['31', undefined],
		['86400', undefined],
		['Infinity', undefined],
	])('follows Retry-After of %s seconds', (text, delay) => {
		expect(repeatDelay(2, text, 0)).toBe(delay);
	});

	it('spreads those who were told the same time', () => {
		expect(repeatDelay(0, '2', 1)).toBe(2250);
	});

	it('follows a date', () => {
		const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString();
		const delay = repeatDelay(0, inSeconds(10), 0) ?? 0;
		expect(delay).toBeGreaterThan(8000);
		expect(delay).toBeLessThanOrEqual(10_000);
		expect(repeatDelay(0, inSeconds(-60), 0)).toBe(0);
		expect(repeatDelay(0, inSeconds(3600), 0)).toBeUndefined();
	});

	it.each(['', 'soon'])('does as without one for %j', (text) => {
		expect(repeatDelay(0, text, 0)).toBe(500);
	});
});

describe('withRepeats', () => {
	const failing = (error: SupabaseApiError, retryAfter?: string): Attempt => ({
		error,
		retryAfter,
	});

	/** Fails with each of these in turn, then succeeds. */
	function attempts(...failures: Attempt[]) {
		const left = [...failures];
		const attempt = jest.fn(async () => left.shift() ?? { value: 'done' });
		return attempt;
	}

	const busy = errorOf('refused', { status: 503 });

	it('gives the first success, after waits that grow', async () => {
		const attempt = attempts(failing(busy), failing(busy), failing(busy));
		await expect(withRepeats(attempt, { repeatable: true })).resolves.toBe('done');
		expect(attempt).toHaveBeenCalledTimes(4);
		expect(mockWaits).toHaveLength(3);
		mockWaits.forEach((wait, repeats) => {
			expect(wait).toBeGreaterThanOrEqual(2 ** repeats * 500);
			expect(wait).toBeLessThanOrEqual(2 ** repeats * 1000);
		});
	});

	it('throws the last error after three repeats', async () => {
		const errors = [1, 2, 3, 4, 5].map((n) => errorOf('refused', { status: 503, message: `${n}` }));
		const attempt = attempts(...errors.map((error) => failing(error)));
		await expect(withRepeats(attempt, { repeatable: true })).rejects.toBe(errors[3]);
		expect(attempt).toHaveBeenCalledTimes(4);
	});

	it.each([0, 1, 2])('repeats at most %d times when told', async (maxRepeats) => {
		const attempt = attempts(...Array.from({ length: 9 }, () => failing(busy)));
		await expect(withRepeats(attempt, { repeatable: true, maxRepeats })).rejects.toBe(busy);
		expect(attempt).toHaveBeenCalledTimes(maxRepeats + 1);
	});

	it('does not repeat what does harm', async () => {
		const attempt = attempts(failing(busy));
		await expect(withRepeats(attempt, { repeatable: false })).rejects.toBe(busy);
		expect(attempt).toHaveBeenCalledTimes(1);
	});

	it('waits as long as the server asks, and gives up when that is too long', async () => {
		const attempt = attempts(failing(busy, '3'), failing(busy, '600'));
		await expect(withRepeats(attempt, { repeatable: true })).rejects.toBe(busy);
		expect(attempt).toHaveBeenCalledTimes(2);
		expect(mockWaits).toHaveLength(1);
		expect(mockWaits[0]).toBeGreaterThanOrEqual(3000);
		expect(mockWaits[0]).toBeLessThanOrEqual(3250);
	});

	it('throws the reason of its signal when it is aborted while it waits', async () => {
		const controller = new AbortController();
		const reason = new Error('no longer wanted');
		const attempt = jest.fn(async () => {
			setImmediate(() => controller.abort(reason));
			return failing(busy);
		});
		const error = await rejectionOf(
			withRepeats(attempt, { repeatable: true, signal: controller.signal }),
		);
		expect(error).toBe(reason);
		expect(attempt).toHaveBeenCalledTimes(1);
	});

	it('throws what the attempt throws', async () => {
		const error = new TypeError('a mistake');
		const attempt = jest.fn(() => Promise.reject(error));
		await expect(withRepeats(attempt, { repeatable: true })).rejects.toBe(error);
		expect(attempt).toHaveBeenCalledTimes(1);
	});
});
