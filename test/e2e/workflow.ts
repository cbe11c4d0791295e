import type { Page } from 'playwright-core';
import { openNode } from './editor';
import { n8n } from './world';

const CREDENTIAL = 'supabaseProjectApi';
const NODE = 'Supabase';

/** A node of the pack as a workflow holds it. */
export interface PreparedNode {
	/** The node's own name, without the pack's. */
	readonly type:
		| 'supabaseAuth'
		| 'supabaseAuthAdmin'
		| 'supabaseDatabase'
		| 'supabaseQueues'
		| 'supabaseRealtime'
		| 'supabaseStorage'
		| 'supabaseFunctions';
	readonly parameters: Readonly<Record<string, unknown>>;
	/** The one item that the node gets; without it, the trigger's empty one. */
	readonly item?: Readonly<Record<string, unknown>>;
}

/** Something chosen from a list, as the editor keeps it. */
export function chosen(value: string) {
	return { __rl: true, mode: 'list', value, cachedResultName: value };
}

/** Something typed where a list would be another way. */
export function typed(value: string, mode = 'name') {
	return { __rl: true, mode, value };
}

/** Values by column or argument, as the editor keeps them. */
export function mapped(value: Readonly<Record<string, unknown>>) {
	return { mappingMode: 'defineBelow', value };
}

/** Makes a workflow with a node that is filled in already, and opens the node in the editor. */
export async function openPrepared(page: Page, title: string, node: PreparedNode): Promise<void> {
	const rest = await n8n();
	const credentials = await rest.credentials(CREDENTIAL);
	const credential = credentials.find(({ name }) => name === 'Local Supabase');
	if (credential === undefined) throw new Error('The credential has not been made.');
	const { type, parameters, item } = node;
	const trigger = made('Start', 'n8n-nodes-base.manualTrigger', 1, {});
	const incoming = made('Item', 'n8n-nodes-base.set', 3.4, {
		mode: 'raw',
		jsonOutput: JSON.stringify(item),
		options: {},
	});
	const ours = {
		...made(NODE, `n8n-nodes-supabase-suite.${type}`, 1, parameters),
		credentials: { [CREDENTIAL]: { id: credential.id, name: credential.name } },
	};
	const nodes = [trigger, ...(item === undefined ? [] : [incoming]), ours].map((each, place) => ({
		...each,
		position: [place * 220, 0],
	}));
	const id = await rest.createWorkflow({
		name: title,
		nodes,
		connections: chain(nodes.map(({ name }) => name)),
		settings: { executionOrder: 'v1' },
		active: false,
	});
	await page.goto(`/workflow/${id}`);
	await page.getByTestId('canvas-node').first().waitFor();
	// The editor keeps these fields in the node: a run before then would be out of date at once.
	const hasMapper = 'columns' in parameters || 'arguments' in parameters;
	const fields = hasMapper ? page.waitForResponse(/resource-mapper-fields/) : undefined;
	await openNode(page, NODE);
	await fields;
}

function made(name: string, type: string, typeVersion: number, parameters: object) {
	return { id: crypto.randomUUID(), name, type, typeVersion, parameters };
}

function chain(names: readonly string[]) {
	return Object.fromEntries(
		names
			.slice(1)
			.map((node, place) => [names[place], { main: [[{ node, type: 'main', index: 0 }]] }]),
	);
}
