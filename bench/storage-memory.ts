/**
 * What a large file costs on its way up and down: the memory of this process, in which n8n's own
 * engine runs the Storage node with n8n's filesystem store, against the local Supabase in another
 * process; and the time, beside undici that pipes the same file to and from the same server.
 *
 *     npm run bench -- storage-memory [MiB] [rounds]
 *
 * It ends with an error when a way takes more than 64 MiB above idle, or is slower than 0.8 of the pipe.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';
import { request } from 'undici';

import { startStackChild, type StackChild } from '../test/stack/child';
import { chain, openEngine } from '../test/workflow/engine';
import { hashOf, idleMemory, mib, MIB, say, stored, watched, type Cost } from './memory';
import { start, tell } from './suite/apart';
import { median } from './suite/rounds';
import type { Line } from './suite/table';

const [size = 1024, rounds = 2] = process.argv.slice(2).map(Number);
const MOST_MEMORY = 64;
const LEAST_SPEED = 0.8;
const WAYS = ['up', 'down'] as const;
const bucket = { __rl: true, mode: 'name', value: 'bench' };

type Costs = Record<(typeof WAYS)[number], Cost>;

start(async () => {
	const stack = await startStackChild();
	const engine = await openEngine();
	const run: RunNode = async (resource, operation, parameters, item = { json: {} }) => {
		const { error, outputOf } = await engine.runWorkflow({
			nodes: [
				{ name: 'Start', type: 'test.start' },
				{
					name: 'Storage',
					type: 'n8n-nodes-supabase-suite.supabaseStorage',
					parameters: { resource, operation, bucket, ...parameters },
				},
			],
			connections: chain('Start', 'Storage'),
			credentials: { supabaseProjectApi: { url: stack.url, secretKey: stack.secretKey } },
			items: [item],
		});
		if (error) throw error;
		return outputOf('Storage')[0] as INodeExecutionData;
	};
	try {
		await run('bucket', 'create', { bucketName: 'bench' });
		// Loads what is loaded on first use; no part of a resumable upload is held yet.
		const small = await stored(1);
		await byNode(run, small);
		await byPipe(stack, small, 1);
		const idle = await idleMemory();
		say(`idle: ${mib(idle)} MiB`);
		const file = await stored(size);
		const ours: Costs[] = [];
		const pipe: Costs[] = [];
		for (let round = 0; round < rounds; round++) {
			ours.push(await byNode(run, file));
			pipe.push(await byPipe(stack, file, size));
		}
		tell(WAYS.flatMap((way) => linesOf(way, idle, ours, pipe)));
	} finally {
		await engine.close();
		await stack.stop();
	}
});

type RunNode = (
	resource: string,
	operation: string,
	parameters: object,
	item?: INodeExecutionData,
) => Promise<INodeExecutionData>;

/** The node stores a file and reads it back; what came back has to be what went there. */
async function byNode(run: RunNode, file: IBinaryData): Promise<Costs> {
	const path = { __rl: true, mode: 'path', value: 'file.bin' };
	const [up] = await watched(
		async () =>
			await run(
				'file',
				'upload',
				{ path, options: { upsert: true } },
				{ json: {}, binary: { data: file } },
			),
	);
	const [down, back] = await watched(async () => await run('file', 'download', { path }));
	const files = Container.get(BinaryDataService);
	const copy = back.binary?.data as IBinaryData;
	if ((await hashOf(file)) !== (await hashOf(copy))) throw new Error('The file came back changed');
	await rm(files.getPath(copy.id ?? ''));
	return { up, down };
}

/** Undici pipes the file up, and down into another. */
async function byPipe(
	{ url, secretKey }: StackChild,
	file: IBinaryData,
	mebibytes: number,
): Promise<Costs> {
	const from = Container.get(BinaryDataService).getPath(file.id ?? '');
	const to = `${from}.down`;
	const address = `${url}/storage/v1/object/bench/pipe.bin`;
	const headers = { apikey: secretKey, authorization: `Bearer ${secretKey}` };
	const [up] = await watched(async () => {
		const { statusCode, body } = await request(address, {
			method: 'POST',
			headers: {
				...headers,
				'x-upsert': 'true',
				'content-type': 'application/octet-stream',
				'content-length': String(mebibytes * MIB),
			},
			body: createReadStream(from),
		});
		const said = await body.text();
		if (statusCode !== 200) throw new Error(`The pipe up: ${statusCode} ${said}`);
	});
	const [down] = await watched(async () => {
		const { statusCode, body } = await request(address, { headers });
		if (statusCode !== 200) throw new Error(`The pipe down: ${statusCode}`);
		await pipeline(body, createWriteStream(to));
	});
	await rm(to);
	return { up, down };
}

function linesOf(
	way: (typeof WAYS)[number],
	idle: number,
	ours: readonly Costs[],
	pipe: readonly Costs[],
): Line[] {
	const work = `${size} MiB ${way}`;
	const more = Math.max(...ours.map((costs) => costs[way].peak)) - idle;
	const speed = (costs: Costs) => size / costs[way].seconds;
	const ratios = ours.map((costs, round) => speed(costs) / speed(pipe[round] as Costs));
	const middle = median(ratios);
	say(
		`${work}: ours ${median(ours.map(speed)).toFixed(0)} MiB/s, pipe ${median(pipe.map(speed)).toFixed(0)} MiB/s`,
	);
	return [
		{
			work,
			against: 'idle',
			figure: `${mib(more)} MiB more`,
			goal: `≤ ${MOST_MEMORY} MiB`,
			met: more <= MOST_MEMORY * MIB,
		},
		{
			work: `${work}, speed`,
			against: 'a plain pipe',
			figure: `${middle.toFixed(2)} × (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`,
			goal: `≥ ${LEAST_SPEED.toFixed(2)} ×`,
			met: middle >= LEAST_SPEED,
		},
	];
}
