import { countIn, idsIn, keptBack, messagesIn, truthIn } from '../../../../src/api/queues/answers';
import type { ApiResponse } from '../../../../src/api/request';
import { parseExactly } from '../../../../src/api/numbers';

const answer = (text: string, headers: Record<string, string> = {}): ApiResponse => ({
	status: 200,
	headers,
	body: parseExactly(text),
});

it('messages are sorted by ID, those that no number holds, too', () => {
	const rows = ['9007199254740993', '10', '9007199254740992', '9'].map(
		(id) => `{"msg_id":${id},"read_ct":1,"message":{"a":${id}}}`,
	);
	expect(messagesIn(answer(`[${rows.join(',')}]`)).map((each) => each.msg_id)).toEqual([
		9,
		10,
		'9007199254740992',
		'9007199254740993',
	]);
});

it('IDs keep their order', () => {
	expect(idsIn(answer('[3, 1, 9223372036854775807]'))).toEqual([3, 1, '9223372036854775807']);
});

it.each([
	['0-999/1500', 500],
	['0-0/1', 0],
	['*/0', 0],
	['*/5', 5],
	['0-1/*', 0],
	[undefined, 0],
])('of a list with the range %j %d elements were kept back', (range, count) => {
	expect(keptBack(answer('[]', range ? { 'content-range': range } : {}))).toBe(count);
});

it.each([
	[messagesIn, 'true'],
	[messagesIn, '{"pgrst_scalar":13}'],
	[idsIn, 'null'],
	[truthIn, '1'],
	[truthIn, '[true]'],
	[countIn, '"many"'],
	[countIn, 'null'],
])('what is not as it should be is no success', (read: (answer: ApiResponse) => unknown, text) => {
	expect(() => read(answer(text))).toThrow(
		expect.objectContaining({ code: 'UNEXPECTED_ANSWER', outcome: 'done' }),
	);
});

it('counts and truths are read', () => {
	expect([countIn(answer('2')), countIn(answer('9223372036854775807'))]).toEqual([
		2,
		'9223372036854775807',
	]);
	expect(truthIn(answer('false'))).toBe(false);
});
