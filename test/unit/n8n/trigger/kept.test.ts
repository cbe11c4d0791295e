import type { CatchUpState } from '../../../../src/api/realtime/catchUp/state';
import type { Watch } from '../../../../src/api/realtime/catchUp/watch';
import { keptIn } from '../../../../src/n8n/trigger/kept';

const orders: Watch = {
	table: { schema: 'public', name: 'orders' },
	events: ['INSERT'],
	key: ['id'],
	cursor: 'updated_at',
};
const at = (value: string): CatchUpState => ({
	version: 1,
	tables: { orders: { by: [], position: { value }, seen: [] } } as never,
});
const nobody = () => new Set<Promise<void>>();
const stateIn = (data: object) =>
	JSON.parse(String((data as { state?: string }).state ?? 'null')) as unknown;

beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate'] }));
afterEach(() => jest.useRealTimers());

test('what was kept is there at the next activation, with the same epoch', () => {
	const data = {};
	const first = keptIn(data, [orders], false);
	expect(first.state).toBeUndefined();
	first.note(() => at('1'), nobody);
	const second = keptIn({ ...data }, [orders], false);
	expect(second.state).toEqual(at('1'));
	expect(second.epoch).toBe(first.epoch);
});

test('another cursor column, or a wish to start anew, forgets it', () => {
	const data = {};
	keptIn(data, [orders], false).note(() => at('1'), nobody);
	const other = { ...orders, cursor: 'id' };
	expect(keptIn({ ...data }, [other], false).state).toBeUndefined();
	jest.advanceTimersByTime(1000);
	const anew = keptIn({ ...data }, [orders], true);
	expect(anew.state).toBeUndefined();
	expect(anew.epoch).not.toBe((data as { epoch?: string }).epoch);
});

test.each([undefined, null, '', '{', '[]', 'null', {}, 7])(
	'static data that somebody spoilt (%j) is as good as none',
	(state) => {
		const data = {};
		keptIn(data, [orders], false);
		const kept = keptIn({ ...data, state } as never, [orders], false);
		expect(kept.state).toBeUndefined();
	},
);

test('a state is kept only when the executions before it have ended', async () => {
	const data = {};
	const kept = keptIn(data, [orders], false);
	kept.note(() => at('1'), nobody);
	expect(stateIn(data)).toEqual(at('1'));

	let end = () => {};
	const running = new Promise<void>((resolve) => (end = resolve));
	jest.advanceTimersByTime(1000);
	kept.note(
		() => at('2'),
		() => new Set([running]),
	);
	jest.advanceTimersByTime(1000);
	kept.note(
		() => at('3'),
		() => new Set([running]),
	);
	expect(stateIn(data)).toEqual(at('1'));

	end();
	await new Promise(setImmediate);
	kept.note(() => at('4'), nobody);
	// The second is safe now; the fourth is, too, as nothing runs.
	expect(stateIn(data)).toEqual(at('4'));
});

test('what is safe is kept although others run', async () => {
	const data = {};
	const kept = keptIn(data, [orders], false);
	const never = new Promise<void>(() => {});
	const ended = Promise.resolve();
	kept.note(
		() => at('1'),
		() => new Set([ended]),
	);
	await new Promise(setImmediate);
	jest.advanceTimersByTime(1000);
	kept.note(
		() => at('2'),
		() => new Set([never]),
	);
	expect(stateIn(data)).toEqual(at('1'));
});

test('the state is made and written a few times a second, not for each event', () => {
	const data = {};
	const kept = keptIn(data, [orders], false);
	const made = jest.fn(() => at('1'));
	for (let times = 0; times < 100; times++) {
		kept.note(made, nobody);
		jest.advanceTimersByTime(10);
	}
	expect(made).toHaveBeenCalledTimes(4);
});
