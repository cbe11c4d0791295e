import { setTimeout as sleep } from 'node:timers/promises';

import { sideBySide } from '../../../src/api/sideBySide';
import { rejectionOf } from '../thrown';

const inputs = Array.from({ length: 40 }, (_, index) => index);

it.each([
	[undefined, 8],
	[1, 1],
	[3, 3],
	[100, 40],
])('with a width of %s, %d calls are under way at the most', async (width, most) => {
	let now = 0;
	let peak = 0;
	const outputs = await sideBySide(
		inputs,
		async (input) => {
			peak = Math.max(peak, ++now);
			// The later ones are the faster ones.
			await sleep(input % 7 ? 1 : 5);
			now--;
			return input * 2;
		},
		width,
	);
	expect(outputs).toEqual(inputs.map((input) => input * 2));
	expect(peak).toBe(most);
});

it('starts nothing behind the first failure', async () => {
	const started: number[] = [];
	const error = new Error('the third');
	const failure = await rejectionOf(
		sideBySide(
			inputs,
			async (input) => {
				started.push(input);
				await sleep(input === 2 ? 1 : 20);
				if (input === 2) throw error;
			},
			4,
		),
	);
	expect(failure).toBe(error);
	await sleep(50);
	expect(started).toEqual([0, 1, 2, 3]);
});

it('does nothing for nothing', async () => {
	await expect(sideBySide([], () => Promise.reject(new Error('never')))).resolves.toEqual([]);
});
