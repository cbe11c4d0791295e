import { createServer } from 'node:net';

import type { IDataObject } from 'n8n-workflow';
import postgres from 'postgres';

import { functionsSql, uninstallSql } from '../../src/api/queues/sql/durable';
import { legacyKeys, named, sharedStack } from './database-helpers';
import {
	catchingUp,
	control,
	onChanges,
	openRealtimeBench,
	realtime,
	stack,
	tableOf,
	TRIGGER,
} from './realtime-helpers';

const bench = openRealtimeBench();
const pause = async (milliseconds: number) =>
	await new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Sockets and timers of this process that keep it alive. */
const handles = () => {
	const counts: Record<string, number> = {};
	for (const kind of process.getActiveResourcesInfo()) {
		if (/Timeout|TCP|TLS/.test(kind)) counts[kind] = (counts[kind] ?? 0) + 1;
	}
	return counts;
};

/** A port at which nobody listens. */
async function nobody(): Promise<string> {
	const server = createServer().listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	const { port } = server.address() as { port: number };
	await new Promise((resolve) => server.close(resolve));
	return `http://127.0.0.1:${port}`;
}

const elsewhere = (url: string) => ({
	supabaseProjectApi: { ...stack.supabaseProjectApi, url },
});

/** Why an activation failed, as n8n shows it. */
async function failureOf(activation: Promise<unknown>): Promise<Error & { description?: string }> {
	return await activation.then(
		() => {
			throw new Error('It was activated');
		},
		(thrown: Error) => thrown,
	);
}

afterAll(async () => {
	const sql = postgres(sharedStack.databaseUrl, { max: 1, onnotice() {} });
	await sql.unsafe(uninstallSql());
	await sql.end();
});

describe('activated by a person', () => {
	beforeAll(async () => await bench.sql.unsafe(uninstallSql()));

	test('fails for a table that is not in the publication, with the SQL that mends it', async () => {
		const table = await bench.makeTable();
		await bench.sql.unsafe(`alter publication supabase_realtime drop table public.${table}`);
		const error = await failureOf(bench.activate(onChanges([tableOf(table)])));
		expect(error.message).toMatch(new RegExp(`${table}`));
		expect(error.description).toMatch(
			new RegExp(`alter publication supabase_realtime add table .*${table}`, 'i'),
		);
	});

	test('fails for a key that is refused', async () => {
		const credentials = {
			supabaseProjectApi: {
				url: sharedStack.url,
				secretKey: `sb_secret_${'x'.repeat(22)}_00000000`,
			},
		};
		const table = await bench.makeTable();
		await expect(bench.activate(onChanges([tableOf(table)]), { credentials })).rejects.toThrow(
			/key/i,
		);
	});

	test('fails for a cursor column that is not there, with the SQL that makes one', async () => {
		const table = await bench.makeTable();
		const node = catchingUp([tableOf(table, { cursorColumn: named('changed_at') })]);
		const error = await failureOf(bench.activate(node));
		expect(error.message).toMatch(/has no column "changed_at"/);
		expect(error.description).toContain(
			`alter table "public"."${table}" add column "changed_at" timestamptz`,
		);
	});

	test('fails for a table without a key, and says what to fill in, with the SQL for one', async () => {
		const table = await bench.makeTable();
		await bench.sql.unsafe(`alter table ${table} drop constraint ${table}_pkey`);
		await control.reloadSchema();
		const error = await failureOf(bench.activate(catchingUp([tableOf(table)])));
		expect(error.message).toMatch(/needs a key.*has no primary key/);
		expect(error.description).toMatch(
			new RegExp(`Key Columns.*alter table "public"."${table}" add column "id"`),
		);
	});

	test('fails for a table that the role may not read, which Catch Up has to', async () => {
		const table = await bench.makeTable();
		await bench.sql.unsafe(`revoke all on ${table} from anon, authenticated`);
		const node = catchingUp([tableOf(table)], { runAs: 'anonymous' });
		const error = await failureOf(bench.activate(node));
		expect(error.message).toMatch(/cannot be read through REST, which Catch Up needs/);
		expect(error.description).toMatch(/grant SELECT/);
	});

	test('while REST is out, what cannot be looked at is waited for', async () => {
		const table = await bench.makeTable();
		const fault = { path: `/rest/v1/${table}`, times: 4 };
		await control.addFault({ ...fault, action: { kind: 'status', status: 503 } });
		const workflow = await bench.activate(catchingUp([tableOf(table)]));
		await bench.sql`insert into ${bench.sql(table)} (name) values ('a')`;
		await workflow.until(() => workflow.emissions.length > 0);
		expect(workflow.errors).toEqual([]);
	});

	test('goes on trying when Realtime says nothing, and warns of it', async () => {
		const table = await bench.makeTable();
		await realtime.set({ system: 'none' });
		const workflow = await bench.activate(onChanges([tableOf(table)]));
		expect(workflow.logs.filter((line) => /^warn/.test(line))).toEqual([
			expect.stringMatching(new RegExp(`did not say within 15 seconds.*"${table}"`)),
		]);
	});

	test('stays active while nobody is there, and listens when somebody is', async () => {
		const table = await bench.makeTable();
		await realtime.set({ refuseUpgrade: { status: 503, times: 1 } });
		const workflow = await bench.activate(onChanges([tableOf(table)]));
		await bench.sql`insert into ${bench.sql(table)} (name) values ('a')`;
		await workflow.until(() => workflow.emissions.length > 0);
		const told = workflow.logs.filter((line) => /is not connected/.test(line));
		expect(told).toHaveLength(1);
		expect(workflow.errors).toEqual([]);
	});
});

