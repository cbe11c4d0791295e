import { Readable } from 'node:stream';

import { bodyOf } from '../../../src/api/content';

it('is itself where it is in memory', () => {
	const bytes = Buffer.from('a');
	expect(bodyOf({ size: 1, bytes })).toBe(bytes);
});

it('is opened for each attempt where it is elsewhere, and not before', async () => {
	const open = jest.fn(async () => Readable.from(['a']));
	const body = bodyOf({ size: 1, open });
	expect(open).not.toHaveBeenCalled();
	if (typeof body !== 'function') throw new Error('It was read');
	expect(await (await body()).toArray()).toEqual(['a']);
	expect(await (await body()).toArray()).toEqual(['a']);
	expect(open).toHaveBeenCalledTimes(2);
});

it('is no stream where there is nothing in it', () => {
	const open = jest.fn();
	expect(bodyOf({ size: 0, open })).toEqual(new Uint8Array());
	expect(open).not.toHaveBeenCalled();
});
