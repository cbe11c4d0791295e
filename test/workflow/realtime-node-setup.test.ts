import type { INodeParameters } from 'n8n-workflow';

import { durableSql, functionsSql, uninstallSql } from '../../src/api/queues/sql/durable';
import { stackControl } from '../stack/control';
import { openEngine, type Engine } from './engine';
import { runRealtime } from './realtime-node-helpers';

const control = stackControl();
let engine: Engine;
beforeAll(async () => (engine = await openEngine()));
afterAll(async () => await engine.close());

const row = {
	schema: { __rl: true, mode: 'list', value: 'public' },
	table: { __rl: true, mode: 'name', value: 'planets' },
	events: ['insert', 'delete'],
	omit: '',
	bulk: false,
};

async function sqlOf(parameters: INodeParameters, json = {}) {
	const { json: out, error } = await runRealtime(
		engine,
		{ resource: 'setup', operation: 'getSql', queue: 'n8n_planets', ...parameters },
		[{ json }],
	);
	return { out, error };
}

it('gives the SQL for what is chosen, without a request', async () => {
	await control.clearRequests();
	const { out } = await sqlOf({
		tables: { table: [row, { ...row, table: 'moons', omit: 'a, b', bulk: true }] },
		users: true,
		files: true,
		buckets: 'docs, "odd, one"',
	});
	expect(out).toEqual([
		{
			sql: durableSql({
				queue: 'n8n_planets',
				tables: [
					{ schema: 'public', name: 'planets', events: ['insert', 'delete'] },
					{
						schema: 'public',
						name: 'moons',
						events: ['insert', 'delete'],
						omit: ['a', 'b'],
						bulk: true,
					},
				],
				users: true,
				files: { buckets: ['docs', '"odd, one"'] },
			}),
		},
	]);
	expect(await control.requests()).toEqual([]);
});

it('gives the SQL of the functions alone', async () => {
	const { out } = await sqlOf({ purpose: 'functions', queue: '' });
	expect(out).toEqual([{ sql: functionsSql() }]);
	expect(functionsSql()).not.toContain('create trigger');
});

it('gives the SQL that uninstalls one queue, or everything', async () => {
	expect((await sqlOf({ purpose: 'uninstall' })).out).toEqual([
		{ sql: uninstallSql('n8n_planets') },
	]);
	expect((await sqlOf({ purpose: 'uninstallAll' })).out).toEqual([{ sql: uninstallSql() }]);
});

it('takes all buckets where none is named', async () => {
	const { out } = await sqlOf({ files: true });
	expect(out).toEqual([{ sql: durableSql({ queue: 'n8n_planets', tables: [], files: {} }) }]);
});

it.each([
	[
		'a queue from an expression that gives nothing',
		{ queue: '={{ $json.none }}', users: true },
		'Queue is empty',
	],
	[
		'a queue with capitals',
		{ queue: 'Orders', users: true },
		'"Orders" cannot be the name of a new queue',
	],
	['nothing to capture', {}, 'Nothing is to be captured'],
	[
		'no events',
		{ tables: { table: [{ ...row, events: '={{ [] }}' }] } },
		'No events of public.planets are chosen',
	],
	[
		'an odd event',
		{ tables: { table: [{ ...row, events: ['*'] }] } },
		'"*" is no event of a table',
	],
	['a table twice', { tables: { table: [row, row] } }, 'public.planets is named twice'],
	[
		'columns from an expression that gives nothing',
		{ tables: { table: [{ ...row, omit: '={{ $json.none }}' }] } },
		'Leave Out Columns is empty',
	],
	['buckets from one', { files: true, buckets: '={{ $json.none }}' }, 'Buckets is empty'],
	['users from one', { users: '={{ $json.none }}' }, 'Users is not true or false'],
	[
		'a queue to uninstall from one',
		{ purpose: 'uninstall', queue: '={{ $json.none }}' },
		'Queue is empty',
	],
] as Array<[string, INodeParameters, string]>)('refuses %s', async (_, parameters, message) => {
	const { out, error } = await sqlOf(parameters);
	expect(error?.message).toBe(message);
	expect(out).toEqual([]);
});