describe.each([
	['without', uninstallSql()],
	['with', functionsSql()],
])('activated by a person, %s the SQL that sees the catalog', (how, installing) => {
	beforeAll(async () => {
		await bench.sql.unsafe(installing);
		await control.reloadSchema();
	});

	test.each([
		['may be empty', '', /"updated_at" of ".*" may be empty/],
		['is empty in a row', 'yes', /Some rows of ".*" have no value in "updated_at"/],
	])('warns of a cursor that %s, with the SQL that mends it', async (_, isEmpty, title) => {
		const table = await bench.makeTable();
		await bench.sql.unsafe(`alter table ${table} alter updated_at drop not null`);
		if (isEmpty) {
			await bench.sql.unsafe(`drop trigger moved on ${table};
				insert into ${table} (updated_at) values (null);`);
		}
		await control.reloadSchema();
		const workflow = await bench.activate(catchingUp([tableOf(table)]));
		const warnings = workflow.logs.filter((line) => /^warn/.test(line));
		expect(warnings).toEqual([expect.stringMatching(title)]);
		expect(warnings[0]).toContain(`update "public"."${table}" set "updated_at" = now()`);
		await bench.sql`insert into ${bench.sql(table)} (name, updated_at) values ('a', now())`;
		await workflow.until(() => workflow.emissions.length > 0);
	});

	test('warns of nothing where all is well, and says what it could not see', async () => {
		const table = await bench.makeTable();
		const workflow = await bench.activate(catchingUp([tableOf(table)]));
		expect(workflow.logs.filter((line) => /^warn/.test(line))).toEqual([]);
		const unseen = workflow.logs.filter((line) => /cannot be seen/.test(line));
		const unknown = [
			expect.stringMatching(/Whether an index serves "updated_at".*create index on/),
			expect.stringMatching(/Publication, replica identity, policies.*select exists/s),
		];
		expect(unseen).toEqual(how === 'with' ? [] : unknown);
	});
});

