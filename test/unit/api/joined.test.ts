import { joined } from '../../../src/api/joined';

it('makes one list of several, in their order', async () => {
	await expect(joined([[1], [], [2, 3]])).resolves.toEqual([1, 2, 3]);
	await expect(joined([])).resolves.toEqual([]);
	await expect(joined([[], []])).resolves.toEqual([]);
});

it('copies no list that stands alone', async () => {
	const only = [1, 2];
	expect(await joined([[], only])).toBe(only);
});
