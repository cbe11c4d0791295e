import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
	NodeConnectionTypes,
	type IConnections,
	type INode,
	type INodeProperties,
	type INodeType,
} from 'n8n-workflow';
import postgres from 'postgres';

import { durableSql, uninstallSql } from '../../src/api/queues/sql/durable';
import { stackControl } from '../stack/control';
import { sharedStack } from './database-helpers';
import { openEngine, type Engine } from './engine';
import { stack } from './realtime-helpers';
import { activateWorkflow, type ActiveWorkflow } from './triggers';

const { url, secretKey } = stack.supabaseProjectApi;
const sql = postgres(sharedStack.databaseUrl, { max: 2, onnotice() {} });
let engine: Engine;
let workflow: ActiveWorkflow | undefined;

/** n8n's own nodes are not installed here: these give their parameters, and let files through. */
function standIn(name: string, version: number, ...parameters: string[]): INodeType {
	return {
		description: {
			displayName: name,
			name,
			group: ['output'],
			version,
			description: 'A stand-in for tests',
			defaults: { name },
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			properties: parameters.map((each): INodeProperties => ({
				displayName: each,
				name: each,
				type: 'string',
				default: '',
			})),
		},
		async execute() {
			const items = this.getInputData().map(({ binary }, item) => ({
				json: Object.fromEntries(
					parameters.map((each) => [each, this.getNodeParameter(each, item) as string]),
				),
				...(binary && { binary }),
				pairedItem: { item },
			}));
			return await Promise.resolve([items]);
		},
	};
}

function exampleOf(file: string) {
	const text = readFileSync(join(__dirname, '..', '..', 'examples', `${file}.json`), 'utf8');
	const { nodes, connections } = JSON.parse(text) as { nodes: INode[]; connections: IConnections };
	return {
		nodes: nodes.filter(({ type }) => !type.endsWith('stickyNote')),
		connections,
		credentials: stack,
		runs: true,
	};
}

async function ask(path: string, init: RequestInit): Promise<Response> {
	const headers = { apikey: secretKey, ...init.headers };
	const answer = await fetch(`${url}${path}`, { ...init, headers });
	if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
	return answer;
}

const json = (body: object) => ({
	method: 'POST',
	headers: { 'content-type': 'application/json' },
	body: JSON.stringify(body),
});

beforeAll(async () => {
	engine = await openEngine({
		extraNodes: {
			'n8n-nodes-base.emailSend': standIn('emailSend', 2.1, 'toEmail', 'subject', 'text'),
			'n8n-nodes-base.editImage': standIn('editImage', 1, 'operation', 'dataPropertyName'),
		},
	});
});

afterEach(async () => {
	await workflow?.close();
	workflow = undefined;
});

afterAll(async () => {
	await sql.unsafe(uninstallSql());
	for (const queue of ['n8n_welcome', 'n8n_thumbnails']) {
		await sql`select pgmq.drop_queue(l.queue_name) from pgmq.list_queues() l
			where l.queue_name in (${queue}, ${`${queue}_dead`})`;
	}
	await sql.end();
	await engine.close();
});

test('each user who is confirmed gets a welcome mail, and a new one alone none', async () => {
	await sql.unsafe(durableSql({ queue: 'n8n_welcome', tables: [], users: true }));
	await stackControl().reloadSchema();
	workflow = await activateWorkflow(engine, exampleOf('welcome-mail-on-sign-up'));
	const user = (name: string, email_confirm: boolean) =>
		json({ email: `${name}@welcome.example.com`, email_confirm, user_metadata: { name } });
	await ask('/auth/v1/admin/users', user('waiting', false));
	await ask('/auth/v1/admin/users', user('ada', true));
	await workflow.until(() => (workflow?.outcomes.length ?? 0) > 0);
	const sent = workflow.outcomes.map(({ outputOf }) => outputOf('Send Welcome')[0]?.json);
	expect(sent).toEqual([
		{
			toEmail: 'ada@welcome.example.com',
			subject: 'Welcome',
			text: 'Hello ada,\n\nit is good to have you with us.',
		},
	]);
});

test('each stored photo gets a thumbnail in another bucket, which starts nothing', async () => {
	for (const id of ['photos', 'thumbnails']) {
		await ask('/storage/v1/bucket', json({ id, name: id }));
	}
	const plan = { queue: 'n8n_thumbnails', tables: [], files: { buckets: ['photos'] } };
	await sql.unsafe(durableSql(plan));
	await stackControl().reloadSchema();
	workflow = await activateWorkflow(engine, exampleOf('thumbnail-on-upload'));
	const store = async (path: string) =>
		await ask(`/storage/v1/object/photos/${path}`, {
			method: 'POST',
			headers: { 'content-type': 'image/png' },
			body: `a picture called ${path}`,
		});
	await store('trips/one.png');
	await workflow.until(() => (workflow?.outcomes.length ?? 0) > 0);
	expect(workflow.outcomes[0]?.error).toBeUndefined();
	const thumbnail = await ask('/storage/v1/object/thumbnails/trips/one.png', { method: 'GET' });
	expect(await thumbnail.text()).toBe('a picture called trips/one.png');
	// What the thumbnail had started would have come before what comes after it.
	await store('two.png');
	await workflow.until(() => (workflow?.outcomes.length ?? 0) > 1);
	const started = workflow.rows().map(({ event, bucket, name }) => [event, bucket, name]);
	expect(started).toEqual([
		['stored', 'photos', 'trips/one.png'],
		['stored', 'photos', 'two.png'],
	]);
});