describe('started with n8n', () => {
	test.each(['init', 'leadershipChange'] as const)('%s returns at once', async (activation) => {
		const began = performance.now();
		const workflow = await bench.activate(onChanges([tableOf('nowhere')]), {
			activation,
			credentials: elsewhere(await nobody()),
		});
		expect(performance.now() - began).toBeLessThan(2_000);
		await workflow.until(() => workflow.logs.some((line) => /is not connected/.test(line)));
		expect(workflow.errors).toEqual([]);
		expect(workflow.failures).toEqual([]);
	});

	test('what does not mend itself is told to n8n, and then waited for', async () => {
		const table = await bench.makeTable();
		await bench.sql.unsafe(`alter publication supabase_realtime drop table public.${table}`);
		const node = onChanges([tableOf(table)]);
		const workflow = await bench.activate(node, { activation: 'init' });
		await workflow.until(() => workflow.errors.length > 0);
		expect(workflow.errors).toHaveLength(1);
		await workflow.close();
		// n8n starts it again at once, and longer and longer after that.
		await expect(bench.activate(node, { activation: 'init' })).rejects.toThrow(table);
		await bench.sql.unsafe(`alter publication supabase_realtime add table public.${table}`);
		const again = await bench.activate(node, { activation: 'init' });
		await bench.sql`insert into ${bench.sql(table)} (name) values ('a')`;
		await again.until(() => again.emissions.length > 0);
	});
});

describe('while it is active', () => {
	test('an outage is told once, and its end', async () => {
		const table = await bench.makeTable();
		const workflow = await bench.activate(onChanges([tableOf(table)]));
		await realtime.act({ kind: 'close', code: 1012 });
		const lines = (pattern: RegExp) => workflow.logs.filter((line) => pattern.test(line));
		await workflow.until(() => lines(/listens to/).length > 1);
		expect(lines(/is not connected/)).toHaveLength(1);
		await bench.sql`insert into ${bench.sql(table)} (name) values ('a')`;
		await workflow.until(() => workflow.emissions.length > 0);
	});

	test('as the anonymous it sees what policies let that role see', async () => {
		const { sql } = bench;
		const table = await bench.makeTable('owner text, name text');
		await sql.unsafe(`alter table ${table} enable row level security;
			create policy mine on ${table} for select to anon using (owner = 'anon');`);
		const workflow = await bench.activate(onChanges([tableOf(table)], { runAs: 'anonymous' }));
		await sql`insert into ${sql(table)} (owner, name) values ('other', 'hidden'), ('anon', 'seen')`;
		await workflow.until(() => workflow.emissions.length > 0);
		await pause(200);
		expect(workflow.rows().map(({ record }) => (record as IDataObject).name)).toEqual(['seen']);
	});
});

/** More than wait, and one that is handed out. */
const TOO_MANY = 1_100;

test.each([
	['live', 'they are lost', /; (\d+) were dropped meanwhile, and are lost/],
	['catchUp', 'read again later', /; (\d+) were dropped meanwhile, and are read again/],
])('more changes than executions can take: %s', async (delivery, told, ended) => {
	const { sql } = bench;
	const table = await bench.makeTable();
	let open = () => {};
	const gate = new Promise<void>((resolve) => (open = resolve));
	const options = { oneAtATime: true };
	const node = (delivery === 'live' ? onChanges : catchingUp)([tableOf(table)], { options });
	const workflow = await bench.activate(node, { onEmit: async () => await gate });
	await sql`insert into ${sql(table)} (qty) select g from generate_series(1, ${TOO_MANY}::int) g`;
	await workflow.until(() => workflow.logs.some((line) => line.includes(told)));
	open();
	await workflow.until(() => workflow.logs.some((line) => ended.test(line)));
	const dropped = workflow.logs.flatMap((line) => ended.exec(line)?.[1] ?? []).map(Number);
	expect(dropped).toHaveLength(1);
	expect(dropped[0]).toBeGreaterThan(0);
	const count = delivery === 'live' ? TOO_MANY - (dropped[0] ?? 0) : TOO_MANY;
	expect(count).toBeGreaterThanOrEqual(1_000);
	await workflow.until(() => workflow.rows().length >= count);
	const ids = new Set(workflow.rows().map(({ record }) => (record as { id: number }).id));
	expect(ids.size).toBe(count);
	expect(workflow.rows()).toHaveLength(count);
});

