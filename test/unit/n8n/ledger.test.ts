import { InvalidRequestError, SupabaseApiError, type Outcome } from '../../../src/api/errors';
import type { ApiRequest, ApiResponse } from '../../../src/api/request';
import type { Send } from '../../../src/api/transport';
import { openLedger, whatStands } from '../../../src/n8n/ledger';

const post: ApiRequest = { service: 'rest', method: 'POST', path: ['planets'] };
const answering =
	(answer: Partial<ApiResponse>): Send =>
	async () =>
		({ status: 200, headers: {}, body: undefined, ...answer }) as never;
const failing =
	(error: unknown): Send =>
	async () => {
		throw error;
	};
const refused = (outcome: Outcome) => new SupabaseApiError('rest', outcome, { message: 'no' });

async function entriesAfter(request: ApiRequest, send: Send) {
	const ledger = openLedger();
	await ledger
		.kept(send)(request)
		.catch(() => undefined);
	return { written: ledger.written, unknown: ledger.unknown };
}

it.each<[string, ApiRequest, Partial<ApiResponse>, number]>([
	['rows by their count', post, { headers: { 'content-range': '0-9/12' }, body: [] }, 12],
	['rows that came back', post, { body: [{}, {}] }, 2],
	['one without either', post, {}, 1],
	['one of a function that gives rows', { ...post, path: ['rpc', 'f'] }, { body: [{}, {}] }, 1],
	...(
		[
			['messages by their count', { headers: { 'content-range': '0-0/3' }, body: [1] }, 3],
			['messages that came back', { body: [1, 2] }, 2],
			['no message of an empty queue', { headers: { 'content-range': '*/0' }, body: [] }, 0],
			['one that was deleted', { body: true }, 1],
			['none that was not there', { body: false }, 0],
			['as many as were purged', { body: 7 }, 7],
		] as const
	).map(([what, answer, written]): [string, ApiRequest, Partial<ApiResponse>, number] => [
		what,
		{ ...post, path: ['rpc', 'f'], tellsAmount: true },
		answer,
		written,
	]),
	[
		'nothing that is rolled back',
		post,
		{ headers: { 'preference-applied': 'tx=rollback' }, body: [{}] },
		0,
	],
	['nothing by GET', { ...post, method: 'GET' }, { body: [{}] }, 0],
	['nothing by a request that reads', { ...post, reads: true }, { body: [{}] }, 0],
])('enters %s', async (_what, request, answer, written) => {
	expect(await entriesAfter(request, answering(answer))).toEqual({ written, unknown: 0 });
});

it.each<[string, unknown, number]>([
	['was refused', refused('refused'), 0],
	['was not sent', refused('notSent'), 0],
	['could not be a request', new InvalidRequestError('no'), 0],
	['got no answer', refused('unknown'), 1],
	['got an answer that cannot be read', refused('done'), 1],
	['was cancelled', new DOMException('stop', 'AbortError'), 1],
	['met a mistake of our own', new RangeError('too deep'), 1],
])('what %s', async (_what, error, unknown) => {
	expect(await entriesAfter(post, failing(error))).toEqual({ written: 0, unknown });
});

it.each<[string, ApiRequest, Send, boolean]>([
	['a write', post, answering({}), true],
	['a write without an answer', post, failing(refused('unknown')), true],
	['a write that was refused', post, failing(refused('refused')), false],
	[
		'a write that is rolled back',
		post,
		answering({ headers: { 'preference-applied': 'tx=rollback' } }),
		false,
	],
	['a read', { ...post, method: 'GET' }, answering({}), false],
	['a write that may be sent twice', { ...post, repeatable: true }, answering({}), true],
	['a call', { ...post, service: 'functions' }, answering({}), true],
	[
		'a call that is safe to repeat',
		{ ...post, service: 'functions', repeatable: true },
		answering({}),
		false,
	],
])('%s: whether it may not be done again', async (_what, request, send, isFinal) => {
	const ledger = openLedger();
	await ledger
		.kept(send)(request)
		.catch(() => undefined);
	expect(ledger.isFinal).toBe(isFinal);
});

it('what is under way is not known', async () => {
	const ledger = openLedger();
	let answer = () => {};
	const sent = ledger.kept((() => new Promise((resolve) => (answer = resolve as never))) as Send);
	const done = sent(post).catch(() => undefined);
	expect([ledger.unknown, ledger.isFinal]).toEqual([1, true]);
	answer();
	await done;
});

it.each([
	[{ written: 0, unknown: 0 }, undefined],
	[{ written: 1, unknown: 0 }, '1 row was deleted before, and that stays.'],
	[{ written: 34, unknown: 0 }, '34 rows were deleted before, and that stays.'],
	[
		{ written: 0, unknown: 1 },
		'Whether 1 request that got no answer did anything is unknown: look before you run it again.',
	],
	[
		{ written: 2, unknown: 3 },
		'2 rows were deleted before, and that stays. Whether 3 requests that got no answer did anything is unknown: look before you run it again.',
	],
])('%j stands as %j', (entries, words) => {
	expect(whatStands(entries, ['row', 'deleted'])).toBe(words);
});
