/**
 * Runs example workflows in n8n's own engine, on a Supabase that is started for it, and prints what
 * went in and what came out: `insert-and-read.json`, then `upsert-many.json`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IConnections, INode, INodeExecutionData } from 'n8n-workflow';

import { startStackChild, type StackChild } from '../test/stack/child';
import { stackControl } from '../test/stack/control';
import { codeNode } from '../test/workflow/codeNode';
import { openEngine, type Engine, type WorkflowOutcome } from '../test/workflow/engine';

async function main(): Promise<void> {
	say('Starting the local Supabase: PostgreSQL, REST and the gateway …');
	const stack = await startStackChild();
	const engine = await openEngine({ extraNodes: { 'n8n-nodes-base.code': codeNode } });
	try {
		await insertAndRead(engine, stack);
		await upsertMany(engine, stack);
	} finally {
		await engine.close();
		await stack.stop();
	}
}

async function insertAndRead(engine: Engine, stack: StackChild): Promise<void> {
	const { outputOf } = await run('insert-and-read.json', engine, stack);
	show('What went in', outputOf('Planets'));
	show('What was written', outputOf('Insert Planets'));
	show('What was refused, on the error output', outputOf('Insert Planets', 1));
	show('Read back: mass above 15, largest first', outputOf('Read Large Planets'));
}

async function upsertMany(engine: Engine, stack: StackChild): Promise<void> {
	const control = stackControl(stack.url);
	await control.clearRequests();
	const started = performance.now();
	const { outputOf } = await run('upsert-many.json', engine, stack);
	const seconds = (performance.now() - started) / 1000;
	const requests = await control.requests('/rest/v1/contacts');
	const reasons = new Map<string, number>();
	for (const { json } of outputOf('Outcome of Refused')) {
		const reason = String(json.outcome as string);
		reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
	}
	say(`In        ${outputOf('Contacts').length}`);
	say(`Written   ${outputOf('Outcome of Written').length}`);
	say(`Refused   ${outputOf('Outcome of Refused').length}`);
	for (const [reason, count] of reasons) say(`  ${count} × ${reason}`);
	say(`Requests  ${requests.length}`);
	say(`Time      ${seconds.toFixed(1)} s`);
}

async function run(file: string, engine: Engine, stack: StackChild): Promise<WorkflowOutcome> {
	const example = JSON.parse(readFileSync(join(__dirname, file), 'utf8')) as {
		name: string;
		nodes: INode[];
		connections: IConnections;
	};
	say(`"${example.name}" in n8n's engine, against ${stack.url}\n`);
	const outcome = await engine.runWorkflow({
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
	if (outcome.error) throw outcome.error;
	return outcome;
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
