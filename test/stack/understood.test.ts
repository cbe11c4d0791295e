import { randomBytes } from 'node:crypto';
import postgres from 'postgres';

import { stackControl } from './control';

const url = process.env.SUPABASE_URL ?? '';
const apikey = process.env.SUPABASE_SECRET_KEY ?? '';

// A table is made, past the service.
const onStack = process.env.STACK_DATABASE_URL ? describe : describe.skip;

onStack('the local REST service', () => {
	const table = `understood_${randomBytes(4).toString('hex')}`;
	let sql: postgres.Sql;

	beforeAll(async () => {
		sql = postgres(process.env.STACK_DATABASE_URL ?? '', { max: 1, onnotice() {} });
		await sql.unsafe(`
			create table ${table} (id bigint primary key, amount numeric, note text);
			insert into ${table} values (1, 1, 'a'), (5, 2, 'b,9007199254740993'),
				(9007199254740992, 3, '9007199254740992'),
				(9007199254740993, 12345678901234567890.5, '9007199254740993')`);
		await stackControl().reloadSchema();
	});
	afterAll(async () => {
		await sql.unsafe(`drop table ${table}`);
		await sql.end();
	});

	it.each([
		['id=eq.9007199254740993', ['9007199254740993']],
		['id=not.eq.9007199254740993', ['1', '5', '9007199254740992']],
		['id=gt.9007199254740992', ['9007199254740993']],
		['id=in.(9007199254740993,5)', ['5', '9007199254740993']],
		['id=not.in.(9007199254740993,5)', ['1', '9007199254740992']],
		['amount=eq.12345678901234567890.5', ['9007199254740993']],
		['note=eq.9007199254740993', ['9007199254740993']],
		['note=eq.b,9007199254740993', ['5']],
		['note=in.("b,9007199254740993",9007199254740992)', ['5', '9007199254740992']],
		['or=(id.eq.9007199254740993,note.eq.a)', ['1', '9007199254740993']],
		['or=(id.eq.1,id.eq.5)&or=(id.eq.5,id.gt.100)', ['5']],
		['or=(id.eq.1,id.eq.5)&not.or=(id.eq.5,id.gt.100)&id=lt.100', ['1']],
		['or=(id.eq.1,id.eq.5)&or=(id.eq.5,id.gt.100)&and=(id.eq.1)', []],
	])('finds what %s means', async (filter, ids) => {
		const answer = await fetch(`${url}/rest/v1/${table}?select=id::text&order=id&${filter}`, {
			headers: { apikey },
		});
		expect(await answer.json()).toEqual(ids.map((id) => ({ id })));
	});

	it('deletes the row of a long key alone', async () => {
		await fetch(`${url}/rest/v1/${table}?id=eq.9007199254740993`, {
			method: 'DELETE',
			headers: { apikey },
		});
		const left = await sql.unsafe(`delete from ${table} where id > 100 returning id`);
		expect([...left]).toEqual([{ id: '9007199254740992' }]);
	});
});
