import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import WebSocket from 'ws';

import { createUser } from '../stack/users';

const url = process.env.SUPABASE_URL ?? '';
const publishableKey = process.env.SUPABASE_PUBLISHABLE_KEY ?? '';
const secretKey = process.env.SUPABASE_SECRET_KEY ?? '';
const anonJwt = process.env.STACK_ANON_JWT ?? '';
const serviceRoleJwt = process.env.STACK_SERVICE_ROLE_JWT ?? '';

function client(key: string, accessToken?: string): SupabaseClient {
	return createClient(url, key, {
		auth: { persistSession: false, autoRefreshToken: false },
		realtime: { transport: WebSocket as never },
		global: accessToken ? { headers: { Authorization: `Bearer ${accessToken}` } } : {},
	});
}

// Another project has other tables and rows.
const onStack = process.env.STACK_DATABASE_URL ? describe : describe.skip;

onStack('the official client on the local stack', () => {
	const service = client(secretKey);

	it('reads rows, with an embedded table', async () => {
		const { data, error } = await service
			.from('instruments')
			.select('name, orchestral_sections(name)')
			.order('id')
			.limit(1);
		expect(error).toBeNull();
		expect(data).toEqual([{ name: 'harp', orchestral_sections: { name: 'strings' } }]);
	});

	it('inserts, upserts, updates and deletes', async () => {
		const inserted = await service
			.from('stock')
			.insert({ warehouse: 'test', sku: 'washer', quantity: 1 })
			.select();
		expect(inserted).toMatchObject({
			status: 201,
			data: [{ warehouse: 'test', sku: 'washer', quantity: 1 }],
		});
		const upserted = await service
			.from('stock')
			.upsert({ warehouse: 'test', sku: 'washer', quantity: 2 })
			.select();
		expect(upserted).toMatchObject({ error: null, data: [{ quantity: 2 }] });
		const updated = await service
			.from('stock')
			.update({ quantity: 3 })
			.eq('warehouse', 'test')
			.select('quantity');
		expect(updated).toMatchObject({ error: null, data: [{ quantity: 3 }] });
		const deleted = await service.from('stock').delete({ count: 'exact' }).eq('warehouse', 'test');
		expect(deleted).toMatchObject({ error: null, count: 1 });
	});

	it('inserts many rows: nulls or defaults for what one lacks', async () => {
		const rows = [
			{ email: 'many-1@example.com', name: 'One' },
			{ email: 'many-2@example.com', age: 4 },
		];
		const contacts = () => service.from('contacts');
		expect((await contacts().insert(rows)).error).toMatchObject({ code: '23502' });
		const { data } = await contacts()
			.insert(rows, { defaultToNull: false })
			.select('name, age, mood');
		expect(data).toEqual([
			{ name: 'One', age: null, mood: 'ok' },
			{ name: 'Unnamed', age: 4, mood: 'ok' },
		]);
		expect(
			(await contacts().insert([{ email: 'many-3@example.com', age: 200 }])).error,
		).toMatchObject({
			code: '23514',
			message: expect.stringContaining('contacts_age_check') as string,
		});
		await contacts().delete().like('email', 'many-%');
	});

	it('keeps numbers beyond 2^53 in rows that are inserted', async () => {
		const { data } = await service
			.from('measurements')
			.insert([{ id: '9007199254740995', value: 2 }])
			.select('id::text, value');
		expect(data).toEqual([{ id: '9007199254740995', value: 2 }]);
		await service.from('measurements').delete().eq('id', '9007199254740995');
	});

	it('calls functions', async () => {
		expect((await service.rpc('hello_world')).data).toBe('Hello world');
		expect((await service.rpc('add_one_each', { arr: [1, 2, 3] })).data).toEqual([2, 3, 4]);
		const countries = await service.rpc('list_stored_countries').eq('name', 'France');
		expect(countries.data).toEqual([{ id: 3, name: 'France' }]);
	});

	it('reads another schema, and refuses one that is not exposed', async () => {
		expect((await service.schema('myschema').from('mytable').select()).data).toEqual([
			{ id: 1, value: 'x' },
		]);
		expect((await service.schema('hidden').from('treasure').select()).error).toMatchObject({
			code: 'PGRST106',
			message: 'Invalid schema: hidden',
			hint: 'Only the following schemas are exposed: public, myschema, pgmq_public',
		});
	});

	it.each([
		['publishable key', publishableKey, 'anon'],
		['legacy anon key', anonJwt, 'anon'],
		['secret key', secretKey, 'service_role'],
		['legacy service_role key', serviceRoleJwt, 'service_role'],
	])('gives the %s its role', async (_, key, role) => {
		expect((await client(key).rpc('who_am_i')).data).toEqual({ role, uid: null });
	});

	it('applies policies: nobody, the owner, another user, the service role', async () => {
		const owner = await createUser();
		const other = await createUser();
		const notes = (key: string, token?: string) => client(key, token).from('notes');

		expect((await notes(publishableKey).insert({ body: 'no' })).error).toMatchObject({
			code: '42501',
		});
		const made = await notes(publishableKey, owner.accessToken)
			.insert({ body: 'mine' })
			.select()
			.single();
		expect(made.data).toMatchObject({ body: 'mine', user_id: owner.id });

		const seen = async (key: string, token?: string) =>
			(await notes(key, token).select('body').eq('id', made.data?.id)).data;
		expect(await seen(publishableKey)).toEqual([]);
		expect(await seen(publishableKey, owner.accessToken)).toEqual([{ body: 'mine' }]);
		expect(await seen(publishableKey, other.accessToken)).toEqual([]);
		expect(await seen(secretKey)).toEqual([{ body: 'mine' }]);
		// A user's token beside the secret key: the user's role counts.
		expect(await seen(secretKey, other.accessToken)).toEqual([]);
	});
});

