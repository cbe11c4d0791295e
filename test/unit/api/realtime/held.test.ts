import { closeClients, holdTimers, listen, named, open, ORDERS, QUICK } from './client';
import { closePhoenix, inserted, startPhoenix, system } from './phoenix';

afterEach(async () => {
	jest.useRealTimers();
	await closeClients();
	await closePhoenix();
});

test('a channel is subscribed by the word of the server, and by each further one', async () => {
	const phoenix = await startPhoenix();
	const heard = listen(open(phoenix.project), ORDERS);
	const wire = await phoenix.next();
	const join = await wire.next('phx_join');
	wire.accept(join, false);
	await heard.states.until(named('joined'));
	system(wire, join);
	system(wire, join);
	await heard.states.until((state) => state.name === 'subscribed' && state.times === 2);
	expect(heard.names()).toEqual(['joining', 'joined', 'subscribed', 'subscribed']);
});

test('without changes it is subscribed as soon as it is joined', async () => {
	const phoenix = await startPhoenix();
	const heard = listen(open(phoenix.project), { name: 'room', broadcast: {} });
	const wire = await phoenix.next();
	wire.accept(await wire.next('phx_join'));
	await heard.states.until(named('subscribed'));
	expect(heard.names()).toEqual(['joining', 'joined', 'subscribed']);
});

test('messages from the database are waited for where that is asked', async () => {
	const phoenix = await startPhoenix();
	const broadcast = { replicationReady: true };
	const heard = listen(open(phoenix.project), { name: 'room', broadcast, private: true });
	const wire = await phoenix.next();
	const join = await wire.next('phx_join');
	wire.accept(join);
	await heard.states.until(named('joined'));
	system(wire, join, 'ok', 'Replication connection established', 'system');
	await heard.states.until(named('subscribed'));
	expect(join.payload.config.broadcast).toEqual({
		ack: false,
		self: false,
		replication_ready: true,
	});
});

test.each([
	['a final one', 'Unauthorized: You do not have permissions', true],
	['one that passes', 'ConnectionRateLimitReached: Too many connected users', false],
])('a refused join says why, and when it is tried again: %s', async (_, reason, final) => {
	const phoenix = await startPhoenix();
	const heard = listen(open(phoenix.project), ORDERS);
	const wire = await phoenix.next();
	wire.reply(await wire.next('phx_join'), 'error', { reason });
	const refused = await heard.states.until(named('refused'));
	expect(refused).toMatchObject({ final, reason: { service: 'realtime', outcome: 'refused' } });
	if (final) return;
	wire.accept(await wire.next('phx_join'));
	await heard.states.until(named('subscribed'));
});

test('an error before the subscription is a refusal, and one after it a loss', async () => {
	const phoenix = await startPhoenix();
	const heard = listen(open(phoenix.project, { timings: { finalWait: 20 } }), ORDERS);
	const wire = await phoenix.next();
	const first = await wire.next('phx_join');
	wire.accept(first, false);
	system(wire, first, 'error', 'Unable to subscribe to changes with given parameters.');
	expect(await heard.states.until(named('refused'))).toMatchObject({ final: true });
	expect((await wire.next('phx_leave')).joinRef).toBe(first.ref);
	const second = await wire.next('phx_join');
	wire.accept(second);
	await heard.states.until(named('subscribed'));
	system(wire, second, 'error', 'Unable to subscribe to changes with given parameters.');
	await heard.states.until(named('lost'));
	wire.accept(await wire.next('phx_join'));
	await heard.states.until((state) => state.name === 'subscribed' && state.times === 2);
});

test('what is not confirmed in time is lost, and joined anew under another topic', async () => {
	const phoenix = await startPhoenix();
	const heard = listen(open(phoenix.project, { timings: { subscribe: 30 } }), ORDERS);
	const wire = await phoenix.next();
	const first = await wire.next('phx_join');
	wire.accept(first, false);
	const lost = await heard.states.until(named('lost'));
	expect(lost).toMatchObject({ reason: { code: 'SUBSCRIBE_TIMEOUT' } });
	const second = await wire.next('phx_join');
	expect(second.topic).not.toBe(first.topic);
	expect(second.topic).toMatch(/^realtime:orders:/);
});

test('a late change of an earlier join is not taken for one of the present', async () => {
	const phoenix = await startPhoenix();
	const heard = listen(open(phoenix.project), ORDERS);
	const wire = await phoenix.next();
	const first = await wire.next('phx_join');
	wire.accept(first);
	await heard.states.until(named('subscribed'));
	wire.send(first.topic, 'phx_error', { reason: 'channel_crash' }, { ref: first.ref });
	const second = await wire.next('phx_join');
	wire.accept(second);
	wire.send(first.topic, 'postgres_changes', inserted({ id: 1 }));
	wire.send(second.topic, 'postgres_changes', inserted({ id: 2 }));
	await heard.changes.until(() => true);
	expect(heard.changes.all.map(({ record }) => record)).toEqual([{ id: 2 }]);
});

