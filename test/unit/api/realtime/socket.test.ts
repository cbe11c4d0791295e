import { createServer } from 'node:net';
import { once } from 'node:events';
import { inspect } from 'node:util';

import type { Grant } from '../../../../src/api/realtime/realtime';
import { closedPort, projectAt } from '../../server';
import { tokens } from '../../tokens';
import { closeClients, holdTimers, listen, named, open, ORDERS, QUICK } from './client';
import { closePhoenix, inserted, startPhoenix, system } from './phoenix';

afterEach(async () => {
	jest.useRealTimers();
	await closeClients();
	await closePhoenix();
});

test.each([
	['service_role', { role: 'service_role' }, tokens.sb_secret, undefined],
	['anon', { role: 'anon' }, tokens.sb_publishable, undefined],
	[
		'a user',
		{ role: 'user', accessToken: `Bearer ${tokens.other_jwt}` },
		tokens.sb_publishable,
		tokens.other_jwt,
	],
] as const)(
	'the key stands in the address, a token in the join: %s',
	async (_, authority, key, token) => {
		const phoenix = await startPhoenix();
		const project = projectAt(phoenix.url, { headers: { 'x-gateway': 'mine' } });
		listen(open(project, { authority: async () => ({ authority }) }), ORDERS);
		const wire = await phoenix.next();
		expect(wire.target).toBe(`/realtime/v1/websocket?apikey=${key}&vsn=2.0.0`);
		expect(wire.headers).toMatchObject({
			'x-gateway': 'mine',
			'user-agent': 'n8n-nodes-supabase-suite',
		});
		const join = await wire.next('phx_join');
		expect(join.payload.access_token).toBe(token);
		expect(Object.hasOwn(join.payload, 'access_token')).toBe(token !== undefined);
	},
);

test.each([1000, 1001, 1012, 4000])('a close with %i is a loss, and made good', async (code) => {
	const phoenix = await startPhoenix();
	const realtime = open(phoenix.project);
	const heard = listen(realtime, ORDERS);
	const first = await phoenix.next();
	first.accept(await first.next('phx_join'));
	await heard.states.until(named('subscribed'));
	first.close(code);
	const lost = { reason: { code: `CLOSE_${code}`, outcome: 'notSent' } };
	expect(await heard.states.until(named('lost'))).toMatchObject(lost);
	expect(await realtime.states.until(named('waiting'))).toMatchObject({ ...lost, final: false });
	const second = await phoenix.next();
	second.accept(await second.next('phx_join'));
	await heard.states.until((state) => state.name === 'subscribed' && state.times === 2);
	expect(realtime.states.all.map(({ name }) => name)).toEqual([
		...['connecting', 'open', 'waiting', 'connecting', 'open'],
	]);
});

test.each([
	[401, { error: 'Failed to validate JWT signature' }, true],
	[403, { error: 'Realtime was disabled for this tenant' }, true],
	[404, { error: 'Tenant not found' }, true],
	[540, {}, true],
	[429, { error: 'Too many connected users' }, false],
	[503, {}, false],
])('an upgrade refused with %i', async (status, body, final) => {
	const refusal = { status, body: JSON.stringify(body) };
	const phoenix = await startPhoenix((count) => (count ? undefined : refusal));
	const realtime = open(phoenix.project, { timings: { finalWait: 20 } });
	const waiting = await realtime.states.until(named('waiting'));
	const message = 'error' in body ? body.error : expect.any(String);
	expect(waiting).toMatchObject({ final, reason: { service: 'realtime', status, message } });
	// It may mend itself all the same.
	await realtime.states.until(named('open'));
});

test('what cannot be reached is waited for', async () => {
	const project = projectAt(`http://127.0.0.1:${await closedPort()}`);
	const realtime = open(project);
	const heard = listen(realtime, ORDERS);
	const waiting = await realtime.states.until(named('waiting'));
	expect(waiting).toMatchObject({ final: false, reason: { code: 'ECONNREFUSED' } });
	expect(heard.channel.state).toEqual({ name: 'joining' });
});

test('a server that does not answer the upgrade is given up in time', async () => {
	const mute = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
	await once(mute, 'listening');
	const { port } = mute.address() as { port: number };
	const realtime = open(projectAt(`http://127.0.0.1:${port}`), { timings: { connect: 50 } });
	const waiting = await realtime.states.until(named('waiting'));
	expect(waiting).toMatchObject({ final: false, reason: { code: 'SOCKET_TIMEOUT' } });
	await realtime.close();
	await new Promise((resolve) => mute.close(resolve));
});

