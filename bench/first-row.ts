/**
 * What `order … limit 1` of a large table costs through the node, in n8n's own engine, beside the
 * bare request that undici sends to the same server: both in turn, so that they share its moods.
 *
 *     node --import tsx bench/first-row.ts [rows] [most times the bare request]
 *
 * It ends with an error when the node takes longer than that. The column has no index: the database
 * looks at every row, so a second look, such as a count, would show.
 */
import { Client } from 'pg';
import { request } from 'undici';

import { startStackChild } from '../test/stack/child';
import { stackControl } from '../test/stack/control';
import { chain, openEngine } from '../test/workflow/engine';

const [rows = 1_000_000, most = 1.2] = process.argv.slice(2).map(Number);
const ROUNDS = 15;
const named = (value: string) => ({ __rl: true, mode: 'name', value });

async function main(): Promise<void> {
	const stack = await startStackChild();
	const engine = await openEngine();
	try {
		await fill(stack.databaseUrl);
		await stackControl(stack.url).reloadSchema();
		const bare = async () => {
			const address = `${stack.url}/rest/v1/bench?select=*&order=size.desc&limit=1`;
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
		const [same, ours] = [JSON.stringify(await bare()), JSON.stringify(await node())];
		if (same !== ours) throw new Error(`The node gave ${ours}, the bare request ${same}`);
		const times = { bare: [] as number[], node: [] as number[] };
		for (let round = 0; round < ROUNDS; round++) {
			times.bare.push(await milliseconds(bare));
			times.node.push(await milliseconds(node));
		}
		const [bareTime, nodeTime] = [median(times.bare), median(times.node)];
		const ratio = nodeTime / bareTime;
		console.log(`rows of the table: ${rows}, rounds: ${ROUNDS}`);
		console.log(`bare undici: ${bareTime.toFixed(1)} ms (median)`);
		console.log(`node:        ${nodeTime.toFixed(1)} ms (median)`);
		console.log(`node / bare: ${ratio.toFixed(2)} (at most ${most})`);
		if (ratio > most) throw new Error('The node takes longer than it may');
	} finally {
		await engine.close();
		await stack.stop();
	}
}

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

async function milliseconds(act: () => Promise<unknown>): Promise<number> {
	const start = performance.now();
	await act();
	return performance.now() - start;
}

function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[sorted.length >> 1] ?? NaN;
}

main().catch((error: unknown) => {
	process.stderr.write(
		`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
	);
	process.exitCode = 1;
});
