import { recentIds } from '../../../../src/api/realtime/recentIds';

const live = (id?: string) => ({ id, replayed: false });
const replayed = (id: string) => ({ id, replayed: true });

test('what comes replayed and live is told, whichever is first', () => {
	const isRepeated = recentIds();
	expect(
		[live('a'), replayed('a'), replayed('b'), live('b'), replayed('b')].map(isRepeated),
	).toEqual([false, true, false, true, true]);
});

test('what comes live twice is two, and so is what has no id', () => {
	const isRepeated = recentIds();
	expect([live('a'), live('a'), live(), live()].map(isRepeated)).toEqual([
		false,
		false,
		false,
		false,
	]);
});

test('the oldest of very many is forgotten', () => {
	const isRepeated = recentIds();
	for (let number = 0; number <= 1_000; number++) isRepeated(live(`${number}`));
	expect([replayed('1'), replayed('0')].map(isRepeated)).toEqual([true, false]);
});
