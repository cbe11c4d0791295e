/**
 * What a large file costs on its way up and down: the memory of this process, in which n8n's own
 * engine runs the Storage node with n8n's filesystem store, against the local Supabase in another
 * process; and the time, beside undici that pipes the same file to and from the same server by the
 * same requests.
 *
 * Up there are two ways. What is large goes in parts of 6 MiB, one request after the other, and in the
 * end the server reads it all once more; else it goes in one request.
 *
 *     npm run bench -- storage-memory [MiB] [rounds]
 *
 * It ends with an error when a way takes more than 64 MiB above idle, or is slower than 0.8 of the pipe.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';
import { request, type Dispatcher } from 'undici';

import { PART_BYTES } from '../src/api/storage/resumable';
import { startStackChild, type StackChild } from '../test/stack/child';
import { chain, openEngine } from '../test/workflow/engine';
import { hashOf, idleMemory, mib, MIB, say, stored, watched, type Cost } from './memory';
import { start, tell } from './suite/apart';
import { median } from './suite/rounds';
import type { Line } from './suite/table';

const [size = 1024, rounds = 3] = process.argv.slice(2).map(Number);
const MOST_MEMORY = 64;
const LEAST_SPEED = 0.8;
const bucket = { __rl: true, mode: 'name', value: 'bench' };

/** How a file goes, and what the pipe is called that sends the same requests. */
const WAYS = {
	parts: { title: 'up in parts', rival: 'a plain pipe of the same parts' },
	one: { title: 'up in one request', rival: 'a plain pipe' },
	down: { title: 'down', rival: 'a plain pipe' },
} as const;
const NAMES = Object.keys(WAYS) as WayName[];
const SIDES = ['ours', 'pipe'] as const;

