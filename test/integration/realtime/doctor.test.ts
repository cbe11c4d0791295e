import { randomBytes } from 'node:crypto';
import postgres from 'postgres';

import { describeSchema, readDescription } from '../../../src/api/database/description';
import type { Table } from '../../../src/api/database/table';
import { readProject } from '../../../src/api/project';
import type { Watch } from '../../../src/api/realtime/catchUp/watch';
import { examineTable } from '../../../src/api/realtime/doctor/examine';
import {
	addCursor,
	addPrimaryKey,
	allowReading,
	askDatabase,
	fillCursor,
	indexCursor,
	publishTable,
	sendOldRows,
} from '../../../src/api/realtime/doctor/sql';
import { identifier } from '../../../src/api/sql';
import { sender } from '../../../src/api/transport';
import { stackControl } from '../../stack/control';

const project = readProject({
	url: process.env.SUPABASE_URL ?? '',
	secretKey: process.env.SUPABASE_SECRET_KEY,
	publishableKey: process.env.SUPABASE_PUBLISHABLE_KEY,
});
const send = sender(project, { authority: { role: 'service_role' } });
const sql = postgres(process.env.STACK_DATABASE_URL ?? '', { max: 1, onnotice() {} });
const control = stackControl();
const made: string[] = [];

const named = (name: string) => `public.${identifier(name)}`;

/** @param name what the table's name begins with, in its own letters */
async function newTable(columns: string, name = 'dr'): Promise<{ schema: string; name: string }> {
	const unique = `${name}_${randomBytes(4).toString('hex')}`;
	await sql.unsafe(`create table ${named(unique)} (${columns})`);
	made.push(unique);
	return { schema: 'public', name: unique };
}

/** What the SQL that asks the database answers. */
async function asked(table: { schema: string; name: string }) {
	return (await sql.unsafe(askDatabase(table)))[0];
}

afterEach(async () => {
	for (const name of made.splice(0)) {
		await sql.unsafe(`drop table ${named(name)}`);
		await sql.unsafe(`drop function if exists ${named(`${name}_moves`)}`);
	}
});

afterAll(async () => await sql.end());

