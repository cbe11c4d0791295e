import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import { parseUploadId } from '../uploadId';
import { nameOf, type Exchange } from './exchange';
import { sendRaw } from './send';
import type { StorageSettings } from '../call';

/** What happened between two recorded exchanges without being recorded. */
export interface Interlude {
	url: string;
	secretKey: string;
	/** Where the server keeps its files. */
	directory: string;
	/** Turns a recorded path into ours. */
	translate(path: string): string;
}

/** What was in place when the recording began. */
export const BEFORE = `
create schema auth;
grant usage on schema auth to anon, authenticated, service_role;
create function auth.uid() returns uuid language sql stable as $$
	select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid;
$$;
`;

export const POLICIES = `
create policy "own folder" on storage.objects to authenticated
	using (bucket_id = 'user-files' and (storage.foldername(name))[1] = auth.uid()::text)
	with check (bucket_id = 'user-files' and (storage.foldername(name))[1] = auth.uid()::text);
create policy "put in" on storage.objects for insert to anon
	with check (bucket_id = 'drop-box');
`;

/** The server that recorded, which was two servers. */
export const FIRST: Partial<StorageSettings> = {
	fileSizeLimit: 500 * 1024 ** 2,
	standardSizeLimit: 50 * 1024 ** 2,
	imageTransformation: false,
	hardLimits: false,
};
const SECOND: Partial<StorageSettings> = { ...FIRST, imageTransformation: true, hardLimits: true };

/** Which of the two answered. */
export function settingsOf({ op, case: name }: Exchange): Partial<StorageSettings> {
	const second =
		(op === 'file.transform' && /enabled|render/.test(name)) ||
		(op === 'file.signUrl' && name.includes('enabled on server')) ||
		(op === 'file.remove' && name.includes('hard limits on'));
	return second ? SECOND : FIRST;
}

/** Names and sizes of the folder that the listings are of, in the order of their dates. */
const LISTED: Array<[string, number]> = [
	['l/b.txt', 5],
	['l/a.txt', 5],
	['l/C.txt', 5],
	['l/sub/x.txt', 9],
	['l/sub/y.txt', 9],
	['l/sub/deep/z.txt', 14],
	['l/Sub2/q.txt', 10],
	['l/10.txt', 6],
	['l/9.txt', 5],
	['l/sub.txt', 7],
	['l/under_score.txt', 15],
	['l/underXscore.txt', 15],
];

const DROPPED_AT = 2 * 1024 ** 2;

const authorized = (key: string) => ({ apikey: key, authorization: `Bearer ${key}` });

const interludes: Record<string, (world: Interlude, next: Exchange) => Promise<void>> = {
	'file.list: root': async ({ url, secretKey }) => {
		for (const [name, size] of LISTED) {
			await sendRaw(url, {
				method: 'POST',
				path: `/storage/v1/object/docs/${name}`,
				headers: {
					...authorized(secretKey),
					'content-type': 'text/plain',
					'cache-control': 'max-age=3600',
				},
				body: Buffer.alloc(size, 'x'),
			});
		}
	},
	'tus.head: after a connection dropped 2 MiB into a 6 MiB chunk': async (world, next) => {
		const path = world.translate(next.request.path);
		const file = join(world.directory, parseUploadId(path.split('/').pop() ?? '').version);
		const sent = sendRaw(world.url, {
			method: 'PATCH',
			path,
			headers: {
				...authorized(world.secretKey),
				'tus-resumable': '1.0.0',
				'upload-offset': '0',
				'content-type': 'application/offset+octet-stream',
			},
			body: Buffer.alloc(6 * 1024 ** 2, 'x'),
			breakOff: { bytes: DROPPED_AT, when: async () => await untilWritten(file, DROPPED_AT) },
		});
		await sent.catch(() => {});
	},
	'bucket.delete: publishable key (RLS), empty bucket': async ({ url, secretKey }) => {
		await sendRaw(url, {
			method: 'POST',
			path: '/storage/v1/bucket',
			headers: { ...authorized(secretKey), 'content-type': 'application/json' },
			body: Buffer.from(JSON.stringify({ name: 'empty-one' })),
		});
	},
};

async function untilWritten(file: string, bytes: number): Promise<void> {
	for (let tries = 0; tries < 200; tries += 1) {
		if ((await stat(file)).size >= bytes) return;
		await new Promise((resolve) => setTimeout(resolve, 25));
	}
}

/** Does what was done before an exchange. */
export async function prepare(exchange: Exchange, world: Interlude): Promise<void> {
	await interludes[nameOf(exchange)]?.(world, exchange);
}