describe('deactivated', () => {
	test('nothing stays: no channel, no socket, no timer', async () => {
		const table = await bench.makeTable();
		// The first trigger loads what is loaded once.
		await (await bench.activate(onChanges([tableOf(table)]))).close();
		const before = handles();
		const workflow = await bench.activate(catchingUp([tableOf(table)]));
		await bench.sql`insert into ${bench.sql(table)} (name) values ('a')`;
		await workflow.until(() => workflow.emissions.length > 0);
		await workflow.close();
		await pause(300);
		const left = handles();
		expect(left.Timeout ?? 0).toBeLessThanOrEqual(before.Timeout ?? 0);
		expect((await realtime.state()).connections).toBe(0);
		const count = workflow.emissions.length;
		await bench.sql`insert into ${bench.sql(table)} (name) values ('b')`;
		await pause(300);
		expect(workflow.emissions).toHaveLength(count);
	});

	test('also while it is still trying to connect, and while an execution never ends', async () => {
		const trying = await bench.activate(onChanges([tableOf('nowhere')]), {
			activation: 'init',
			credentials: elsewhere(await nobody()),
		});
		await trying.until(() => trying.logs.some((line) => /is not connected/.test(line)));
		const table = await bench.makeTable();
		const stuck = await bench.activate(
			onChanges([tableOf(table)], { options: { oneAtATime: true } }),
			{ onEmit: async () => await new Promise<void>(() => {}) },
		);
		await bench.sql`insert into ${bench.sql(table)} (name) values ('a'), ('b')`;
		await stuck.until(() => stuck.emissions.length > 0);
		await Promise.all([trying.close(), stuck.close()]);
		expect(stuck.emissions).toHaveLength(1);
	});
});

describe('tested', () => {
	test('waits for one event and gives it', async () => {
		const table = await bench.makeTable();
		const running = bench.engine.runWorkflow({
			nodes: [onChanges([tableOf(table)])],
			connections: {},
			credentials: stack,
			tests: true,
		});
		let ended = false;
		void running.finally(() => (ended = true));
		while (!ended) {
			await bench.sql`insert into ${bench.sql(table)} (name) values ('a')`;
			await pause(300);
		}
		const { outputOf, error } = await running;
		expect(error).toBeUndefined();
		expect(outputOf('Trigger')).toMatchObject([{ json: { event: 'INSERT', table } }]);
	});

	test('says that nothing came, in the time that it is given', async () => {
		const table = await bench.makeTable();
		const { error } = await bench.engine.runWorkflow({
			nodes: [onChanges([tableOf(table)], { options: { testWait: 1 } })],
			connections: {},
			credentials: stack,
			tests: true,
		});
		expect(error?.message).toMatch(/Nothing happened within 1 seconds/);
	});

	test('stops when the person stops it', async () => {
		const table = await bench.makeTable();
		const stop = new AbortController();
		const running = bench.engine.runWorkflow({
			nodes: [onChanges([tableOf(table)])],
			connections: {},
			credentials: stack,
			tests: true,
			signal: stop.signal,
		});
		await pause(500);
		stop.abort();
		expect((await running).error?.message).toMatch(/stopped before anything happened/);
		while ((await realtime.state()).connections > 0) await pause(20);
	});
});

test('legacy keys work as well', async () => {
	const table = await bench.makeTable();
	const workflow = await bench.activate(onChanges([tableOf(table)]), {
		credentials: { supabaseProjectApi: { url: sharedStack.url, ...legacyKeys } },
	});
	await bench.sql`insert into ${bench.sql(table)} (name) values ('a')`;
	await workflow.until(() => workflow.emissions.length > 0);
	expect(workflow.rows()).toMatchObject([{ event: 'INSERT' }]);
	expect(TRIGGER).toContain('supabaseRealtimeTrigger');
});
