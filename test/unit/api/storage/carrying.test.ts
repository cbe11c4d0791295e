import { setImmediate as turn } from 'node:timers/promises';

import { downloadFile } from '../../../../nodes/Storage/file/download';
import { uploadFile } from '../../../../nodes/Storage/file/upload';
import type { Send } from '../../../../src/api/transport';
import type { Job, Operation, Run } from '../../../../src/n8n/operation';

/** How many requests were under way at once, at the most, while an operation ran. */
async function widestOf(operation: Operation, plans: readonly object[]): Promise<number> {
	let underWay = 0;
	let widest = 0;
	const send = (async () => {
		underWay += 1;
		widest = Math.max(widest, underWay);
		for (let turns = 0; turns < 5; turns++) await turn();
		underWay -= 1;
		return { status: 200, headers: {}, body: {} };
	}) as never as Send;
	const run = { continueOnFail: true, hint() {}, log() {} } as never as Run;
	const jobs = plans.map(
		(plan, item) => ({ item, plan, send, sendAfterCancel: send }) as unknown as Job<unknown>,
	);
	await operation.execute(jobs, run);
	return widest;
}

const place = (n: number) => ({ bucket: 'b', key: `${n}.txt` });

function storing(n: number) {
	const options = { contentType: 'x/y', cacheControl: 1 };
	const source = { bytes: Buffer.from('x'), type: 'x/y' };
	return { about: place(n), place: place(n), source, options, resumableAbove: 6e6, upsert: true };
}

test('four files are stored at once', async () => {
	const plans = Array.from({ length: 20 }, (_, n) => storing(n));
	expect(await widestOf(uploadFile, plans)).toBe(4);
});

test('one file is stored by one item after the other', async () => {
	const plans = Array.from({ length: 6 }, () => storing(1));
	expect(await widestOf(uploadFile, plans)).toBe(1);
});

test('four files are read at once', async () => {
	const request = {
		service: 'storage',
		method: 'GET',
		path: ['object', 'b', 'x'],
		expect: 'stream',
	};
	const plans = Array.from({ length: 20 }, (_, n) => ({
		about: place(n),
		place: place(n),
		request,
	}));
	expect(await widestOf(downloadFile, plans)).toBe(4);
});
