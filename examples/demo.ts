/**
 * Runs the example workflow `insert-and-read.json` in n8n's own engine, on a Supabase that is
 * started for it, and prints what went in and what came out.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IConnections, INode, INodeExecutionData, INodeType } from 'n8n-workflow';

import { startStackChild } from '../test/stack/child';
import { openEngine } from '../test/workflow/engine';

const example = JSON.parse(readFileSync(join(__dirname, 'insert-and-read.json'), 'utf8')) as {
	name: string;
	nodes: INode[];
	connections: IConnections;
};

/** Stands for n8n's Code node, which is not among what this repository installs. */
const code: INodeType = {
	description: {
		displayName: 'Code',
		name: 'code',
		version: [1, 2],
		group: ['transform'],
		description: 'Runs the code that the example brings',
		defaults: { name: 'Code' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [{ displayName: 'Code', name: 'jsCode', type: 'string', default: '' }],
	},
	async execute() {
		// eslint-disable-next-line @typescript-eslint/no-implied-eval -- it is our own example
		const list = new Function(
			this.getNodeParameter('jsCode', 0) as string,
		) as () => INodeExecutionData[];
		return [list()];
	},
};

async function main(): Promise<void> {
	say('Starting the local Supabase: PostgreSQL, REST and the gateway …');
	const stack = await startStackChild();
	const engine = await openEngine({ extraNodes: { 'n8n-nodes-base.code': code } });
	try {
		say(`"${example.name}" in n8n's engine, against ${stack.url}\n`);
		const { outputOf, error } = await engine.runWorkflow({
			nodes: example.nodes.filter(({ type }) => !type.endsWith('stickyNote')),
			connections: example.connections,
			credentials: {
				supabaseProjectApi: {
					url: stack.url,
					publishableKey: stack.publishableKey,
					secretKey: stack.secretKey,
				},
			},
		});
		if (error) throw error;
		show('What went in', outputOf('Planets'));
		show('What was written', outputOf('Insert Planets'));
		show('What was refused, on the error output', outputOf('Insert Planets', 1));
		show('Read back: mass above 15, largest first', outputOf('Read Large Planets'));
	} finally {
		await engine.close();
		await stack.stop();
	}
}

function show(title: string, items: INodeExecutionData[]): void {
	say(title);
	for (const { json } of items) say(`  ${JSON.stringify(json)}`);
	say('');
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
