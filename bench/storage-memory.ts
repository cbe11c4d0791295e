/**
 * What a large file costs: the memory of this process, in which n8n's own engine runs the Storage
 * node with n8n's filesystem store, against the local Supabase in another process.
 *
 *     npm run bench -- storage-memory [MiB] [limit in MiB]
 *
 * It ends with an error when uploading or downloading takes more than the limit above idle.
 */
import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';

import { startStackChild } from '../test/stack/child';
import { chain, openEngine } from '../test/workflow/engine';
import { hashOf, idleMemory, mib, report, say, stored, watched, type Cost } from './memory';

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
		report('upload', up, { idle, size, limit });
		report('download', down, { idle, size, limit });
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

main().catch((error: unknown) => {
	process.stderr.write(
		`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
	);
	process.exitCode = 1;
});
