import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';

import { startStackChild, type StackChild } from './child';
import { stackControl, type StackControl } from './control';
import { listen } from './realtime/listener';

describe('a stack whose database or network goes away', () => {
	let stack: StackChild;
	let control: StackControl;
	let headers: Record<string, string>;

	beforeAll(async () => {
		stack = await startStackChild();
		control = stackControl(stack.url);
		headers = { apikey: stack.secretKey, 'content-type': 'application/json' };
	});

	afterAll(async () => await stack?.stop());

	const ask = async (path: string, body?: object) => {
		const method = body ? 'POST' : 'GET';
		const answer = await fetch(`${stack.url}${path}`, {
			method,
			headers,
			body: body && JSON.stringify(body),
		});
		const text = await answer.text();
		return { status: answer.status, body: (text && JSON.parse(text)) as Record<string, unknown> };
	};
	const call = async (name: string, body: object) => await ask(`/rest/v1/rpc/${name}`, body);

	async function sql<T extends object>(statement: string): Promise<T[]> {
		const client = postgres(stack.databaseUrl, { max: 1, onnotice() {} });
		try {
			return [...(await client.unsafe<T[]>(statement))];
		} finally {
			await client.end();
		}
	}

	/** Resolves when the database works on a call of `wait`. */
	async function untilItWaits(): Promise<void> {
		const waiting = `select from pg_stat_activity where state = 'active' and wait_event = 'PgSleep'`;
		while ((await sql(waiting)).length === 0) await sleep(50);
	}

	it('keeps what was committed, tells others 503, and goes on by itself', async () => {
		await call('add_planet', { name: 'Before the crash' });
		const before = await control.databasePid();
		const waiting = call('wait', { seconds: 600 });
		await untilItWaits();
		await control.crashDatabase();
		expect(await waiting).toEqual({
			status: 503,
			body: {
				code: 'PGRST001',
				details: 'no connection to the server\n',
				hint: null,
				message: 'Database client error. Retrying the connection.',
			},
		});
		expect(await control.databasePid()).toBeNull();
		const refused = { status: 503, body: { code: 'PGRST000' } };
		expect(await call('echo', { say: 'x' })).toMatchObject(refused);
		expect(await ask('/rest/v1/planets')).toMatchObject(refused);

		await control.startDatabase();
		expect(await control.databasePid()).not.toBe(before);
		expect(await call('echo', { say: 'x' })).toEqual({ status: 200, body: 'x' });
		const { body } = await ask('/rest/v1/planets?name=eq.Before+the+crash');
		expect(body).toHaveLength(1);
		expect((await ask('/auth/v1/admin/users')).status).toBe(200);
		expect((await ask('/storage/v1/bucket')).status).toBe(200);
	});

	it('hears of a changed schema afterwards', async () => {
		await control.crashDatabase();
		await control.startDatabase();
		await sql('create table public.made_afterwards (id int)');
		while ((await ask('/rest/v1/made_afterwards')).status !== 200) await sleep(50);
	});

	it('goes on when one connection is terminated', async () => {
		const waiting = call('wait', { seconds: 600 });
		await untilItWaits();
		await sql(
			`select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'`,
		);
		expect(await waiting).toMatchObject({ status: 503, body: { code: 'PGRST001' } });
		expect(await call('echo', { say: 'x' })).toEqual({ status: 200, body: 'x' });
	});

	it('may lose the answer to a call that was done', async () => {
		await sql(`select pgmq.create('lost'), pgmq.send('lost', '{"n": 1}')`);
		const popped = `/rest/v1/rpc/pop`;
		headers['content-profile'] = 'pgmq_public';
		await control.addFault({ path: popped, action: { kind: 'resetAfter' } });
		await expect(ask(popped, { queue_name: 'lost' })).rejects.toThrow();
		expect(await ask(popped, { queue_name: 'lost' })).toEqual({ status: 200, body: [] });
		delete headers['content-profile'];
	});

	it('breaks every connection when the network is cut, and lets clients in again', async () => {
		const socket = await listen(stack.url, stack.secretKey);
		const waiting = call('wait', { seconds: 600 });
		await untilItWaits();
		await control.cutNetwork(true);
		await expect(waiting).rejects.toThrow();
		expect(await socket.closed).toBe(1006);
		await expect(ask('/rest/v1/planets')).rejects.toThrow();
		await expect(listen(stack.url, stack.secretKey)).rejects.toThrow();
		await control.cutNetwork(false);
		expect((await ask('/rest/v1/planets')).status).toBe(200);
		await (await listen(stack.url, stack.secretKey)).close();
	});
});
