import type { Page } from 'playwright-core';
import postgres from 'postgres';

import { formPicture, openSession, picture, type Session } from './browser';
import { openNode } from './editor';
import { chosen } from './workflow';
import { n8n, switchN8n, world } from './world';

const NODE = 'Supabase Realtime Trigger';
const { databaseUrl, supabaseUrl, secretKey, publishableKey } = world();
const sql = postgres(databaseUrl, { max: 1, onnotice() {} });

/** What stands behind the trigger. */
const NO_OP = { type: 'n8n-nodes-base.noOp', parameters: {} };

const TABLES = { table: [{ schema: chosen('public'), table: chosen('durable_orders') }] };

beforeAll(async () => {
	await sql.unsafe(`
		drop table if exists durable_orders, durable_arrived;
		create table durable_orders (id bigint primary key, customer text);
		insert into durable_orders values (1, 'Ada'), (2, 'Bob');
		create table durable_arrived (kind text, event text, what text, attempt int);
		grant all on durable_orders, durable_arrived to service_role;
		notify pgrst, 'reload schema';`);
	await fetch(`${supabaseUrl}/__control/reload`, { method: 'POST' });
});

afterAll(async () => await sql.end());

async function made(
	title: string,
	parameters: object,
	behind: (credentials: object) => object = () => NO_OP,
): Promise<string> {
	const rest = await n8n();
	const [credential] = (await rest.credentials('supabaseProjectApi')).filter(
		({ name }) => name === 'Local Supabase',
	);
	if (!credential) throw new Error('The credential has not been made.');
	const credentials = { supabaseProjectApi: { id: credential.id, name: credential.name } };
	const node = (name: string, place: number, rest: object) => ({
		id: crypto.randomUUID(),
		name,
		typeVersion: 1,
		position: [place * 220, 0],
		...rest,
	});
	return await rest.createWorkflow({
		name: title,
		nodes: [
			node(NODE, 0, {
				type: 'n8n-nodes-supabase-suite.supabaseRealtimeTrigger',
				parameters,
				credentials,
			}),
			node('Done', 1, behind(credentials)),
		],
		connections: { [NODE]: { main: [[{ node: 'Done', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
		active: false,
	});
}

describe('the form of the trigger', () => {
	let session: Session;

	beforeAll(async () => (session = await openSession()));
	afterAll(async () => await session?.close());

	async function form(page: Page, title: string, parameters: object, labels: string[]) {
		await page.setViewportSize({ width: 1200, height: 1100 });
		await page.goto(`/workflow/${await made(title, parameters)}`);
		await page.getByTestId('canvas-node').first().waitFor();
		await openNode(page, NODE);
		const shown = page.getByTestId('node-parameters');
		for (const label of labels) {
			await shown.locator('label').filter({ hasText: label }).first().waitFor();
		}
		await formPicture(shown, title);
	}

	test.each<[string, object, string[]]>([
		[
			'durable-changes',
			{ delivery: 'durable', queue: 'n8n_orders', tables: TABLES },
			['Delivery', 'Queue', 'Tables', 'Options'],
		],
		['durable-users', { listenTo: ['users'], queue: 'n8n_people' }, ['Queue', 'User Events']],
		[
			'durable-files',
			{ listenTo: ['files'], queue: 'n8n_files', whichBuckets: 'selected', buckets: 'photos' },
			['Queue', 'File Events', 'Buckets', 'Bucket Names'],
		],
		[
			'durable-queue-messages',
			{
				listenTo: ['queueMessages'],
				messageQueues: { queue: [{ name: chosen('mail_to_send') }] },
			},
			['Message Queues'],
		],
		[
			'durable-options',
			{
				listenTo: ['users'],
				queue: 'n8n_people',
				options: {
					acknowledge: 'onStatus',
					allowedStatuses: ['success'],
					attempts: 5,
					timeLimit: 600,
				},
			},
			['Acknowledge', 'Allowed Statuses'],
		],
	])('%s', async (title, parameters, labels) => {
		await form(session.page, title, parameters, labels);
	});
});

test('what happens while n8n is dead starts its workflow when n8n is there again', async () => {
	const rest = await n8n();
	const id = await made(
		'Durable',
		{
			listenTo: ['postgresChanges', 'users', 'files'],
			delivery: 'durable',
			queue: 'n8n_all',
			tables: { table: [{ ...TABLES.table[0], events: ['delete'] }] },
			userEvents: ['signedUp'],
			fileEvents: ['stored'],
		},
		(credentials) => ({
			type: 'n8n-nodes-supabase-suite.supabaseDatabase',
			parameters: {
				resource: 'row',
				operation: 'insert',
				schema: chosen('public'),
				table: chosen('durable_arrived'),
				rowSource: 'json',
				rowJson:
					'={{ { kind: $json.kind, event: $json.event, attempt: $json.attempt, what: $json.name || $json.record?.email || $json.old_record?.customer } }}',
			},
			credentials,
		}),
	);

	// n8n answers an activation before the trigger has said anything, and tells its editor.
	const session = await openSession();
	const { page } = session;
	await page.goto(`/workflow/${id}`);
	await page.getByTestId('canvas-node').first().waitFor();
	await rest.activate(id);
	await page.getByText('is not installed in this project: test the step').first().waitFor();
	await picture(page, 'durable-not-installed');
	await openNode(page, NODE);
	await page.getByTestId('node-execute-button').click();
	const shown = page.getByTestId('node-error-description').locator('code');
	await shown.waitFor();
	await picture(page, 'durable-sql-in-error');
	await sql.unsafe(await shown.innerText());
	await fetch(`${supabaseUrl}/__control/reload`, { method: 'POST' });
	await rest.activate(id);

	await switchN8n('kill');
	const email = `user-${Date.now()}@example.com`;
	const file = `file-${Date.now()}.txt`;
	await ask('/auth/v1/signup', publishableKey, JSON.stringify({ email, password: 'secret-1234' }));
	await ask('/storage/v1/bucket', secretKey, JSON.stringify({ id: 'durable', name: 'durable' }));
	await ask(`/storage/v1/object/durable/${file}`, secretKey, 'a file', 'text/plain');
	await sql`delete from durable_orders where id = 1`;
	expect(await arrived()).toEqual([]);
	await switchN8n('start');
	while ((await arrived()).length < 3) await new Promise((resolve) => setTimeout(resolve, 250));
	expect(await arrived()).toEqual([
		{ kind: 'file', event: 'stored', what: file },
		{ kind: 'postgres_changes', event: 'DELETE', what: 'Ada' },
		{ kind: 'user', event: 'signedUp', what: email },
	]);
	await page.goto(`/workflow/${id}/executions`);
	await page.getByText('Succeeded').first().waitFor();
	await picture(page, 'durable-executions');
	await session.close();
});

async function arrived() {
	return [...(await sql`select distinct kind, event, what from durable_arrived order by kind`)];
}

async function ask(path: string, key: string, body: string, type = 'application/json') {
	const answer = await fetch(`${supabaseUrl}${path}`, {
		method: 'POST',
		headers: { apikey: key, 'content-type': type },
		body,
	});
	if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}
