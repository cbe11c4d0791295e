import { setTimeout as sleep } from 'node:timers/promises';

import { SupabaseApiError } from '../../../src/api/errors';
import { emptyBucket } from '../../../src/api/storage/buckets';
import { listFolder } from '../../../src/api/storage/list';
import type { Send } from '../../../src/api/transport';

/** The longest between two looks, in milliseconds. */
const LONGEST_PAUSE = 5000;

/**
 * Has a bucket emptied, which the server does some time later, and waits until it is.
 *
 * @param seconds how long to wait at the most; 0 does not wait
 * @throws SupabaseApiError when there is something in it after that time
 */
export async function emptied(
	send: Send,
	bucket: string,
	seconds: number,
	signal?: AbortSignal,
): Promise<void> {
	await send(emptyBucket(bucket));
	const until = Date.now() + seconds * 1000;
	for (let pause = 250; seconds > 0; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
		if (await isEmpty(send, bucket)) return;
		if (Date.now() + pause > until) {
			throw new SupabaseApiError('storage', 'refused', {
				message: `The bucket "${bucket}" is not empty after ${seconds} seconds`,
				code: 'STILL_EMPTYING',
				hint: 'The server goes on emptying it, which may take up to an hour. Files that came after the request stay. Wait longer (Wait up To in Options), or look again later.',
			});
		}
		await sleep(pause, undefined, { signal });
	}
}

async function isEmpty(send: Send, bucket: string): Promise<boolean> {
	const sortBy = { column: 'name', order: 'asc' } as const;
	const page = { prefix: '', limit: 1, offset: 0, sortBy };
	return (await send<unknown[]>(listFolder(bucket, page))).body.length === 0;
}
