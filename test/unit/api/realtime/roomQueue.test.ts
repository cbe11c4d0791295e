import { roomQueue } from '../../../../src/api/realtime/roomQueue';

function collected(options: { queue?: number; batch?: number; batchWait?: number } = {}) {
	const batches: number[][] = [];
	const news: unknown[] = [];
	let finish: Array<(error?: Error) => void> = [];
	let isHeld = false;
	const queue = roomQueue<number>({
		...options,
		onNews: (each) => news.push(each),
		emit: async (events) => {
			batches.push([...events]);
			if (!isHeld) return;
			await new Promise<void>((resolve, reject) =>
				finish.push((error) => (error ? reject(error) : resolve())),
			);
		},
	});
	return {
		queue,
		batches,
		news,
		hold: () => (isHeld = true),
		finish: async (error?: Error) => {
			const all = finish;
			finish = [];
			for (const each of all) each(error);
			await new Promise(setImmediate);
		},
	};
}

const soon = async () => await new Promise(setImmediate);

test('hands out in order, one call at a time', async () => {
	const { queue, batches, hold, finish } = collected();
	hold();
	for (const event of [1, 2, 3]) queue.offer(event);
	await soon();
	expect(batches).toEqual([[1]]);
	await finish();
	await finish();
	await finish();
	expect(batches).toEqual([[1], [2], [3]]);
	queue.close();
});

test('hands out several at once when they are enough, or have waited', async () => {
	const { queue, batches } = collected({ batch: 2, batchWait: 20 });
	for (const event of [1, 2, 3]) queue.offer(event);
	await soon();
	expect(batches).toEqual([[1, 2]]);
	while (batches.length < 2) await soon();
	expect(batches).toEqual([[1, 2], [3]]);
	queue.close();
});

test('drops what finds no room, and says so once and how much it was', async () => {
	const { queue, batches, news, hold, finish } = collected({ queue: 2 });
	hold();
	for (const event of [1, 2, 3, 4]) queue.offer(event);
	expect(news).toEqual([{ name: 'roomOverflow' }]);
	await finish();
	queue.offer(5);
	expect(news.at(-1)).toEqual({ name: 'roomResumed', dropped: 2 });
	await finish();
	await finish();
	expect(batches).toEqual([[1], [2], [5]]);
	queue.close();
});

test('what was rejected comes again and is told, and nothing after closing', async () => {
	const { queue, batches, news, hold, finish } = collected();
	hold();
	queue.offer(1);
	const error = new Error('No room');
	await finish(error);
	expect(news).toEqual([{ name: 'emitFailed', error }]);
	while (batches.length < 2) await soon();
	expect(batches).toEqual([[1], [1]]);
	queue.offer(2);
	queue.close();
	queue.offer(3);
	await finish();
	expect(batches).toEqual([[1], [1]]);
});
