import { openReader } from '../../../../../src/api/queues/reader/reader';
import { change } from './readerBench';

const turn = async () => await new Promise((resolve) => setImmediate(resolve));

test('40,000 messages that wait are worked off with a full hand, each once', async () => {
	const amount = 40_000;
	let last = 0;
	let runs = 0;
	let acknowledged = 0;
	let inHand = 0;
	let most = 0;
	let all = () => {};
	const over = new Promise<void>((resolve) => (all = resolve));
	const reader = openReader({
		connect: () => ({
			async claim(size) {
				await turn();
				const messages = Array.from({ length: Math.min(size, amount - last) }, () => ({
					...{ id: ++last, attempt: 1, enqueuedAt: '' },
					body: change(`t:${last % 50_000}`),
				}));
				inHand += messages.length;
				most = Math.max(most, inHand);
				return messages;
			},
			async acknowledge(ids) {
				await turn();
				inHand -= ids.length;
				acknowledged += ids.length;
				if (acknowledged === amount) all();
			},
			hide: async (receipts) => await Promise.resolve(receipts.map(({ id }) => id)),
			park: async () => await Promise.resolve([]),
		}),
		order: 'row',
		size: 1_000,
		width: 50,
		run: async () => {
			runs++;
			await turn();
			return { name: 'done' };
		},
		onState: () => {},
		onNews: () => {},
	});
	await over;
	await reader.close();
	expect([runs, acknowledged, most]).toEqual([amount, amount, 1_000]);
});
