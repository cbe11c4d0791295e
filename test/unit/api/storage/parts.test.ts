import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { partsOf, type Parts } from '../../../../src/api/storage/parts';
import { PART_BYTES } from '../../../../src/api/storage/resumable';

const bytes = randomBytes(2 * PART_BYTES + 1234);

/** Content as a stream, which counts how often it is opened and how much it has given. */
function streamed(chunkBytes: number, size = bytes.length) {
	const content = {
		size,
		given: 0,
		opened: [] as Readable[],
		open: async () => {
			const chunks = function* () {
				for (let at = 0; at < bytes.length; at += chunkBytes) {
					const chunk = bytes.subarray(at, at + chunkBytes);
					content.given += chunk.length;
					yield chunk;
				}
			};
			const stream = Readable.from(chunks(), { highWaterMark: 1 });
			content.opened.push(stream);
			return stream;
		},
	};
	return content;
}

async function bodyFrom(parts: Parts, offset: number): Promise<Readable> {
	const { body } = parts.from(offset);
	if (typeof body === 'function') return await body();
	return Readable.from([body]);
}

/** Takes what comes until it is so much, and gives the rest up. */
async function takeFrom(parts: Parts, offset: number, most: number): Promise<void> {
	let taken = 0;
	for await (const chunk of await bodyFrom(parts, offset)) {
		taken += (chunk as Buffer).length;
		if (taken >= most) return;
	}
}

async function isSent(parts: Parts, from: number, to: number): Promise<void> {
	expect(parts.from(from).size).toBe(to - from);
	expect(bytes.subarray(from, to).equals(await buffer(await bodyFrom(parts, from)))).toBe(true);
}

describe.each([1000, 65_536, PART_BYTES + 1, bytes.length])('a stream of %d at a time', (chunk) => {
	it('is cut into parts and read once', async () => {
		const content = streamed(chunk);
		const parts = partsOf(content);
		await isSent(parts, 0, PART_BYTES);
		await isSent(parts, PART_BYTES, 2 * PART_BYTES);
		await isSent(parts, 2 * PART_BYTES, bytes.length);
		expect(content.opened).toHaveLength(1);
	});

	it('goes on inside a part that broke off, up to its end, and is read once', async () => {
		const content = streamed(chunk);
		const parts = partsOf(content);
		await isSent(parts, 0, PART_BYTES);
		await takeFrom(parts, PART_BYTES, 1_000_000);
		await isSent(parts, PART_BYTES + 123_457, 2 * PART_BYTES);
		await isSent(parts, PART_BYTES + 123_456, 2 * PART_BYTES);
		await isSent(parts, 2 * PART_BYTES, bytes.length);
		expect(content.opened).toHaveLength(1);
	});
});

it('what was sent before is let go, and read again where it is wanted all the same', async () => {
	const content = streamed(1000);
	const parts = partsOf(content);
	await isSent(parts, 0, PART_BYTES);
	await takeFrom(parts, PART_BYTES, 1000);
	await isSent(parts, 5, PART_BYTES);
	expect(content.opened.map(({ destroyed }) => destroyed)).toEqual([true, false]);
	await isSent(parts, PART_BYTES, 2 * PART_BYTES);
	expect(content.opened).toHaveLength(2);
});

it('a stream is read while it is sent, and not before', async () => {
	const content = streamed(1000);
	const parts = partsOf(content);
	await takeFrom(parts, 0, 1000);
	expect(content.given).toBeGreaterThanOrEqual(1000);
	expect(content.given).toBeLessThan(10_000);
});

it('a request that was given up while it waited takes nothing from the one after it', async () => {
	const source = new Readable({ read() {} });
	const parts = partsOf({ size: 6, open: async () => source });
	const first = await bodyFrom(parts, 0);
	first.resume();
	await new Promise(setImmediate);
	first.destroy();
	const second = buffer(await bodyFrom(parts, 0));
	await new Promise(setImmediate);
	for (const text of ['ab', 'cd', 'ef']) {
		source.push(text);
		await new Promise(setImmediate);
	}
	expect((await second).toString()).toBe('abcdef');
});

it('bytes in memory are not copied', async () => {
	const parts = partsOf({ size: bytes.length, bytes });
	const { body } = parts.from(10);
	expect((body as Uint8Array).buffer).toBe(bytes.buffer);
	await isSent(parts, 10, PART_BYTES);
	await isSent(parts, 2 * PART_BYTES, bytes.length);
});

it('a file that is shorter than it was said is an error', async () => {
	const parts = partsOf(streamed(1000, bytes.length + 1));
	await expect(buffer(await bodyFrom(parts, 2 * PART_BYTES))).rejects.toThrow(
		`The file ended after ${bytes.length} of ${bytes.length + 1} bytes`,
	);
});

it('of a file that is longer than it was said no more is sent', async () => {
	await isSent(partsOf(streamed(1000, 1500)), 0, 1500);
});

it('what a stream fails with is the error, and after it the stream is opened again', async () => {
	const content = streamed(1000);
	const error = new Error('The disk failed');
	const failing = async () => new Readable({ read: () => undefined }).destroy(error);
	const open = jest.fn(content.open).mockImplementationOnce(failing);
	const parts = partsOf({ size: content.size, open });
	const body = await bodyFrom(parts, 0);
	// It fails before anybody reads.
	await new Promise(setImmediate);
	await expect(buffer(body)).rejects.toBe(error);
	await isSent(parts, 0, PART_BYTES);
	expect(content.opened).toHaveLength(1);
});

it('what cannot be opened is tried again', async () => {
	const content = streamed(1000);
	const open = jest.fn(content.open).mockRejectedValueOnce(new Error('There is no such file'));
	const parts = partsOf({ size: content.size, open });
	await expect(bodyFrom(parts, 0)).rejects.toThrow('There is no such file');
	await isSent(parts, 0, PART_BYTES);
});

it('all that is open is let go', async () => {
	const content = streamed(1000);
	const parts = partsOf(content);
	parts.close();
	await takeFrom(parts, 0, 1000);
	parts.close();
	expect(content.opened.map(({ destroyed }) => destroyed)).toEqual([true]);
});
