import { setTimeout as sleep } from 'node:timers/promises';

import { sideBySide } from '../../../src/api/sideBySide';
import { rejectionOf } from '../thrown';

const inputs = Array.from({ length: 40 }, (_, index) => index);

it.each([
	[undefined, 10],
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

describe('after the first failure', () => {
	/** Four at once, of which the third fails first and the first one after it. */
	async function fail(): Promise<{ started: number[]; ended: number[]; thrown: unknown }> {
		const started: number[] = [];
		const ended: number[] = [];
		const thrown = await rejectionOf(
			sideBySide(
				inputs,
				async (input) => {
					started.push(input);
					await sleep(input === 2 ? 1 : 20);
					ended.push(input);
					if (input % 2 === 0) throw new Error(`number ${input}`);
				},
				4,
			),
		);
		return { started, ended, thrown };
	}

	it('nothing starts', async () => {
		const { started, thrown } = await fail();
		expect(thrown).toEqual(new Error('number 2'));
		await sleep(50);
		expect(started).toEqual([0, 1, 2, 3]);
	});

	it('what is under way is waited for', async () => {
		const { ended, thrown } = await fail();
		expect(thrown).toEqual(new Error('number 2'));
		expect([...ended].sort()).toEqual([0, 1, 2, 3]);
	});

	it('nothing starts either when the call itself throws', async () => {
		const error = new Error('at once');
		const map = jest.fn((): Promise<void> => {
			throw error;
		});
		expect(await rejectionOf(sideBySide(inputs, map, 4))).toBe(error);
		expect(map).toHaveBeenCalledTimes(1);
	});
});

it('does nothing for nothing', async () => {
	await expect(sideBySide([], () => Promise.reject(new Error('never')))).resolves.toEqual([]);
});
