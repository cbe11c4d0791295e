import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';

import { readProject } from '../../src/api/project';
import type { Filter } from '../../src/api/database/filters';
import { select } from '../../src/api/database/select';
import { sender, type Send } from '../../src/api/transport';
import { startStackChild, type StackChild } from '../stack/child';
import { stackControl } from '../stack/control';
import { recordedReads } from '../unit/api/database/recordedReadFixture';
import { reads, refusedReads } from '../unit/api/database/recordedReads';
import { liteDiffers } from './recordingsLite';

// Another project cannot be given the schema of the recordings.
const onStack = process.env.STACK_DATABASE_URL ? describe : describe.skip;

onStack('the rows of recorded reads, asked by our builder of the local stack', () => {
	let stack: StackChild;
	let send: Send;

	beforeAll(async () => {
		stack = await startStackChild();
		await loadRecordedSchema(stack.databaseUrl);
		await stackControl(stack.url).reloadSchema();
		send = sender(readProject(stack), { authority: { role: 'service_role' }, maxRepeats: 0 });
	});

	afterAll(async () => await stack.stop());

	async function rowsOf(name: string): Promise<unknown> {
		const { table, options } = reads[name] ?? { table: '', options: {} };
		const { body } = await send(select({ schema: 'public', name: table }, options));
		return body;
	}

	const found = recordedReads.filter(
		(each) => each.rows !== undefined && each.case in reads && !(each.case in refusedReads),
	);
	const comparable = found.filter((each) => !(each.case in liteDiffers));

	test.each(comparable.map((each) => [each.case, each.rows] as const))('%s', async (name, rows) => {
		expect(await rowsOf(name)).toEqual(rows);
	});

	test.each(Object.entries(liteDiffers))('%s: other rows there. %s', async (name) => {
		const { rows } = recordedReads.find((each) => each.case === name) ?? {};
		const actual = await rowsOf(name).catch((error: unknown) => error);
		expect(actual).not.toEqual(rows);
	});

	test('a list of the empty text alone finds it', async () => {
		const filter = { column: 'v', operator: 'in', value: [''] };
		expect(await idsWhere(filter)).toEqual([6]);
		expect(await idsWhere({ ...filter, negate: true })).not.toContain(6);
	});

	test('to be distinct from null is to have a value', async () => {
		const filter = { column: 'v', operator: 'isdistinct', value: null };
		expect(await idsWhere(filter)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 10]);
		expect(await idsWhere({ ...filter, negate: true })).toEqual([9]);
	});

	async function idsWhere(filter: Filter): Promise<unknown[]> {
		const options = { columns: 'id', filters: [filter], order: [{ column: 'id' }] };
		const { body } = await send<Array<{ id: number }>>(
			select({ schema: 'public', name: 'lab_vals' }, options),
		);
		return body.map(({ id }) => id);
	}

	test('are most of those that were recorded', () => {
		expect(comparable.length).toBeGreaterThan(found.length * 0.8);
	});
});

/** In place of the sample: roles and what auth needs are there already. */
async function loadRecordedSchema(databaseUrl: string): Promise<void> {
	const schema = readFileSync(join(__dirname, '../stack/fixtures/postgrest-schema.sql'), 'utf8')
		.split('\n')
		.filter(
			(line) => !/^(create role|alter role|create schema auth|create function auth)\b/.test(line),
		)
		.join('\n');
	const client = new Client(databaseUrl);
	await client.connect();
	try {
		await client.query(
			`drop schema public, myschema, hidden cascade; create schema public;
			grant usage on schema public to anon, authenticated, service_role; ${schema};
			update planets set discovered = '2024-01-02T03:04:05.678Z'`,
		);
	} finally {
		await client.end();
	}
}