onStack('the gateway', () => {
	const get = async (path: string, headers: Record<string, string>) => {
		const answer = await fetch(url + path, { headers });
		return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
	};

	it('refuses a request without a key, or with one that it does not know', async () => {
		expect(await get('/rest/v1/planets', {})).toEqual({
			status: 401,
			body: {
				message: 'No API key found in request',
				hint: 'No `apikey` request header or url param was found.',
			},
		});
		expect(await get('/rest/v1/planets', { apikey: 'sb_secret_wrong' })).toMatchObject({
			status: 401,
			body: { message: 'Invalid API key' },
		});
		expect(await get('/auth/v1/settings', { apikey: 'wrong' })).toMatchObject({ status: 401 });
	});

	it('takes the key from the query too', async () => {
		expect(await get(`/rest/v1/characters?id=eq.1&apikey=${publishableKey}`, {})).toEqual({
			status: 200,
			body: [{ id: 1, name: 'Harry' }],
		});
	});

	it.each([
		[
			'another sb_ key as bearer token',
			{ apikey: publishableKey, authorization: `Bearer ${secretKey}` },
		],
		['a bearer token that is no JWT', { apikey: publishableKey, authorization: 'Bearer nonsense' }],
		['the secret key in a browser', { apikey: secretKey, 'user-agent': 'Mozilla/5.0 (X11)' }],
	])('refuses %s', async (_, headers) => {
		expect((await get('/rest/v1/planets', headers)).status).toBe(401);
	});

	it('takes a legacy service_role key without bearer token for anon', async () => {
		expect((await get('/rest/v1/rpc/who_am_i', { apikey: serviceRoleJwt })).body).toMatchObject({
			role: 'anon',
		});
	});

	it('describes the schema to the secret key alone', async () => {
		expect((await get('/rest/v1/', { apikey: publishableKey })).status).toBe(403);
		const { status, body } = await get('/rest/v1/', { apikey: secretKey });
		expect(status).toBe(200);
		expect(body).toMatchObject({
			swagger: '2.0',
			definitions: { planets: { properties: { name: { type: 'string', format: 'text' } } } },
		});
		const mine = await get('/rest/v1/', { apikey: secretKey, 'accept-profile': 'myschema' });
		expect(Object.keys(mine.body.definitions as object)).toEqual(['mytable']);
		expect(await get('/rest/v1/', { apikey: secretKey, 'accept-profile': 'hidden' })).toMatchObject(
			{
				status: 406,
				body: { code: 'PGRST106' },
			},
		);
	});

	it('says so where there is no service', async () => {
		expect((await get('/nothing/v1/here', { apikey: secretKey })).status).toBe(404);
	});
});
