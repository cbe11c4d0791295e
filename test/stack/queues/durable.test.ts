import { createClient, type RealtimeChannel, type SupabaseClient } from '@supabase/supabase-js';
import postgres from 'postgres';
import { WebSocket } from 'ws';

import { durableSql } from '../../../src/api/queues/sql/durable';
import { uninstallSql } from '../../../src/api/queues/sql/uninstall';
import { letOfficialTimersGo } from '../../officialTimers';

letOfficialTimersGo();

const url = process.env.SUPABASE_URL ?? '';
const secretKey = process.env.SUPABASE_SECRET_KEY ?? '';
const publishableKey = process.env.SUPABASE_PUBLISHABLE_KEY ?? '';

// What the services write into the database is looked at there: the stack's own server is needed.
const onStack = process.env.STACK_DATABASE_URL ? describe : describe.skip;

onStack('what Auth and Storage of the stack do, as it comes to a queue', () => {
	const queue = 'durable_stack';
	let sql: postgres.Sql;

	beforeAll(async () => {
		sql = postgres(process.env.STACK_DATABASE_URL ?? '', { max: 1, onnotice() {} });
		await sql`create table public.durable_stack (id int primary key)`;
		const tables = [{ schema: 'public', name: 'durable_stack', events: ['insert' as const] }];
		await sql.unsafe(durableSql({ queue, tables, users: true, files: {} }));
	});

	afterAll(async () => {
		await sql.unsafe(uninstallSql());
		await sql`select pgmq.drop_queue(${queue}), pgmq.drop_queue(${`${queue}_dead`})`;
		await sql`drop table public.durable_stack`;
		await sql.end();
	});

	async function ask(method: string, path: string, body?: object | string, key = secretKey) {
		const answer = await fetch(`${url}${path}`, {
			method,
			headers: {
				apikey: key,
				...(typeof body === 'object' ? { 'content-type': 'application/json' } : {}),
			},
			body: typeof body === 'object' ? JSON.stringify(body) : body,
		});
		expect(answer.status).toBe(200);
		return (await answer.json()) as Record<string, unknown>;
	}

	interface Message {
		type: string;
		table: string;
		record: Record<string, unknown> | null;
		old_record: Record<string, unknown> | null;
	}

	/** Takes what has come since the last look. */
	async function arrived(): Promise<Message[]> {
		const rows = await sql<Array<{ message: Message }>>`
			with taken as (delete from pgmq.q_durable_stack returning message, msg_id)
			select message from taken order by msg_id`;
		return rows.map(({ message }) => message);
	}

	it('a sign-up, its confirmation, a change and the end of a user', async () => {
		const email = 'durable@example.com';
		const signedUp = await ask(
			'POST',
			'/auth/v1/signup',
			{ email, password: 'correct horse battery', data: { name: 'Ada' } },
			publishableKey,
		);
		const id = (signedUp.id ?? (signedUp.user as { id?: string } | undefined)?.id) as string;
		const [signUp, ...others] = await arrived();
		expect(signUp).toMatchObject({
			type: 'INSERT',
			table: 'users',
			record: { id, email, raw_user_meta_data: expect.objectContaining({ name: 'Ada' }) as object },
			old_record: null,
		});
		expect(others.every(({ type }) => type === 'UPDATE')).toBe(true);
		await ask('PUT', `/auth/v1/admin/users/${id}`, {
			email_confirm: true,
			app_metadata: { plan: 'pro' },
		});
		const changes = await arrived();
		expect(changes.map(({ type }) => type)).toEqual(changes.map(() => 'UPDATE'));
		expect(changes.at(-1)?.record).toMatchObject({
			raw_app_meta_data: expect.objectContaining({ plan: 'pro' }) as object,
			email_confirmed_at: expect.any(String) as string,
		});
		await ask('DELETE', `/auth/v1/admin/users/${id}`, {});
		expect(await arrived()).toMatchObject([{ type: 'DELETE', record: null, old_record: { id } }]);
	});

	it('a file stored, replaced, moved and removed', async () => {
		await ask('POST', '/storage/v1/bucket', { id: 'durable', name: 'durable' });
		await ask('POST', '/storage/v1/object/durable/a/one.txt', 'first');
		await ask('PUT', '/storage/v1/object/durable/a/one.txt', 'second!');
		await ask('POST', '/storage/v1/object/move', {
			bucketId: 'durable',
			sourceKey: 'a/one.txt',
			destinationKey: 'b/two.txt',
		});
		await ask('POST', '/storage/v1/object/copy', {
			bucketId: 'durable',
			sourceKey: 'b/two.txt',
			destinationKey: 'b/three.txt',
		});
		await ask('DELETE', '/storage/v1/object/durable', { prefixes: ['b/two.txt'] });
		await ask('DELETE', '/storage/v1/object/durable/b/three.txt');
		await ask('DELETE', '/storage/v1/bucket/durable');
		const file = (name: string, size: number) => ({
			bucket_id: 'durable',
			name,
			metadata: expect.objectContaining({ size, mimetype: expect.any(String) as string }) as object,
		});
		expect(await arrived()).toMatchObject([
			{ type: 'INSERT', table: 'objects', record: file('a/one.txt', 5), old_record: null },
			{ type: 'UPDATE', record: file('a/one.txt', 7), old_record: file('a/one.txt', 5) },
			{ type: 'UPDATE', record: file('b/two.txt', 7), old_record: file('a/one.txt', 7) },
			{ type: 'INSERT', record: file('b/three.txt', 7), old_record: null },
			{ type: 'DELETE', record: null, old_record: file('b/two.txt', 7) },
			{ type: 'DELETE', record: null, old_record: file('b/three.txt', 7) },
		]);
	});

	describe('the bell', () => {
		const clients: SupabaseClient[] = [];
		afterEach(async () => {
			await Promise.all(
				clients.splice(0).map(async (client) => {
					await client.removeAllChannels();
					await client.realtime.disconnect();
				}),
			);
		});

		/** A channel of a key, which nobody has joined yet. */
		function bell(key: string): RealtimeChannel {
			const client = createClient(url, key, {
				auth: { persistSession: false, autoRefreshToken: false },
				realtime: { transport: WebSocket as never },
			});
			clients.push(client);
			const config = { private: true, broadcast: { replication_ready: true } };
			return client.channel(`n8n:${queue}`, { config });
		}

		it('rings once a transaction for the service role, and says nothing', async () => {
			const rings: Array<Record<string, unknown>> = [];
			let look = () => {};
			const rung = async (times: number) =>
				await new Promise<void>((resolve) => {
					look = () => rings.length >= times && resolve();
					look();
				});
			const channel = bell(secretKey).on('broadcast', { event: 'ring' }, ({ payload }) => {
				rings.push(payload as Record<string, unknown>);
				look();
			});
			const ready = new Promise((resolve) =>
				channel.on('system', {}, (said: { message: string }) => resolve(said.message)),
			);
			channel.subscribe();
			expect(await ready).toBe('Replication connection established');
			await sql`insert into public.durable_stack values (1), (2), (3)`;
			await sql`insert into public.durable_stack values (4)`;
			await rung(2);
			await sql`select realtime.send('{"last": true}', 'ring', ${`n8n:${queue}`}, true)`;
			await rung(3);
			const id = expect.any(String) as string;
			expect(rings).toEqual([{ id }, { id }, { id, last: true }]);
			await arrived();
		});

		it('is not heard by others', async () => {
			const refused = new Promise((resolve) =>
				bell(publishableKey).subscribe((...[, error]) => error && resolve(error.message)),
			);
			expect(await refused).toContain(
				'You do not have permissions to read from this Channel topic',
			);
		});
	});
});
