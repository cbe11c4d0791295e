import { randomBytes } from 'node:crypto';
import postgres from 'postgres';

import { realtimeControl } from './control';
import { listen, type Listener } from './listener';

describe('the Realtime of the local stack', () => {
	const url = process.env.SUPABASE_URL ?? '';
	const key = process.env.SUPABASE_PUBLISHABLE_KEY ?? '';
	const control = realtimeControl();
	const table = `rt_${randomBytes(4).toString('hex')}`;
	const sql = postgres(process.env.STACK_DATABASE_URL ?? '', { max: 2, onnotice() {} });
	const listeners: Listener[] = [];
	const open = async () => {
		const listener = await listen(url, key);
		listeners.push(listener);
		return listener;
	};
	const subscribed = async (name: string) => {
		const listener = await open();
		listener.join(name, { postgres_changes: [{ event: '*', schema: 'public', table }] });
		await listener.next('system', ({ status }) => status === 'ok');
		return listener;
	};
	const rowOf = ({ data }: Record<string, unknown>) =>
		(data as { record?: { id: number } }).record?.id;

	beforeAll(async () => {
		await sql`create table ${sql(table)} (id int primary key, name text)`;
		await sql`alter publication supabase_realtime add table ${sql(table)}`;
	});
	afterEach(async () => {
		for (const { socket } of listeners.splice(0)) socket.terminate();
		await control.act({ kind: 'reset' });
	});
	afterAll(async () => {
		await sql`drop table ${sql(table)}`;
		await sql.end();
	});

	it('sends what is written, in order', async () => {
		const listener = await subscribed('crud');
		await sql`insert into ${sql(table)} values (1, 'a')`;
		await sql`update ${sql(table)} set name = 'b'`;
		await sql`delete from ${sql(table)}`;
		await listener.next(
			'postgres_changes',
			({ data }) => (data as { type: string }).type === 'DELETE',
		);
		const types = listener
			.all('postgres_changes')
			.map(({ data }) => (data as { type: string }).type);
		expect(types).toEqual(['INSERT', 'UPDATE', 'DELETE']);
	});

	it('leaves no slot behind when nobody listens any more', async () => {
		await control.set({ readerLingerMs: 50 });
		await (await subscribed('slot')).close();
		const slots = async () =>
			(await sql`select from pg_replication_slots where slot_name like 'supabase_realtime%'`)
				.length;
		while ((await slots()) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
		expect((await control.state()).isReading).toBe(false);
	});

	it.each([1000, 1006, 1012])('ends sockets with %i', async (code) => {
		const listener = await subscribed('ends');
		await control.act({ kind: 'close', code });
		expect(await listener.closed).toBe(code);
	});

	it('takes connections and never answers', async () => {
		await control.set({ acceptNothing: true });
		const opened = jest.fn();
		const opening = open().then(opened, () => {});
		await new Promise((resolve) => setTimeout(resolve, 300));
		expect(opened).not.toHaveBeenCalled();
		await control.set({ acceptNothing: false });
		const listener = await subscribed('other');
		expect(listener.all('system')).toHaveLength(1);
		void opening;
	});

	it('goes deaf until the channel joins again, while joins get their ok', async () => {
		const deaf = await subscribed('deaf');
		await control.act({ kind: 'deafen' });
		const meanwhile = await subscribed('meanwhile');
		await control.act({ kind: 'mend' });
		const again = await subscribed('again');
		await sql`insert into ${sql(table)} values (7, 'x')`;
		expect(rowOf(await again.next('postgres_changes'))).toBe(7);
		expect(deaf.all('postgres_changes')).toEqual([]);
		expect(meanwhile.all('postgres_changes')).toEqual([]);
	});
});