test('without a key for the role, or with no rights to be had, it says so', async () => {
	const phoenix = await startPhoenix();
	const project = projectAt(phoenix.url, { secretKey: undefined });
	const authority = async (): Promise<Grant> => ({ authority: { role: 'service_role' } });
	const waiting = await open(project, { authority }).states.until(named('waiting'));
	expect(waiting).toMatchObject({
		final: true,
		reason: { message: 'The credential has no Secret Key', ours: true },
	});
});

test('a socket that is silent is replaced, but not while a join is under way', async () => {
	const phoenix = await startPhoenix();
	holdTimers();
	const heartbeat = 1_000;
	const timings = { heartbeat, join: 10 * heartbeat, firstWait: 1 };
	const heard = listen(open(phoenix.project, { timings }), ORDERS);
	const first = await phoenix.next();
	const join = await first.next('phx_join');
	jest.advanceTimersByTime(heartbeat);
	await first.next('heartbeat');
	// Several heartbeats late, as with a refused join.
	jest.advanceTimersByTime(4 * heartbeat);
	expect(heard.channel.state.name).toBe('joining');
	first.accept(join);
	await heard.states.until(named('subscribed'));
	jest.advanceTimersByTime(heartbeat);
	const lost = await heard.states.until(named('lost'));
	expect(lost).toMatchObject({ reason: { code: 'SOCKET_SILENT' } });
	jest.advanceTimersByTime(heartbeat);
	await phoenix.next();
});

test('a join that is not answered at all gives the socket up', async () => {
	const phoenix = await startPhoenix();
	// No heartbeat does it instead.
	const timings = { join: 30, heartbeat: 3_600_000 };
	const heard = listen(open(phoenix.project, { timings }), ORDERS);
	const first = await phoenix.next();
	await first.next('phx_join');
	expect(await heard.states.until(named('lost'))).toMatchObject({
		reason: { code: 'JOIN_TIMEOUT' },
	});
	await (await phoenix.next()).next('phx_join');
	expect(await first.closed).toBe(1006);
});

test('a join that is not answered while other things come is tried again on the same socket', async () => {
	const phoenix = await startPhoenix();
	holdTimers();
	const join = 1_000;
	const heard = listen(open(phoenix.project, { timings: { join } }), ORDERS);
	const wire = await phoenix.next();
	await wire.next('phx_join');
	wire.send('realtime:other', 'broadcast', {});
	await wire.read();
	jest.advanceTimersByTime(join);
	expect(heard.names()).toEqual(['joining', 'lost']);
	jest.advanceTimersByTime(QUICK.firstWait);
	wire.accept(await wire.next('phx_join'));
	await heard.states.until(named('subscribed'));
	expect(phoenix.wires).toEqual([wire]);
});

test('before its time is over a socket is replaced by one that is subscribed', async () => {
	const phoenix = await startPhoenix();
	holdTimers();
	const lifetime = 20_000;
	const heard = listen(open(phoenix.project, { timings: { lifetime } }), ORDERS);
	const first = await phoenix.next();
	const old = await first.next('phx_join');
	first.accept(old);
	await heard.states.until(named('subscribed'));
	jest.advanceTimersByTime(lifetime);
	const second = await phoenix.next();
	const fresh = await second.next('phx_join');
	first.send(old.topic, 'postgres_changes', inserted({ id: 1 }));
	second.accept(fresh);
	second.send(fresh.topic, 'postgres_changes', inserted({ id: 1 }));
	second.send(fresh.topic, 'postgres_changes', inserted({ id: 2 }));
	await heard.changes.until(({ record }) => record?.id === 2);
	await first.read();
	jest.advanceTimersByTime(QUICK.overlap);
	expect(await first.closed).toBe(1000);
	expect(heard.changes.all.map(({ record }) => record?.id)).toEqual([1, 2]);
	expect(heard.names()).toEqual(['joining', 'joined', 'subscribed', 'subscribed']);
});

test('a token is renewed before its end, and its confirmation awaited', async () => {
	const phoenix = await startPhoenix();
	holdTimers();
	const [life, renewBefore, subscribe] = [3_600_000, 60_000, 1_000];
	let count = 0;
	const authority = async (): Promise<Grant> => {
		const accessToken = jwt({ role: 'authenticated', count: count++ });
		return { authority: { role: 'user', accessToken }, expiresAt: Date.now() + life };
	};
	const timings = { heartbeat: 10 * life, renewBefore, subscribe };
	const heard = listen(open(phoenix.project, { authority, timings }), ORDERS);
	const wire = await phoenix.next();
	const join = await wire.next('phx_join');
	wire.accept(join);
	await heard.states.until(named('subscribed'));
	jest.advanceTimersByTime(life - renewBefore);
	const renewed = await wire.next('access_token');
	expect(renewed.joinRef).toBe(join.ref);
	expect(renewed.payload.access_token).not.toBe(join.payload.access_token);
	system(wire, join);
	await heard.states.until((state) => state.name === 'subscribed' && state.times === 2);
	jest.advanceTimersByTime(life - renewBefore);
	await wire.next('access_token');
	jest.advanceTimersByTime(subscribe);
	const lost = await heard.states.until(named('lost'));
	expect(lost).toMatchObject({ reason: { code: 'TOKEN_TIMEOUT' } });
});

