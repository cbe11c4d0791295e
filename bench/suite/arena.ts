/** Where rivals meet: one server, its database, and n8n's engine with both nodes. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { Client } from 'pg';
import { Agent, request, type Dispatcher } from 'undici';

import { startStackChild, type StackChild } from '../../test/stack/child';
import { stackControl } from '../../test/stack/control';
import { chain, openEngine } from '../../test/workflow/engine';
import type { StatementsSettings } from './statements';

const REPOSITORY = join(__dirname, '..', '..');

export const SERVERS = ['statements', 'stack'] as const;
export type Server = (typeof SERVERS)[number];

export interface ArenaOptions {
	/** The folder of `n8n-nodes-base`. */
	readonly n8nNodesBase: string;
	/** The local Supabase as it is, or its database behind a server that costs little. */
	readonly server: Server;
}

/** A request as undici takes it, without the keys. */
export interface BareRequest {
	readonly method?: Dispatcher.HttpMethod;
	readonly prefer?: string;
	readonly body?: unknown;
}

/** What the official client is told of the tables. */
interface Tables {
	public: {
		Tables: Record<
			string,
			{ Row: IDataObject; Insert: IDataObject; Update: IDataObject; Relationships: [] }
		>;
		Views: Record<never, never>;
		Functions: Record<never, never>;
	};
}

export interface Arena {
	/** Asks the database itself. */
	readonly sql: (text: string, values?: unknown[]) => Promise<IDataObject[]>;
	/** Makes what SQL says and lets the server see it. */
	readonly define: (text: string) => Promise<void>;
	/** Sets the server's cap on the rows of an answer. */
	readonly setMaxRows: (rows: number) => Promise<void>;
	/** Runs our node Supabase Database, and gives what it put out. */
	ours(parameters: INodeParameters, items?: readonly IDataObject[]): Promise<INodeExecutionData[]>;
	/** Runs n8n's own node Supabase. */
	builtIn(
		parameters: INodeParameters,
		items?: readonly IDataObject[],
	): Promise<INodeExecutionData[]>;
	/** Lets items through a node that does nothing: what n8n itself costs. */
	n8nAlone(items: readonly IDataObject[]): Promise<INodeExecutionData[]>;
	/** Sends a request below `/rest/v1/` and reads its JSON. */
	bare(path: string, options?: BareRequest): Promise<unknown>;
	readonly official: SupabaseClient<Tables>;
	close(): Promise<void>;
}

export async function openArena({ n8nNodesBase, server }: ArenaOptions): Promise<Arena> {
	const folder = await mkdtemp(join(tmpdir(), 'bench-'));
	const stack = await startStackChild();
	const engine = await openEngine({
		folders: [REPOSITORY, await packOfBuiltIn(folder, n8nNodesBase)],
	});
	const database = new Client({ connectionString: stack.databaseUrl });
	await database.connect();
	const dispatcher = new Agent();
	const control = stackControl(stack.url);
	const statements = server === 'statements' ? await startStatements(stack) : undefined;
	const { url } = statements ?? stack;
	const { secretKey } = stack;

	const run = async (
		type: string,
		parameters: INodeParameters,
		items: readonly IDataObject[] = [{}],
	): Promise<INodeExecutionData[]> => {
		const { error, outputOf } = await engine.runWorkflow({
			nodes: [
				{ name: 'Start', type: 'test.start' },
				{ name: 'Node', type, parameters },
			],
			connections: chain('Start', 'Node'),
			credentials: {
				supabaseProjectApi: { url, secretKey },
				supabaseApi: { host: url, serviceRole: secretKey },
			},
			items: items.map((json) => ({ json })),
		});
		if (error) throw error;
		return outputOf('Node');
	};

	return {
		sql: async (text, values) => (await database.query<IDataObject>(text, values)).rows,
		async define(text) {
			await database.query(text);
			await control.reloadSchema();
		},
		async setMaxRows(rows) {
			await control.setMaxRows(rows);
			statements?.setMaxRows(rows);
		},
		ours: async (parameters, items) =>
			await run(
				'n8n-nodes-supabase-suite.supabaseDatabase',
				{ resource: 'row', ...parameters },
				items,
			),
		builtIn: async (parameters, items) =>
			await run('n8n-nodes-base.supabase', { resource: 'row', ...parameters }, items),
		n8nAlone: async (items) => await run('test.noOp', {}, items),
		async bare(path, { method = 'GET', prefer, body } = {}) {
			const answer = await request(`${url}/rest/v1/${path}`, {
				method,
				dispatcher,
				headers: {
					apikey: secretKey,
					...(prefer !== undefined && { prefer }),
					...(body !== undefined && { 'content-type': 'application/json' }),
				},
				body: body === undefined ? undefined : JSON.stringify(body),
			});
			if (answer.statusCode >= 300) {
				throw new Error(`${method} ${path}: ${answer.statusCode} ${await answer.body.text()}`);
			}
			return await answer.body.json();
		},
		official: createClient<Tables>(url, secretKey, {
			auth: { persistSession: false },
			// What is not used must still be there on a Node without a websocket.
			realtime: { transport: class {} as never },
		}),
		async close() {
			await dispatcher.close();
			await database.end();
			await engine.close();
			await statements?.stop();
			await stack.stop();
			await rm(folder, { recursive: true, force: true });
		},
	};
}

interface Statements {
	readonly url: string;
	setMaxRows(rows: number): void;
	stop(): Promise<void>;
}

async function startStatements({ url, databaseUrl, secretKey }: StackChild): Promise<Statements> {
	const child = fork(join(__dirname, 'statements.ts'), { execArgv: ['--import', 'tsx'] });
	const exit = once(child, 'exit');
	const settings: StatementsSettings = { stackUrl: url, databaseUrl, secretKey };
	child.send(settings);
	const [ready] = (await once(child, 'message')) as [{ url: string }];
	return {
		url: ready.url,
		setMaxRows: (maxRows) => void child.send({ maxRows }),
		async stop() {
			child.disconnect();
			await exit;
		},
	};
}

/** A pack of n8n's Supabase node alone: the whole has hundreds of nodes. */
async function packOfBuiltIn(folder: string, n8nNodesBase: string): Promise<string> {
	const pack = join(folder, 'n8n-nodes-base');
	await mkdir(pack);
	await symlink(join(n8nNodesBase, 'dist'), join(pack, 'dist'), 'junction');
	await writeFile(
		join(pack, 'package.json'),
		JSON.stringify({
			name: 'n8n-nodes-base',
			n8n: {
				nodes: ['dist/nodes/Supabase/Supabase.node.js'],
				credentials: ['dist/credentials/SupabaseApi.credentials.js'],
			},
		}),
	);
	return pack;
}
