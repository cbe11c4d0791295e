import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IConnections, INode } from 'n8n-workflow';
import { Client } from 'pg';

import { codeNode } from './codeNode';
import { openEngine, type Engine } from './engine';

const example = JSON.parse(
	readFileSync(join(__dirname, '..', '..', 'examples', 'upsert-many.json'), 'utf8'),
) as { nodes: INode[]; connections: IConnections };

const database = new Client({ connectionString: process.env.STACK_DATABASE_URL });
const ours = "from contacts where email like 'person-%@example.com'";
let engine: Engine;

beforeAll(async () => {
	engine = await openEngine({ extraNodes: { 'n8n-nodes-base.code': codeNode } });
	await database.connect();
});

afterAll(async () => {
	await database.query(`delete ${ours}`);
	await database.end();
	await engine.close();
});

test('each of the 5,000 rows has its outcome, and a second run doubles none', async () => {
	for (const run of ['first', 'second']) {
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
		expect({ run, error }).toEqual({ run, error: undefined });
		const outcomes = ['Outcome of Written', 'Outcome of Refused'].map((name) =>
			outputOf(name).map(({ json }) => json),
		);
		const [written = [], refused = []] = outcomes;
		expect(written).toHaveLength(4993);
		expect(new Set(written.map(({ outcome }) => outcome))).toEqual(new Set(['written']));
		expect(refused.map(({ email, outcome }) => [email, outcome])).toEqual([
			['person-701@example.com', expect.stringContaining('contacts_age_check')],
			['person-951@example.com', 'The column name needs a value'],
			['person-1901@example.com', expect.stringContaining('contacts_age_check')],
			['person-2101@example.com', expect.stringContaining('"unknown"')],
			['person-3301@example.com', expect.stringContaining('contacts_age_check')],
			['person-4401@example.com', expect.stringContaining('"unknown"')],
			['person-5000@example.com', 'The column name needs a value'],
		]);
		const { rows } = await database.query(`select count(*)::int as n ${ours}`);
		// An address that comes again is written again, and the last one stands.
		expect(rows).toEqual([{ n: 4990 }]);
	}
});

test('it can be imported: names and ids are its own, and every connection leads somewhere', () => {
	const names = example.nodes.map(({ name }) => name);
	expect(new Set(names).size).toBe(names.length);
	expect(new Set(example.nodes.map(({ id }) => id)).size).toBe(names.length);
	for (const [from, { main = [] }] of Object.entries(example.connections)) {
		expect(names).toContain(from);
		for (const { node } of main.flatMap((targets) => targets ?? [])) expect(names).toContain(node);
	}
	const ofPack = example.nodes.filter(({ type }) => type.startsWith('n8n-nodes-supabase-suite.'));
	for (const { type, typeVersion, parameters } of ofPack) {
		const { properties } = engine.packs.nodeTypes.getByNameAndVersion(
			type,
			typeVersion,
		).description;
		const known = properties.map(({ name }) => name);
		for (const name of Object.keys(parameters)) expect(known).toContain(name);
	}
	const note = example.nodes.find(({ type }) => type === 'n8n-nodes-base.stickyNote');
	expect(note?.parameters.content).toContain('create table contacts');
});