describe.each([
	'plain',
	'Capitals And Blanks',
	'quote"s \'n',
	'semi; drop table x; --',
	'back\\slash $$ ünï',
])('the SQL for a table named %s', (name) => {
	const columns = '"Key; 1" int primary key, "At ""x""" timestamptz';

	it('puts it into the publication, once', async () => {
		const table = await newTable(columns, name);
		expect(await asked(table)).toMatchObject({ published: false });
		await sql.unsafe(publishTable(table));
		const published = await sql`
			select tablename from pg_publication_tables
			where pubname = 'supabase_realtime' and schemaname = 'public' and tablename = ${table.name}`;
		expect(published).toHaveLength(1);
		expect(await asked(table)).toMatchObject({ published: true });
	});

	it('has old rows sent whole', async () => {
		const table = await newTable(columns, name);
		expect(await asked(table)).toMatchObject({ replica_identity: 'd' });
		await sql.unsafe(sendOldRows(table));
		expect(await asked(table)).toMatchObject({ replica_identity: 'f' });
	});

	it('makes an index of cursor and key', async () => {
		const table = await newTable(columns, name);
		await sql.unsafe(indexCursor(table, 'At "x"', ['Key; 1']));
		const indexes = await sql`
			select indexdef from pg_indexes where schemaname = 'public' and tablename = ${table.name}`;
		expect(indexes.map(({ indexdef }) => String(indexdef))).toContainEqual(
			expect.stringContaining('("At ""x""", "Key; 1")'),
		);
	});

	it.each(['anon', 'authenticated'] as const)('lets %s read it, and no other', async (role) => {
		const table = await newTable(columns, name);
		await sql.unsafe(`alter table ${named(table.name)} enable row level security`);
		await sql.unsafe(`revoke all on ${named(table.name)} from anon, authenticated`);
		await sql.unsafe(`insert into ${named(table.name)} values (1, now())`);
		expect(await asked(table)).toMatchObject({ anon_reads: false, has_policies_on: true });
		await sql.unsafe(allowReading(table, role));
		expect(await asked(table)).toMatchObject({
			policies: '1',
			anon_reads: role === 'anon',
			authenticated_reads: role === 'authenticated',
		});
		const rows = await sql.begin(async (tx) => {
			await tx.unsafe(`set local role ${role}`);
			return await tx.unsafe(`select * from ${named(table.name)}`);
		});
		expect(rows).toHaveLength(1);
	});

	it('fills the cursor, and keeps it filled', async () => {
		const table = await newTable(columns, name);
		await sql.unsafe(`insert into ${named(table.name)} values (1, null), (2, '2020-01-01Z')`);
		await sql.unsafe(fillCursor(table, 'At "x"'));
		await sql.unsafe(`insert into ${named(table.name)} ("Key; 1") values (3)`);
		const rows = await sql.unsafe(
			`select extract(year from "At ""x""")::int as year from ${named(table.name)} order by "Key; 1"`,
		);
		expect(rows[1]?.year).toBe(2020);
		expect(rows[0]?.year).toBeGreaterThan(2020);
		expect(rows[2]?.year).toBeGreaterThan(2020);
		await expect(
			sql.unsafe(`update ${named(table.name)} set "At ""x""" = null`),
		).rejects.toMatchObject({ code: '23502' });
	});

	it.each(['updated_at', 'Moved "At" $$'])(
		'adds the cursor that was chosen, and it moves with every write: %s',
		async (cursor) => {
			const table = await newTable('"Key; 1" int primary key, v int', name);
			await sql.unsafe(`insert into ${named(table.name)} values (1, 1), (2, 1)`);
			await sql.unsafe(addCursor(table, cursor, ['Key; 1']));
			const rows = async () =>
				await sql.unsafe(
					`select "Key; 1" as id, ${identifier(cursor)}::text as at from ${named(table.name)} order by 1`,
				);
			const before = await rows();
			await sql.unsafe(
				`update ${named(table.name)} set v = 2, ${identifier(cursor)} = '2000-01-01' where "Key; 1" = 1`,
			);
			const after = await rows();
			expect(after[1]).toEqual(before[1]);
			expect(String(after[0]?.at) > String(before[0]?.at)).toBe(true);
		},
	);

	it('adds a primary key, of columns or a new one', async () => {
		const primaryKey = async ({ name: of }: { name: string }) =>
			(
				await sql`
					select a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
					where i.indisprimary and i.indrelid = ${named(of)}::regclass order by a.attnum`
			).map(({ attname }) => String(attname));
		const table = await newTable('"Key; 1" int, b text', name);
		await sql.unsafe(addPrimaryKey(table, ['Key; 1', 'b']));
		expect(await primaryKey(table)).toEqual(['Key; 1', 'b']);
		const other = await newTable('v int', name);
		await sql.unsafe(`insert into ${named(other.name)} values (1), (1)`);
		await sql.unsafe(addPrimaryKey(other, []));
		expect(await primaryKey(other)).toEqual(['id']);
	});
});

