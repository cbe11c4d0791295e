import fc from 'fast-check';

import { partsOf } from '../../../src/api/parts';

async function parts(sizes: readonly number[], count: number, size: number, join?: boolean) {
	const found: number[][] = [];
	const mayJoin = join === undefined ? undefined : () => join;
	for await (const part of partsOf(sizes, (each) => each, { count, size }, mayJoin)) {
		found.push(part);
	}
	return found;
}

it.each<[readonly number[], number, number, number[][]]>([
	[[], 2, 10, []],
	[[1, 1, 1], 2, 10, [[1, 1], [1]]],
	[[6, 4, 1], 5, 10, [[6, 4], [1]]],
	[[11, 1], 5, 10, [[11], [1]]],
	[[1, 11, 1], 5, 10, [[1], [11], [1]]],
])('%j in parts of %d elements and %d', async (sizes, count, size, expected) => {
	expect(await parts(sizes, count, size)).toEqual(expected);
});

it('elements that may not join stand alone', async () => {
	expect(await parts([1, 2, 3], 5, 10, false)).toEqual([[1], [2], [3]]);
});

it('nothing is lost, repeated or moved, and no part is too large', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.integer({ min: 0, max: 20 })),
			fc.integer({ min: 1, max: 5 }),
			async (sizes, count) => {
				const found = await parts(sizes, count, 10);
				expect(found.flat()).toEqual(sizes);
				for (const part of found) {
					expect(part.length).toBeLessThanOrEqual(count);
					const total = part.reduce((sum, each) => sum + each, 0);
					expect(part.length === 1 || total <= 10).toBe(true);
				}
			},
		),
	);
});
