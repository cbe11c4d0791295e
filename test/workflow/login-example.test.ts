import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IConnections, INode, INodeType } from 'n8n-workflow';
import { Client } from 'pg';

import { createUser } from '../stack/users';
import { openEngine, type Engine } from './engine';
import { credentials } from './functions-helpers';
import { helperNodes } from './nodes';

const example = JSON.parse(
	readFileSync(join(__dirname, '..', '..', 'examples', 'login-webhook.json'), 'utf8'),
) as { nodes: INode[]; connections: IConnections };

const database = new Client({ connectionString: process.env.STACK_DATABASE_URL });
let engine: Engine;

beforeAll(async () => {
	engine = await openEngine({
		extraNodes: {
			'n8n-nodes-base.webhook': helperNodes['test.start'] as INodeType,
			'n8n-nodes-base.respondToWebhook': helperNodes['test.noOp'] as INodeType,
		},
	});
	await database.connect();
});

afterAll(async () => {
	await database.query("delete from notes where body like 'of %'");
	await database.end();
	await engine.close();
});

/** Posts to the webhook. */
async function login(body: object) {
	const { error, outputOf, hasRun } = await engine.runWorkflow({
		nodes: example.nodes.filter(({ type }) => !type.endsWith('stickyNote')),
		connections: example.connections,
		credentials,
		items: [{ json: { body } as never }],
	});
	expect(error).toBeUndefined();
	return {
		notes: outputOf('Answer with Notes').map(({ json }) => json.body),
		isRefused: hasRun('Answer with 401'),
	};
}

test('each user gets their own notes, and whoever has the wrong password gets none', async () => {
	const [ada, blaise] = [await createUser(), await createUser()];
	await database.query(
		"insert into notes (user_id, body) values ($1, 'of Ada'), ($2, 'of Blaise'), ($1, 'of Ada, too')",
		[ada.id, blaise.id],
	);
	const { email, password } = ada;
	expect(await login({ email, password })).toEqual({
		notes: ['of Ada', 'of Ada, too'],
		isRefused: false,
	});
	expect(await login(blaise)).toEqual({ notes: ['of Blaise'], isRefused: false });
	for (const body of [{ email, password: 'wrong' }, { email }, {}, { email: [], password }]) {
		expect(await login(body)).toEqual({ notes: [], isRefused: true });
	}
});
