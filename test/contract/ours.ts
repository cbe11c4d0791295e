import { readProject } from '../../src/api/project';
import { send } from '../../src/api/transport';
import { chain, type Engine } from '../workflow/engine';
import type { ContractCase, NodeRun } from './case';
import { projectKeys } from './keys';

/**
 * Sends what we send in a case.
 *
 * @param url address of the project, which records the requests
 * @throws Error when the node fails; what a builder's requests are answered does not matter
 */
export async function sendOurs(engine: Engine, url: string, wanted: ContractCase): Promise<void> {
	const credential = { url, ...projectKeys[wanted.keys ?? 'legacy'] };
	if (typeof wanted.ours !== 'function') return await runNode(engine, credential, wanted.ours);
	for (const request of wanted.ours()) {
		await send(readProject(credential), request, { authority: authority(wanted) });
	}
}

function authority({ runAs = 'serviceRole' }: ContractCase) {
	if (runAs === 'serviceRole') return { role: 'service_role' } as const;
	if (runAs === 'anonymous') return { role: 'anon' } as const;
	return { role: 'user', accessToken: runAs.accessToken } as const;
}

async function runNode(
	engine: Engine,
	credential: Record<string, string>,
	run: NodeRun,
): Promise<void> {
	const { items, follow } = run;
	const nodes = inRow(run).map(({ node = 'supabaseDatabase', parameters }, index) => ({
		name: index ? `Node ${index}` : 'Node',
		type: `n8n-nodes-supabase-suite.${node}`,
		parameters,
	}));
	const { error, outputOf } = await engine.runWorkflow({
		nodes: [{ name: 'Start', type: 'test.start' }, ...nodes],
		connections: chain('Start', ...nodes.map(({ name }) => name)),
		credentials: { supabaseProjectApi: credential },
		...(items && { items }),
	});
	if (error) throw new Error(error.message, { cause: error });
	if (follow) for (const { json } of outputOf('Node')) await fetch(json[follow] as string);
}

function inRow(run: NodeRun): NodeRun[] {
	return [run, ...(run.then ? inRow(run.then) : [])];
}