test('a push gets its answer, its refusal, or that none came', async () => {
	const phoenix = await startPhoenix();
	const broadcast = { ack: true };
	const { channel, states } = listen(open(phoenix.project), { name: 'room', broadcast });
	await expect(channel.broadcast('a', {})).rejects.toMatchObject({ outcome: 'notSent' });
	const wire = await phoenix.next();
	wire.accept(await wire.next('phx_join'));
	await states.until(named('subscribed'));
	const taken = channel.broadcast('a', { n: 1 });
	wire.reply(await wire.next('broadcast'), 'ok');
	await expect(taken).resolves.toBeUndefined();
	const refused = channel.broadcast('a', { n: 2 });
	wire.reply(await wire.next('broadcast'), 'error', 'payload_size_exceeded');
	await expect(refused).rejects.toMatchObject({
		outcome: 'refused',
		code: 'payload_size_exceeded',
	});
	await expect(channel.broadcast('a', {}, { timeout: 20 })).rejects.toMatchObject({
		outcome: 'unknown',
		code: 'PUSH_TIMEOUT',
	});
	const lost = channel.broadcast('a', {});
	wire.kill();
	await expect(lost).rejects.toMatchObject({ outcome: 'unknown', code: 'CLOSE_1006' });
});

test('the key is in nothing that is told', async () => {
	const secret = `sb_secret_${'0123456789abcdef'.repeat(2)}`;
	const answers = [
		{ status: 401, body: JSON.stringify({ error: `no: ${secret}` }) },
		{ status: 302, body: `/realtime/v1/websocket?apikey=${secret}` },
	];
	const phoenix = await startPhoenix((count) => answers[count]);
	const project = projectAt(phoenix.url, { secretKey: secret });
	const realtime = open(project, {
		authority: async () => ({ authority: { role: 'service_role' } }),
		timings: { finalWait: 20 },
	});
	await realtime.states.until(named('open'));
	const [wire] = phoenix.wires;
	wire?.close(4001, `apikey=x`);
	await realtime.states.until((state) => state.name === 'waiting' && !state.final);
	expect(realtime.states.all.filter(named('waiting'))).toHaveLength(3);
	const all = realtime.states.all.map((state) =>
		inspect('reason' in state ? { ...state, stack: state.reason.stack } : state, { depth: 9 }),
	);
	expect(all.join('\n')).not.toContain(secret.slice(10, 24));
});

test('closed, it leaves every channel, and nothing of it stays', async () => {
	const phoenix = await startPhoenix();
	holdTimers();
	const realtime = open(phoenix.project);
	const heard = listen(realtime, ORDERS);
	const wire = await phoenix.next();
	wire.accept(await wire.next('phx_join'));
	await heard.states.until(named('subscribed'));
	expect(jest.getTimerCount()).toBeGreaterThan(0);
	const closing = realtime.close();
	wire.reply(await wire.next('phx_leave'), 'ok');
	await closing;
	expect(await wire.closed).toBe(1000);
	expect(heard.channel.state).toEqual({ name: 'left' });
	expect(realtime.states.all.at(-1)).toEqual({ name: 'closed' });
	expect(jest.getTimerCount()).toBe(0);
});

test.each(['while connecting', 'while waiting'])(
	'closed %s, it makes no other attempt',
	async (when) => {
		const refusal = { status: 503, body: '' };
		const phoenix = await startPhoenix(() => (when === 'while waiting' ? refusal : undefined));
		holdTimers();
		const realtime = open(phoenix.project);
		listen(realtime, ORDERS);
		if (when === 'while waiting') await realtime.states.until(named('waiting'));
		await realtime.close();
		const count = realtime.states.all.length;
		await new Promise(setImmediate);
		expect(jest.getTimerCount()).toBe(0);
		expect(realtime.states.all).toHaveLength(count);
		expect(realtime.state).toEqual({ name: 'closed' });
	},
);

function jwt(claims: object): string {
	const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
	return `${part({ alg: 'HS256' })}.${part(claims)}.c2ln`;
}
