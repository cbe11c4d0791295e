import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { readProject } from '../../src/api/project';
import { listen, open, type Heard } from '../unit/api/realtime/client';
import { chain, type Engine } from './engine';
import { credentials, type Shown } from './functions-helpers';

/** Runs the node Supabase Realtime once, and tells what came out. */
export async function runRealtime(
	engine: Engine,
	parameters: INodeParameters,
	items: INodeExecutionData[] = [{ json: {} }],
	rest: { onError?: 'continueRegularOutput' } = {},
) {
	const outcome = await engine.runWorkflow({
		nodes: [
			{ name: 'Start', type: 'test.start' },
			{
				name: 'Node',
				type: 'n8n-nodes-supabase-suite.supabaseRealtime',
				parameters: { runAs: 'serviceRole', options: {}, ...parameters },
				...rest,
			},
		],
		connections: chain('Start', 'Node'),
		credentials,
		items,
	});
	const out = outcome.outputOf('Node');
	return {
		error: outcome.error as unknown as Shown | undefined,
		items: out,
		json: out.map(({ json }) => json),
	};
}

/** Somebody else in a channel, who is there once this resolves. */
export async function somebody(name: string, isPrivate = false): Promise<Heard> {
	const realtime = open(readProject(credentials.supabaseProjectApi), {
		authority: async () => ({ authority: { role: 'service_role' } }),
	});
	const broadcast = { self: false };
	const presence = { enabled: true, key: 'somebody' };
	const heard = listen(realtime, { name, private: isPrivate, broadcast, presence });
	await heard.states.until((state) => state.name === 'subscribed');
	return heard;
}