test('a rejoin subscribes the new topic before it leaves the old one, and hands out once', async () => {
	const phoenix = await startPhoenix();
	holdTimers();
	const heard = listen(open(phoenix.project), ORDERS);
	const wire = await phoenix.next();
	const old = await wire.next('phx_join');
	wire.accept(old);
	await heard.states.until(named('subscribed'));
	const rejoined = heard.channel.rejoin();
	const fresh = await wire.next('phx_join');
	wire.accept(fresh, false);
	const both = (record: object) => {
		for (const { topic } of [old, fresh]) wire.send(topic, 'postgres_changes', inserted(record));
	};
	both({ id: 1 });
	// Two changes of one source that do not differ are two.
	both({ id: 1 });
	wire.send(old.topic, 'postgres_changes', inserted({ id: 2 }));
	system(wire, fresh);
	await rejoined;
	wire.send(fresh.topic, 'postgres_changes', inserted({ id: 2 }));
	wire.send(fresh.topic, 'postgres_changes', inserted({ id: 3 }));
	await heard.changes.until(({ record }) => record?.id === 3);
	expect(wire.seen.filter(({ event }) => event === 'phx_leave')).toEqual([]);
	jest.advanceTimersByTime(QUICK.overlap);
	const left = await wire.next('phx_leave');
	expect(left).toMatchObject({ topic: old.topic, joinRef: old.ref });
	expect(heard.changes.all.map(({ record }) => record?.id)).toEqual([1, 1, 2, 3]);
	expect(heard.names()).toEqual(['joining', 'joined', 'subscribed', 'subscribed']);
});

test('a rejoin that is refused leaves the old join as it is', async () => {
	const phoenix = await startPhoenix();
	const heard = listen(open(phoenix.project), ORDERS);
	const wire = await phoenix.next();
	const old = await wire.next('phx_join');
	wire.accept(old);
	await heard.states.until(named('subscribed'));
	const rejoined = heard.channel.rejoin();
	wire.reply(await wire.next('phx_join'), 'error', { reason: 'Unauthorized: no' });
	await expect(rejoined).rejects.toMatchObject({ code: 'Unauthorized' });
	wire.send(old.topic, 'postgres_changes', inserted({ id: 1 }));
	await heard.changes.until(() => true);
	expect(heard.channel.state).toEqual({ name: 'subscribed', times: 1 });
});

test('a room that others know is rejoined on another socket, and what both bring comes once', async () => {
	const phoenix = await startPhoenix();
	holdTimers();
	const heard = listen(open(phoenix.project), { name: 'room', broadcast: {} });
	const old = await phoenix.next();
	old.accept(await old.next('phx_join'));
	await heard.states.until(named('subscribed'));
	const rejoined = heard.channel.rejoin();
	const fresh = await phoenix.next();
	const join = await fresh.next('phx_join');
	expect(join.topic).toBe('realtime:room');
	fresh.accept(join);
	await rejoined;
	const payload = { type: 'broadcast', event: 'hello', payload: { n: 1 } };
	for (const wire of [old, fresh]) wire.send('realtime:room', 'broadcast', payload);
	await Promise.all([old.read(), fresh.read()]);
	jest.advanceTimersByTime(QUICK.overlap);
	expect(await old.closed).toBe(1000);
	fresh.send('realtime:room', 'broadcast', { ...payload, event: 'end' });
	await heard.broadcasts.until(({ event }) => event === 'end');
	expect(heard.broadcasts.all.map(({ event }) => event)).toEqual(['hello', 'end']);
});

test('after a leave nothing comes, and the server has been told', async () => {
	const phoenix = await startPhoenix();
	const realtime = open(phoenix.project);
	const heard = listen(realtime, ORDERS);
	const wire = await phoenix.next();
	const join = await wire.next('phx_join');
	wire.accept(join);
	await heard.states.until(named('subscribed'));
	const leaving = heard.channel.leave();
	const leave = await wire.next('phx_leave');
	wire.send(join.topic, 'postgres_changes', inserted({ id: 1 }));
	wire.reply(leave, 'ok');
	wire.send(join.topic, 'phx_close', {}, { joinRef: join.ref, ref: join.ref });
	await leaving;
	await wire.read();
	expect(heard.changes.all).toEqual([]);
	expect(heard.channel.state).toEqual({ name: 'left' });
	expect(realtime.channels()).toEqual([]);
	await expect(heard.channel.push('presence', {})).rejects.toMatchObject({ code: 'NOT_JOINED' });
	await expect(heard.channel.rejoin()).rejects.toMatchObject({ code: 'LEFT' });
});

test('a message that comes replayed and live is handed out once', async () => {
	const phoenix = await startPhoenix();
	const broadcast = { replay: { since: 1 } };
	const heard = listen(open(phoenix.project), { name: 'room', broadcast, private: true });
	const wire = await phoenix.next();
	const join = await wire.next('phx_join');
	wire.accept(join);
	await heard.states.until(named('subscribed'));
	const send = (id: string, replayed: boolean) =>
		wire.send(join.topic, 'broadcast', {
			type: 'broadcast',
			event: 'note',
			payload: {},
			meta: { id, ...(replayed && { replayed }) },
		});
	send('first live', false);
	send('first live', true);
	send('first replayed', true);
	send('first replayed', false);
	send('last', false);
	await heard.broadcasts.until(({ id }) => id === 'last');
	expect(heard.broadcasts.all.map(({ id }) => id)).toEqual([
		'first live',
		'first replayed',
		'last',
	]);
});
