import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { chain, type DrawnNode, type Engine } from './engine';

export const credentials = {
	supabaseProjectApi: {
		url: process.env.SUPABASE_URL ?? '',
		publishableKey: process.env.SUPABASE_PUBLISHABLE_KEY ?? '',
		secretKey: process.env.SUPABASE_SECRET_KEY ?? '',
	},
};

/** The error that n8n shows. */
export interface Shown extends Error {
	readonly description: string;
	readonly context: { readonly data: Record<string, unknown>; readonly itemIndex?: number };
}

/** A node that calls a function. */
export function calling(
	name: string,
	called: string,
	parameters: INodeParameters = {},
	rest: Partial<DrawnNode> = {},
): DrawnNode {
	return {
		name,
		type: 'n8n-nodes-supabase-suite.supabaseFunctions',
		parameters: { resource: 'function', operation: 'invoke', function: called, ...parameters },
		...rest,
	};
}

/** Calls a function with one node, and tells what came out. */
export async function call(
	engine: Engine,
	called: string,
	parameters: INodeParameters = {},
	items: INodeExecutionData[] = [{ json: {} }],
	{
		keys = credentials.supabaseProjectApi,
		signal,
		...rest
	}: Partial<DrawnNode> & { keys?: Record<string, string>; signal?: AbortSignal } = {},
) {
	const outcome = await engine.runWorkflow({
		nodes: [{ name: 'Start', type: 'test.start' }, calling('Node', called, parameters, rest)],
		connections: chain('Start', 'Node'),
		credentials: { supabaseProjectApi: keys },
		items,
		signal,
	});
	const out = outcome.outputOf('Node');
	return {
		...outcome,
		error: outcome.error as unknown as Shown | undefined,
		items: out,
		json: out.map(({ json }) => json),
	};
}

/** Query parameters as the node keeps them. */
export function asking(pairs: Record<string, string>): INodeParameters {
	const parameter = Object.entries(pairs).map(([name, value]) => ({ name, value }));
	return { query: { parameter } };
}

/** An item that holds a file. */
export function held(content: string, fileName: string, mimeType = 'text/plain') {
	const data = Buffer.from(content).toString('base64');
	return { json: { name: fileName }, binary: { data: { data, fileName, mimeType } } };
}
