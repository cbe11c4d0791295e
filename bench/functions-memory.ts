/**
 * What a large file costs on its way to an edge function and back: the memory of this process, in
 * which n8n's own engine runs the Functions node with n8n's filesystem store, against the local
 * Supabase in other processes.
 *
 *     npm run bench -- functions-memory [MiB] [limit in MiB]
 *
 * It ends with an error when one of the ways takes more than the limit above idle.
 */
import type { IBinaryData, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { startStackChild } from '../test/stack/child';
import { chain, openEngine } from '../test/workflow/engine';
import { hashOf, idleMemory, mib, MIB, report, say, stored, watched, type Cost } from './memory';

const [size = 100, limit = 64] = process.argv.slice(2).map(Number);

type Call = (
	name: string,
	parameters: INodeParameters,
	file?: IBinaryData,
) => Promise<INodeExecutionData>;

async function main(): Promise<void> {
	const stack = await startStackChild();
	const engine = await openEngine();
	const call: Call = async (name, parameters, file) => {
		const { error, outputOf } = await engine.runWorkflow({
			nodes: [
				{ name: 'Start', type: 'test.start' },
				{
					name: 'Functions',
					type: 'n8n-nodes-supabase-suite.supabaseFunctions',
					parameters: {
						resource: 'function',
						operation: 'invoke',
						function: name,
						options: { timeout: 600 },
						...parameters,
					},
				},
			],
			connections: chain('Start', 'Functions'),
			credentials: { supabaseProjectApi: { url: stack.url, secretKey: stack.secretKey } },
			items: [{ json: {}, ...(file && { binary: { data: file } }) }],
		});
		if (error) throw error;
		return outputOf('Functions')[0] as INodeExecutionData;
	};
	try {
		// Loads what is loaded on first use.
		await everyWay(call, await stored(1), 1);
		const idle = await idleMemory();
		say(`idle: ${mib(idle)} MiB`);
		const file = await stored(size);
		for (const [way, cost] of await everyWay(call, file, size)) {
			report(way, cost, { idle, size, limit });
		}
	} finally {
		await engine.close();
		await stack.stop();
	}
}

/** Sends a file as it is and in a form, and fetches one; what arrives has to be what was sent. */
async function everyWay(
	call: Call,
	file: IBinaryData,
	mebibytes: number,
): Promise<Array<[way: string, cost: Cost]>> {
	const part = { name: 'file', binaryPropertyName: 'data' };
	const [binary, arrived] = await watched(
		async () => await call('count', { body: 'binary' }, file),
	);
	if (arrived.json.sha256 !== (await hashOf(file))) throw new Error('The file arrived changed');
	const [form, counted] = await watched(
		async () => await call('count', { body: 'multipart', parts: { file: [part] } }, file),
	);
	if (Number(counted.json.bytes) !== Number(counted.json.length)) {
		throw new Error('The form is not as long as was said');
	}
	const bytes = mebibytes * MIB;
	const query = { parameter: [{ name: 'bytes', value: String(bytes) }] };
	const [down, given] = await watched(async () => await call('file', { method: 'GET', query }));
	if (given.binary?.data?.bytes !== bytes) throw new Error('The file came back short');
	return [
		['binary file up', binary],
		['form up', form],
		['file down', down],
	];
}

main().catch((error: unknown) => {
	process.stderr.write(
		`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
	);
	process.exitCode = 1;
});
