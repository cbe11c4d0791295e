import { randomUUID } from 'node:crypto';

import { createClient } from '@supabase/supabase-js';
import WebSocket from 'ws';

import { openBench, range } from './database-helpers';
import { listSearch } from './editor';

const bench = openBench();
const mark = `listed-${randomUUID()}`;

const admin = () =>
	createClient(bench.place.url, bench.place.secretKey, {
		auth: { persistSession: false, autoRefreshToken: false },
		realtime: { transport: WebSocket as never },
	}).auth.admin;

beforeAll(async () => {
	await Promise.all(
		range(104).map(async (n) => await admin().createUser({ email: `${n}-${mark}@example.com` })),
	);
});

async function list(
	method: string,
	{ keys = {}, ...asked }: { filter?: string; paginationToken?: string; keys?: object } = {},
) {
	const { url, publishableKey, secretKey } = bench.place;
	const node = {
		type: 'n8n-nodes-supabase-suite.supabaseAuthAdmin',
		parameters: { resource: 'user', operation: 'get' },
		credentials: { supabaseProjectApi: { url, publishableKey, secretKey, ...keys } },
	};
	return await listSearch(bench.engine.packs, method, node, asked);
}

test('users are listed by address, page by page, and found by a part of it', async () => {
	const first = await list('searchUsers', { filter: mark.toUpperCase() });
	expect(first.results).toHaveLength(100);
	const { paginationToken } = first;
	const second = await list('searchUsers', {
		filter: mark,
		paginationToken: paginationToken as string,
	});
	expect(second.results).toHaveLength(4);
	expect(second.paginationToken).toBeUndefined();
	const [only] = (await list('searchUsers', { filter: `7-${mark}` })).results.filter(
		({ name }) => name === `7-${mark}@example.com`,
	);
	const [row] = await bench.sql('select id from auth.users where email = $1', [only?.name]);
	expect(only?.value).toBe(row?.id);
});

test('applications and providers are listed by name', async () => {
	const oauth = await admin().oauth.createClient({
		client_name: mark,
		redirect_uris: ['https://app.example.com/cb'],
	});
	const id = oauth.data?.client_id ?? '';
	const { results } = await list('searchOAuthClients', { filter: mark });
	expect(results).toEqual([{ name: `${mark} (${id})`, value: id }]);
	await admin().oauth.deleteClient(id);
	expect((await list('searchOAuthClients', { filter: mark })).results).toEqual([]);
	expect((await list('searchSsoProviders', { filter: mark })).results).toEqual([]);
	expect((await list('searchCustomProviders', { filter: mark })).results).toEqual([]);
});

test('a list says what is missing, and how to mend it', async () => {
	await expect(list('searchUsers', { keys: { secretKey: '' } })).rejects.toThrow(
		'The credential has no Secret Key. Auth Admin works with it alone: add it to the credential.',
	);
	const unknown = `sb_secret_${'x'.repeat(22)}_00000000`;
	await expect(list('searchUsers', { keys: { secretKey: unknown } })).rejects.toThrow(
		/^The secret key was not accepted\. Copy the keys again/,
	);
	await expect(list('searchUsers', { keys: { url: 'http://127.0.0.1:1' } })).rejects.toThrow(
		'Nothing listens at that address',
	);
});
