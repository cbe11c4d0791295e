import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IConnections, INode } from 'n8n-workflow';

import { closeClients } from '../unit/api/realtime/client';
import { openEngine, type Engine } from './engine';
import { credentials } from './functions-helpers';
import { somebody } from './realtime-node-helpers';
import { activateWorkflow } from './triggers';

interface Example {
	readonly nodes: INode[];
	readonly connections: IConnections;
}

const read = (name: string) =>
	JSON.parse(readFileSync(join(__dirname, '..', '..', 'examples', name), 'utf8')) as Example;
const asking = read('ask-and-wait.json');
const replying = read('reply-to-a-broadcast.json');

let engine: Engine;
beforeAll(async () => {
	engine = await openEngine();
});
afterEach(closeClients);
afterAll(async () => await engine.close());

/** The example that asks; its trigger by hand is the engine's start. */
const ask = async () => await engine.runWorkflow({ ...asking, credentials });

test('the example that asks gets the answer that somebody gives', async () => {
	const heard = await somebody('questions');
	const asked = ask();
	const { payload } = await heard.broadcasts.until(({ event }) => event === 'question');
	const { id, text } = payload as { id: string; text: string };
	expect(text).toBe('Who is there?');
	await heard.channel.broadcast('answer', { id: `not ${id}`, text: 'for somebody else' });
	await heard.channel.broadcast('answer', { id, text: 'Ada' });
	const { error, outputOf } = await asked;
	expect(error).toBeUndefined();
	expect(outputOf('Ask').map(({ json }) => json)).toMatchObject([
		{ event: 'answer', payload: { id, text: 'Ada' } },
	]);
});

test('the example that replies answers the example that asks', async () => {
	const workflow = await activateWorkflow(engine, { ...replying, credentials, runs: true });
	try {
		const { error, outputOf } = await ask();
		expect(error).toBeUndefined();
		expect(outputOf('Ask')[0]?.json).toMatchObject({
			event: 'answer',
			payload: { text: 'It is n8n' },
		});
		await workflow.until(() => workflow.outcomes.length === 1);
		expect(workflow.outcomes[0]?.error).toBeUndefined();
		expect(workflow.outcomes[0]?.outputOf('Answer')[0]?.json).toMatchObject({
			channel: 'questions',
			confirmed: true,
		});
	} finally {
		await workflow.close();
	}
});
