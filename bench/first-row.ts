/**
 * What the first row of a filtered and ordered read of a large table costs through the node, in
 * n8n's own engine, beside the bare request that undici sends to the same server.
 *
 *     npm run bench -- first-row [rows] [rounds]
 *
 * It ends with an error when the node takes more than 1.2 times as long. The columns have no index:
 * the database looks at every row, so a second look, such as a count, would show.
 */
import { Client } from 'pg';
import { request } from 'undici';

import { startStackChild } from '../test/stack/child';
import { stackControl } from '../test/stack/control';
import { chain, openEngine } from '../test/workflow/engine';
import { start, tell } from './suite/apart';
import { inTurn } from './suite/rounds';
import { linesOf, timesOf } from './suite/table';
import { BARE, OURS } from './suite/work';

const [rows = 1_000_000, rounds = 15] = process.argv.slice(2).map(Number);
const MOST = 1.2;
const named = (value: string) => ({ __rl: true, mode: 'name', value });

start(async () => {
	const stack = await startStackChild();
	const engine = await openEngine();
	try {
		await fill(stack.databaseUrl);
		await stackControl(stack.url).reloadSchema();
		const bare = async () => {
			const address = `${stack.url}/rest/v1/bench?select=*&size=lt.0.5&order=size.desc&limit=1`;
			const headers = { apikey: stack.secretKey };
			const { body } = await request(address, { headers });
			return await body.json();
		};
		const node = async () => {
			const { error, outputOf } = await engine.runWorkflow({
				nodes: [
					{ name: 'Start', type: 'test.start' },
					{
						name: 'Node',
						type: 'n8n-nodes-supabase-suite.supabaseDatabase',
						parameters: {
							resource: 'row',
							operation: 'select',
							table: named('bench'),
							filters: { filter: [{ column: named('size'), operator: 'lt', value: '0.5' }] },
							order: { by: [{ column: named('size'), direction: 'desc', nulls: 'default' }] },
							limit: 1,
						},
					},
				],
				connections: chain('Start', 'Node'),
				credentials: { supabaseProjectApi: { url: stack.url, secretKey: stack.secretKey } },
			});
			if (error) throw error;
			return outputOf('Node').map(({ json }) => json);
		};
		const wanted = JSON.stringify(await bare());
		const check = (given: unknown) => {
			const text = JSON.stringify(given);
			if (text !== wanted) throw new Error(`${text} came instead of ${wanted}`);
		};
		const samples = await inTurn(
			[
				{ name: OURS, run: node, check },
				{ name: BARE, run: bare, check },
			],
			rounds,
		);
		const title = `the first row of ${rows.toLocaleString('en')}, filtered and ordered`;
		console.log(`${title}: ${timesOf(samples)}`);
		tell(linesOf({ title, goals: { [BARE]: MOST } }, samples));
	} finally {
		await engine.close();
		await stack.stop();
	}
});

async function fill(databaseUrl: string): Promise<void> {
	const client = new Client({ connectionString: databaseUrl });
	await client.connect();
	await client.query(
		'create table public.bench (id bigint primary key, size double precision, note text)',
	);
	await client.query(
		`insert into public.bench select n, sin(n), repeat('x', 40) from generate_series(1, ${rows}) n`,
	);
	await client.query('grant select on public.bench to service_role');
	await client.query('analyze public.bench');
	await client.end();
}
