import fc from 'fast-check';

import {
	lastEvent,
	noEvents,
	readEvents,
	type ServerEvent,
} from '../../../../src/api/functions/events';

/** Reads a stream that comes in parts. */
function eventsOf(parts: Iterable<string>): ServerEvent[] {
	let state = noEvents;
	const events = [...parts].flatMap((part) => {
		const read = readEvents(state, part);
		state = read.state;
		return read.events;
	});
	return [...events, ...lastEvent(state)];
}

const message = (data: string) => ({ event: 'message', data });

test.each<[what: string, text: string, events: ServerEvent[]]>([
	['nothing', '', []],
	['a message', 'data: a\n\n', [message('a')]],
	['several lines of data', 'data: a\ndata\ndata:b\n\n', [message('a\n\nb')]],
	['one blank behind the colon alone', 'data:  a\n\n', [message(' a')]],
	[
		'a name of its own, for one event',
		'event: x\ndata: a\n\ndata: b\n\n',
		[{ event: 'x', data: 'a' }, message('b')],
	],
	[
		'an id, which stays',
		'id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n',
		[
			{ ...message('a'), id: '1' },
			{ ...message('b'), id: '1' },
			{ ...message('c'), id: '' },
		],
	],
	['an id that cannot be', 'id: 1\0\ndata: a\n\n', [message('a')]],
	['comments and fields that nobody knows', ': hi\nretry: 5\nx: y\ndata: a\n\n', [message('a')]],
	['no data, no event', 'event: x\n\n\n\ndata: a\n\n', [message('a')]],
	['empty data', 'data\n\ndata:\n\n', [message(''), message('')]],
	[
		'every kind of line end',
		'data: a\r\rdata: b\r\n\r\ndata: c\n\n',
		[message('a'), message('b'), message('c')],
	],
	['an end without a blank line', 'data: a\n\ndata: b', [message('a'), message('b')]],
	['a colon in the data', 'data: {"a":1}\n\n', [message('{"a":1}')]],
])('%s', (_, text, events) => {
	expect(eventsOf([text])).toEqual(events);
	expect(eventsOf(text)).toEqual(events);
});

test('it does not matter where a stream is cut', () => {
	const lines = fc.array(
		fc.constantFrom('data: a', 'data', 'event: x', 'id: 7', ': c', '', '', 'data:ü\u{1F600}'),
	);
	const end = fc.constantFrom('\n', '\r', '\r\n');
	fc.assert(
		fc.property(lines, end, fc.array(fc.nat(60), { maxLength: 8 }), (all, lineEnd, cuts) => {
			const text = all.join(lineEnd) + lineEnd;
			const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b)];
			const parts = places.map((from, index) => text.slice(from, places[index + 1]));
			expect(eventsOf(parts)).toEqual(eventsOf([text]));
		}),
	);
});

test('a long line in many parts takes time in proportion', () => {
	const part = 'x'.repeat(100);
	const parts = Array.from({ length: 200_000 }, () => part);
	const [event] = eventsOf(['data: ', ...parts, '\n\n']);
	expect(event?.data.length).toBe(20_000_000);
});
