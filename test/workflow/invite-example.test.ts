import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IConnections, INode } from 'n8n-workflow';
import { Client } from 'pg';

import { stackControl } from '../stack/control';
import { codeNode } from './codeNode';
import { openEngine, type Engine } from './engine';

const example = JSON.parse(
	readFileSync(join(__dirname, '..', '..', 'examples', 'invite-users.json'), 'utf8'),
) as { nodes: INode[]; connections: IConnections };

const database = new Client({ connectionString: process.env.STACK_DATABASE_URL });
const people = ['ann', 'bob', 'dave'].map((name) => `${name}@example.com`);
const forget = async () =>
	await database.query('delete from auth.users where email = any($1)', [people]);
const control = stackControl();
let engine: Engine;

beforeAll(async () => {
	engine = await openEngine({ extraNodes: { 'n8n-nodes-base.code': codeNode } });
	await database.connect();
	await forget();
});

afterAll(async () => {
	await forget();
	await database.end();
	await engine.close();
});

test('everybody in the list has an outcome, and mail goes to whom it can', async () => {
	const mailsTo = async (email: string) =>
		(await control.mails()).filter(({ to }) => to.toLowerCase() === email);
	const before = new Map<string, number>();
	for (const email of people) before.set(email, (await mailsTo(email)).length);
	const { error, outputOf } = await engine.runWorkflow({
		nodes: example.nodes.filter(({ type }) => !type.endsWith('stickyNote')),
		connections: example.connections,
		credentials: {
			supabaseProjectApi: {
				url: process.env.SUPABASE_URL ?? '',
				secretKey: process.env.SUPABASE_SECRET_KEY ?? '',
			},
		},
	});
	expect(error).toBeUndefined();
	const [invited = [], refused = []] = ['Outcome of Invited', 'Outcome of Refused'].map((name) =>
		outputOf(name).map(({ json }) => [json.email, json.outcome]),
	);
	expect(invited).toEqual([
		['ann@example.com', 'invited'],
		['bob@example.com', 'invited'],
		['ann@example.com', 'invited'],
		['dave@example.com', 'invited'],
	]);
	expect(refused).toEqual([
		['carol at example.com', 'E-Mail is not an e-mail address'],
		['', 'E-Mail is empty'],
	]);
	const sent: unknown[] = [];
	for (const email of people) sent.push((await mailsTo(email)).length - (before.get(email) ?? 0));
	expect(sent).toEqual([2, 1, 1]);
	const { rows } = await database.query(
		'select email, raw_user_meta_data->>$2 as name from auth.users where email = any($1) order by 1',
		[people, 'name'],
	);
	expect(rows.map(({ email }: { email: string }) => email)).toEqual(people);
});