describe('the examination of a table', () => {
	const columnsOf = async ({ schema, name: of }: Table) => {
		const { body } = await send(describeSchema(schema));
		return readDescription(body).tables.find((table) => table.name === of)?.columns ?? [];
	};
	const examine = async (columns: string, watch: Partial<Watch>, fill?: string) => {
		const table = await newTable(columns, 'Dr "x"');
		if (fill) await sql.unsafe(`insert into ${named(table.name)} ${fill}`);
		await sql.unsafe(`grant all on ${named(table.name)} to anon, authenticated, service_role`);
		await control.reloadSchema();
		const run = async () => {
			const findings = await examineTable(
				send,
				{ table, events: ['INSERT'], ...watch },
				await columnsOf(table),
			);
			return findings.filter(({ level }) => level !== 'unknown');
		};
		return { table, findings: await run(), run };
	};
	/** Runs the SQL of the findings, and looks again. */
	const mended = async ({ findings, run }: Awaited<ReturnType<typeof examine>>) => {
		for (const { sql: printed } of findings) await sql.unsafe(printed ?? '');
		await control.reloadSchema();
		return await run();
	};

	it('finds nothing where all is well, and says what it cannot see', async () => {
		const watch = { key: ['id'], cursor: 'at' };
		const { table, findings } = await examine('id int primary key, at timestamptz not null', watch);
		expect(findings).toEqual([]);
		const columns = await columnsOf(table);
		const all = await examineTable(send, { table, events: ['INSERT'], ...watch }, columns);
		expect(all.map(({ code }) => code)).toEqual(['CURSOR_INDEX', 'CATALOG']);
		for (const { sql: printed } of all) await sql.unsafe(printed ?? '');
	});

	it('finds that there is no primary key; its SQL mends it', async () => {
		const examined = await examine('id int, at timestamptz not null', {
			key: ['id'],
			cursor: 'at',
		});
		expect(examined.findings).toMatchObject([{ level: 'warns', code: 'NO_PRIMARY_KEY' }]);
		expect(await mended(examined)).toEqual([]);
	});

	it('finds that the cursor is unknown; its SQL adds one', async () => {
		const examined = await examine('id int primary key', { key: ['id'], cursor: 'updated_at' });
		expect(examined.findings).toMatchObject([{ level: 'fails', code: 'CURSOR_UNKNOWN' }]);
		expect(await mended(examined)).toEqual([]);
	});

	it('finds the same without a description of the schema', async () => {
		const { table } = await examine('id int primary key', {});
		const anon = sender(project, { authority: { role: 'anon' } });
		const findings = await examineTable(
			anon,
			{ table, events: ['INSERT'], key: ['id'], cursor: 'nope' },
			[],
		);
		expect(findings).toContainEqual(
			expect.objectContaining({ level: 'fails', code: 'CURSOR_UNKNOWN' }),
		);
	});

	it('finds that the cursor may be empty; its SQL mends it', async () => {
		const watch = { key: ['id'], cursor: 'at' };
		const examined = await examine('id int primary key, at timestamptz', watch);
		expect(examined.findings).toMatchObject([{ level: 'warns', code: 'CURSOR_NULLABLE' }]);
		expect(await mended(examined)).toEqual([]);
	});

	it('finds that the cursor is empty; its SQL mends it', async () => {
		const watch = { key: ['id'], cursor: 'at' };
		const examined = await examine('id int primary key, at timestamptz', watch, 'values (1, null)');
		expect(examined.findings).toMatchObject([{ level: 'warns', code: 'CURSOR_NULL' }]);
		expect(await mended(examined)).toEqual([]);
	});

	it.each(['bigint', 'text', 'date'])('mends an empty cursor of %s too', async (type) => {
		const watch = { key: ['id'], cursor: 'no' };
		const examined = await examine(`id int primary key, no ${type}`, watch);
		expect(examined.findings).toMatchObject([{ level: 'warns', code: 'CURSOR_NULLABLE' }]);
		expect(await mended(examined)).toEqual([]);
	});

	it('leaves it to a person what an empty number is to be', async () => {
		const watch = { key: ['id'], cursor: 'no' };
		const columns = 'id int primary key, no bigint';
		const { table, findings, run } = await examine(columns, watch, 'values (1, null)');
		expect(findings).toMatchObject([{ code: 'CURSOR_NULL' }]);
		await expect(sql.unsafe(findings[0]?.sql ?? '')).rejects.toMatchObject({ code: '23502' });
		await sql.unsafe(`update ${named(table.name)} set no = id; ${findings[0]?.sql}`);
		await control.reloadSchema();
		expect(await run()).toEqual([]);
	});

	it('finds a time without a zone', async () => {
		const { findings } = await examine('id int primary key, at timestamp not null', {
			key: ['id'],
			cursor: 'at',
		});
		expect(findings).toMatchObject([{ level: 'warns', code: 'CURSOR_WITHOUT_ZONE' }]);
	});

	it('finds that the table cannot be read', async () => {
		const table = { schema: 'public', name: 'no such table' };
		const findings = await examineTable(
			send,
			{ table, events: ['INSERT'], key: ['id'], cursor: 'at' },
			[],
		);
		expect(findings[0]).toMatchObject({
			level: 'fails',
			title: expect.stringContaining(table.name),
		});
	});
});