type WayName = keyof typeof WAYS;
type Side = (typeof SIDES)[number];
/** Carries a file; what comes down is a copy in n8n's store, or beside it. */
type Carrier = Record<WayName, (file: IBinaryData) => Promise<IBinaryData | undefined>>;
/** What a file cost, with the seconds of the processor that this process took. */
type Costs = Array<Record<Side, Record<WayName, Cost & { readonly cpu: number }>>>;

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
	const carriers = { ours: byNode(run), pipe: byPipe(stack) };
	try {
		await run('bucket', 'create', { bucketName: 'bench' });
		// Loads what is loaded on first use; so little goes in one request.
		const small = await stored(1);
		await inTurn(carriers, small, 0);
		const idle = await idleMemory();
		say(`idle: ${mib(idle)} MiB`);
		const file = await stored(size);
		const costs: Costs = [];
		for (let round = 0; round < rounds; round++) costs.push(await inTurn(carriers, file, round));
		tell(linesOf(idle, costs));
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

/**
 * One round: each way by both, who take turns in being first. What came down has to be what the node sent
 * up: in this round in one request, in the next one in parts.
 */
async function inTurn(
	carriers: Record<Side, Carrier>,
	file: IBinaryData,
	round: number,
): Promise<Costs[number]> {
	const costs = { ours: {}, pipe: {} } as Costs[number];
	const turned = <T>(list: readonly T[]) => (round % 2 ? [...list].reverse() : list);
	for (const way of [...turned(['parts', 'one'] as const), 'down'] as const) {
		for (const side of turned(SIDES)) {
			const before = process.cpuUsage();
			const [cost, copy] = await watched(async () => await carriers[side][way](file));
			const { user, system } = process.cpuUsage(before);
			costs[side][way] = { ...cost, cpu: (user + system) / 1e6 };
			if (!copy) continue;
			if ((await hashOf(file)) !== (await hashOf(copy))) {
				throw new Error('The file came back changed');
			}
			await rm(placeOf(copy));
		}
	}
	return costs;
}

/** The node carries a file. */
function byNode(run: RunNode): Carrier {
	const path = { __rl: true, mode: 'path', value: 'file.bin' };
	const up = async (file: IBinaryData, options: object) => {
		const parameters = { path, options: { upsert: true, ...options } };
		await run('file', 'upload', parameters, { json: {}, binary: { data: file } });
		return undefined;
	};
	return {
		parts: async (file) => await up(file, {}),
		one: async (file) => await up(file, { resumableAbove: 2 * size }),
		down: async () => (await run('file', 'download', { path })).binary?.data,
	};
}

/** Undici pipes a file; down comes what the node sent up. */
function byPipe({ url, secretKey }: StackChild): Carrier {
	const address = `${url}/storage/v1`;
	const own = { apikey: secretKey, authorization: `Bearer ${secretKey}` };
	const asked = async (
		path: string,
		expected: number,
		{
			headers,
			...rest
		}: Pick<Dispatcher.RequestOptions, 'method' | 'body'> & {
			headers?: Record<string, string>;
		},
	) => {
		const all = { ...rest, headers: { ...own, ...headers } };
		const answer = await request(new URL(path, `${address}/`), all);
		if (answer.statusCode === expected) return answer;
		throw new Error(`The pipe: ${answer.statusCode} ${await answer.body.text()}`);
	};
	return {
		async parts(file) {
			const from = placeOf(file);
			const { size: bytes } = await stat(from);
			const standing = { 'tus-resumable': '1.0.0', 'x-upsert': 'true' };
			const about = { bucketName: 'bench', objectName: 'pipe.bin' };
			const begun = await asked('upload/resumable', 201, {
				method: 'POST',
				headers: {
					...standing,
					'upload-length': String(bytes),
					'upload-metadata': Object.entries(about)
						.map(([name, value]) => `${name} ${btoa(value)}`)
						.join(),
				},
			});
			await begun.body.dump();
			for (let start = 0; start < bytes; start += PART_BYTES) {
				const end = Math.min(start + PART_BYTES, bytes);
				const taken = await asked(String(begun.headers.location), 204, {
					method: 'PATCH',
					headers: {
						...standing,
						'content-type': 'application/offset+octet-stream',
						'content-length': String(end - start),
						'upload-offset': String(start),
					},
					body: createReadStream(from, { start, end: end - 1 }),
				});
				await taken.body.dump();
			}
			return undefined;
		},
		async one(file) {
			const from = placeOf(file);
			const { size: bytes } = await stat(from);
			const taken = await asked('object/bench/pipe.bin', 200, {
				method: 'POST',
				headers: {
					'x-upsert': 'true',
					'content-type': 'application/octet-stream',
					'content-length': String(bytes),
				},
				body: createReadStream(from),
			});
			await taken.body.dump();
			return undefined;
		},
		async down(file) {
			const copy = { ...file, id: `${file.id}.down` };
			const { body } = await asked('object/bench/file.bin', 200, { method: 'GET' });
			await pipeline(body, createWriteStream(placeOf(copy)));
			return copy;
		},
	};
}

function placeOf({ id = '' }: IBinaryData): string {
	return Container.get(BinaryDataService).getPath(id);
}

function linesOf(idle: number, costs: Costs): Line[] {
	const lines = NAMES.flatMap((way): Line[] => {
		const work = `${size} MiB ${WAYS[way].title}`;
		const more = Math.max(...costs.map(({ ours }) => ours[way].peak)) - idle;
		const speeds = SIDES.map((side) => {
			const speed = median(costs.map((round) => size / round[side][way].seconds));
			return `${side} ${speed.toFixed(0)} MiB/s`;
		});
		say(`${work}: ${speeds.join(', ')}`);
		const { middle, line } = speedLine(way, way, costs);
		return [
			{
				work,
				against: 'idle',
				figure: `${mib(more)} MiB more`,
				goal: `≤ ${MOST_MEMORY} MiB`,
				met: more <= MOST_MEMORY * MIB,
			},
			{
				...line,
				against: WAYS[way].rival,
				goal: `≥ ${LEAST_SPEED.toFixed(2)} ×`,
				met: middle >= LEAST_SPEED,
			},
		];
	});
	// What the protocol itself costs at this server: nothing to be met.
	return [
		...lines,
		{ ...speedLine('parts', 'one', costs).line, against: 'a plain pipe in one request' },
	];
}

/** How fast ours is on its way, beside the pipe on its own. */
function speedLine(ours: WayName, pipe: WayName, costs: Costs) {
	const ratios = costs.map((round) => round.pipe[pipe].seconds / round.ours[ours].seconds);
	const middle = median(ratios);
	const cpu = median(costs.map((round) => round.ours[ours].cpu / round.pipe[pipe].cpu));
	const line = {
		work: `${size} MiB ${WAYS[ours].title}, speed`,
		figure: `${middle.toFixed(2)} × (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`,
		cpu: `${cpu.toFixed(2)} ×`,
	};
	return { middle, line };
}
