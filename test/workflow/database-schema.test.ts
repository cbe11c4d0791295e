import type { INodeParameters } from 'n8n-workflow';

import { createUser } from '../stack/users';
import { continueRegular, named, NODE, openBench, origins } from './database-helpers';
import type { DrawnNode } from './engine';

const mark = `schema_${process.pid}`;

// Before the bench's own, which closes the connection.
afterAll(async () => {
	await bench.sql(`
		drop function public.${mark}_sum, public.${mark}_touch;
		drop table public.${mark}_children, public.${mark}_parents;
		drop type public.${mark}_mood;
	`);
});

const bench = openBench();

beforeAll(async () => {
	await bench.define(`
		create type public.${mark}_mood as enum ('sad', 'happy');
		create table public.${mark}_parents (id bigint generated always as identity primary key, name text not null);
		comment on table public.${mark}_parents is 'Who has children';
		create table public.${mark}_children (
			parent bigint references public.${mark}_parents (id),
			no int not null,
			mood public.${mark}_mood not null default 'happy',
			primary key (parent, no)
		);
		comment on column public.${mark}_children.mood is 'As of today';
		create function public.${mark}_sum(variadic list int[]) returns bigint language sql stable
			as $$ select sum(n) from unnest(list) n $$;
		create function public.${mark}_touch(id bigint, note text default '') returns void language sql as $$ $$;
		grant select on public.${mark}_parents, public.${mark}_children to anon, service_role;
		grant execute on all functions in schema public to anon, service_role;
	`);
});

function getSchema(parameters: INodeParameters = {}, rest: Partial<DrawnNode> = {}): DrawnNode {
	return {
		name: 'Database',
		type: NODE,
		parameters: { resource: 'schema', operation: 'get', schema: named('public'), ...parameters },
		...rest,
	};
}

const only = (...names: string[]) => ({ options: { names: names.join(', ') } });

test('a table: its columns, keys, defaults and values', async () => {
	const { json } = await bench.succeed(getSchema(only(`${mark}_children`)));
	expect(json).toEqual([
		{
			kind: 'table',
			schema: 'public',
			name: `${mark}_children`,
			primaryKey: ['parent', 'no'],
			foreignKeys: [{ column: 'parent', references: { table: `${mark}_parents`, column: 'id' } }],
			columns: [
				{ name: 'parent', type: 'bigint', required: true, nullable: false, primaryKey: true },
				{ name: 'no', type: 'integer', required: true, nullable: false, primaryKey: true },
				{
					name: 'mood',
					type: `public.${mark}_mood`,
					required: false,
					nullable: false,
					primaryKey: false,
					default: 'happy',
					values: ['sad', 'happy'],
					comment: 'As of today',
				},
			],
		},
	]);
});

test('a function: its arguments, and whether it only reads', async () => {
	const { json } = await bench.succeed(
		getSchema({ show: 'functions', ...only(`${mark}_sum`, `${mark}_touch`) }),
	);
	expect(json).toEqual([
		{
			kind: 'function',
			schema: 'public',
			name: `${mark}_sum`,
			readOnly: true,
			arguments: [{ name: 'list', type: 'integer[]', required: true, variadic: true }],
		},
		{
			kind: 'function',
			schema: 'public',
			name: `${mark}_touch`,
			readOnly: false,
			arguments: [
				{ name: 'id', type: 'bigint', required: true },
				{ name: 'note', type: 'text', required: false },
			],
		},
	]);
});

test.each([
	['tables', ['table']],
	['functions', ['function']],
	['all', ['table', 'function']],
])('%s', async (show, kinds) => {
	const { json } = await bench.succeed(getSchema({ show }));
	expect([...new Set(json.map(({ kind }) => kind))]).toEqual(kinds);
	expect(json.find(({ name }) => name === `${mark}_parents`)?.comment).toBe(
		kinds.includes('table') ? 'Who has children' : undefined,
	);
});

test('a name that is not there, with its items going on', async () => {
	const { json, output } = await bench.succeed(
		getSchema({ options: { names: '={{ $json.name }}' } }, continueRegular),
		{ items: [{ name: 'nowhere' }, { name: `${mark}_parents` }] },
	);
	expect(json[0]?.error).toBe('The schema public shows nothing that is called nowhere');
	expect(json[1]).toMatchObject({ kind: 'table', name: `${mark}_parents` });
	expect(origins(output)).toEqual([0, 1]);
});

test.each<[string, INodeParameters]>([
	['no schema', { schema: named('={{ $json.none }}') }],
	['names that are none', { options: { names: '={{ $json.none }}' } }],
	['something else to show', { show: '={{ $json.none }}' }],
])('%s is refused before anything is sent', async (_, parameters) => {
	const { requests } = await bench.requestsDuring('', async () => {
		const { error } = await bench.run(getSchema(parameters));
		expect(error?.message).toMatch(/^(Schema is empty|Names is empty|Show is not one of)/);
	});
	expect(requests).toEqual([]);
});

test('a role that may not see it is told so', async () => {
	const { accessToken } = await createUser(bench.place);
	const { error } = await bench.run(getSchema({ runAs: 'user', accessToken }));
	expect(error?.message).toBeTruthy();
});

test('a schema that is not exposed', async () => {
	const { said } = await bench.run(getSchema({ schema: named('nowhere') }));
	expect(said.description).toContain('PGRST106');
});
