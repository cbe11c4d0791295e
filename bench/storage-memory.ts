/**
 * What a large file costs: the memory of this process, in which n8n's own engine runs the Storage
 * node with n8n's filesystem store, against the local Supabase in another process.
 *
 *     node --import tsx bench/storage-memory.ts [MiB] [limit in MiB]
 *
 * It ends with an error when uploading or downloading takes more than the limit above idle.
 */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';

import { startStackChild } from '../test/stack/child';
import { chain, openEngine } from '../test/workflow/engine';

const MIB = 1024 * 1024;
const BLOCK = 64 * 1024;
const [size = 1024, limit = 64] = process.argv.slice(2).map(Number);
const bucket = { __rl: true, mode: 'name', value: 'bench' };

async function main(): Promise<void> {
	const stack = await startStackChild();
	const engine = await openEngine();
	const run = async (
		resource: string,
		operation: string,
		parameters: object,
		item: INodeExecutionData = { json: {} },
	): Promise<INodeExecutionData> => {
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
		await thereAndBack(run, await stored(1));
		const idle = await idleMemory();
		const file = await stored(size);
		say(`idle: ${mib(idle)} MiB`);
		const [up, down] = await thereAndBack(run, file);
		report('upload', up, idle);
		report('download', down, idle);
	} finally {
		await engine.close();
		await stack.stop();
	}
}

type RunNode = (
	resource: string,
	operation: string,
	parameters: object,
	item?: INodeExecutionData,
) => Promise<INodeExecutionData>;

interface Cost {
	readonly peak: number;
	readonly seconds: number;
}

/** Stores a file and reads it back; what came back has to be what went there. */
async function thereAndBack(run: RunNode, file: IBinaryData): Promise<[up: Cost, down: Cost]> {
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
	if ((await hashOf(file)) !== (await hashOf(back.binary?.data as IBinaryData))) {
		throw new Error('The file came back changed');
	}
	return [up, down];
}

/** A file in n8n's store, of bytes that do not repeat. */
async function stored(mebibytes: number): Promise<IBinaryData> {
	const content = Readable.from(
		(function* () {
			const block = Buffer.alloc(BLOCK);
			for (let n = 0; n < (mebibytes * MIB) / BLOCK; n++) {
				block.fill(`${n} `);
				yield Buffer.from(block);
			}
		})(),
		{ objectMode: false },
	);
	const location = { type: 'execution', workflowId: 'bench', executionId: 'bench' } as const;
	const about: IBinaryData = {
		data: '',
		mimeType: 'application/octet-stream',
		fileName: 'file.bin',
	};
	return await Container.get(BinaryDataService).store(location, content, about);
}

async function hashOf({ id }: IBinaryData): Promise<string> {
	const hash = createHash('sha256');
	const stream = await Container.get(BinaryDataService).getAsStream(id ?? '');
	for await (const chunk of stream) hash.update(chunk as Buffer);
	return hash.digest('hex');
}

/** The least that is left when nothing happens for a while. */
async function idleMemory(): Promise<number> {
	let least = Infinity;
	for (let n = 0; n < 30; n++) {
		await sleep(100);
		least = Math.min(least, process.memoryUsage.rss());
	}
	return least;
}

async function watched<T>(work: () => Promise<T>): Promise<[Cost, T]> {
	const began = performance.now();
	let peak = process.memoryUsage.rss();
	const timer = setInterval(() => {
		peak = Math.max(peak, process.memoryUsage.rss());
	}, 20);
	try {
		const result = await work();
		return [{ peak, seconds: (performance.now() - began) / 1000 }, result];
	} finally {
		clearInterval(timer);
	}
}

function report(what: string, { peak, seconds }: Cost, idle: number): void {
	const more = peak - idle;
	say(
		`${what} of ${size} MiB: at most ${mib(more)} MiB more than idle, ${(size / seconds).toFixed(0)} MiB/s`,
	);
	if (more > limit * MIB) {
		process.exitCode = 1;
		say(`that is more than ${limit} MiB`);
	}
}

function mib(bytes: number): string {
	return (bytes / MIB).toFixed(1);
}

function say(text: string): void {
	process.stdout.write(`${text}\n`);
}

main().catch((error: unknown) => {
	process.stderr.write(
		`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
	);
	process.exitCode = 1;
});
