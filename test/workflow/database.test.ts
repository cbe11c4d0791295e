import type { INodeParameters } from 'n8n-workflow';

import { listSearch, loadOptions, resourceMapping, testCredential } from './editor';
import { branches, chain, openEngine, type DrawnNode, type Engine } from './engine';

const type = 'n8n-nodes-supabase-suite.supabaseDatabase';
const credentials = {
	supabaseProjectApi: {
		url: process.env.SUPABASE_URL ?? '',
		publishableKey: process.env.SUPABASE_PUBLISHABLE_KEY ?? '',
		secretKey: process.env.SUPABASE_SECRET_KEY ?? '',
	},
};
const start: DrawnNode = { name: 'Start', type: 'test.start' };
const named = (value: string) => ({ __rl: true, mode: 'name', value });
const ids = [900_001, 900_002, 900_003] as const;

let engine: Engine;

beforeAll(async () => {
	engine = await openEngine();
	await remove();
});

afterAll(async () => {
	await remove();
	await engine.close();
});

async function remove(): Promise<void> {
	const { url, secretKey } = credentials.supabaseProjectApi;
	await fetch(`${url}/rest/v1/countries?id=gte.${ids[0]}`, {
		method: 'DELETE',
		headers: { apikey: secretKey },
	});
}

function database(
	name: string,
	operation: 'insert' | 'select',
	parameters: INodeParameters = {},
	rest: Partial<DrawnNode> = {},
): DrawnNode {
	const shared = { resource: 'row', operation, table: named('countries') };
	const columns = { mappingMode: 'autoMapInputData', value: null };
	return { name, type, parameters: { ...shared, columns, ...parameters }, ...rest };
}

/** Reads the row that an item's `id` names. */
const byId: INodeParameters = {
	filters: { filter: [{ column: named('id'), operator: 'eq', value: '={{ $json.id }}' }] },
};

test('what is written is read by an expression, and pairs with its origin', async () => {
	const { error, outputOf } = await engine.runWorkflow({
		nodes: [
			start,
			database('Insert', 'insert'),
			database('Select', 'select', byId),
			database('Origin', 'insert', {
				rowSource: 'json',
				rowJson: "={{ { id: $('Start').item.json.id + 100, name: $json.name + ' again' } }}",
			}),
		],
		connections: chain('Start', 'Insert', 'Select', 'Origin'),
		credentials,
		items: ids.slice(0, 2).map((id) => ({ json: { id, name: `Country ${id}` } })),
	});
	expect(error).toBeUndefined();
	expect(outputOf('Select').map(({ json }) => json.name)).toEqual([
		'Country 900001',
		'Country 900002',
	]);
	expect(outputOf('Origin').map(({ json }) => [json.id, json.name])).toEqual([
		[900_101, 'Country 900001 again'],
		[900_102, 'Country 900002 again'],
	]);
});

test('a bad row leaves by the error output, the good ones are written', async () => {
	const items = [
		{ json: { id: 900_201, name: 'Good' } },
		{ json: { id: 'not a number', name: 'Bad' } },
		{ json: { id: 900_203, name: 'Good' } },
	];
	const { outputOf } = await engine.runWorkflow({
		nodes: [
			start,
			database('Insert', 'insert', {}, { onError: 'continueErrorOutput', retryOnFail: true }),
			{ name: 'Good', type: 'test.noOp' },
			{ name: 'Bad', type: 'test.noOp' },
		],
		connections: { ...chain('Start', 'Insert'), ...branches('Insert', 'Good', 'Bad') },
		credentials,
		items,
	});
	expect(outputOf('Good').map(({ json }) => json.id)).toEqual([900_201, 900_203]);
	expect(outputOf('Bad').map(({ json }) => json)).toEqual([
		{
			id: 'not a number',
			name: 'Bad',
			error: expect.stringContaining('not a number') as unknown,
			details: expect.any(String) as unknown,
			code: '22P02',
		},
	]);
});

test('an execution that was stopped before it began sends nothing', async () => {
	const stopped = AbortSignal.abort();
	const { hasRun, run } = await engine.runWorkflow({
		nodes: [start, database('Insert', 'insert')],
		connections: chain('Start', 'Insert'),
		credentials,
		items: [{ json: { id: ids[2], name: 'Never' } }],
		signal: stopped,
	});
	expect(run.status).toBe('canceled');
	expect(hasRun('Insert')).toBe(false);
});

describe('in the editor', () => {
	const node = { type, parameters: database('Open', 'insert').parameters, credentials };

	test('tables and columns are listed', async () => {
		const { results } = await listSearch(engine.packs, 'searchTables', node, { filter: 'countr' });
		expect(results.map(({ value }) => value)).toContain('countries');
		const columns = await loadOptions(engine.packs, 'getColumns', node);
		expect(columns.map(({ value }) => value)).toEqual(expect.arrayContaining(['id', 'name']));
		const { fields } = await resourceMapping(engine.packs, 'getColumnFields', node);
		expect(fields.map(({ id }) => id)).toEqual(expect.arrayContaining(['id', 'name']));
	});

	test('the credential is tested', async () => {
		expect(await testCredential(engine.packs, 'supabaseProjectApi', node)).toMatchObject({
			status: 'OK',
		});
		const wrong = { ...credentials.supabaseProjectApi, secretKey: 'sb_secret_wrong' };
		expect(
			await testCredential(engine.packs, 'supabaseProjectApi', {
				...node,
				credentials: { supabaseProjectApi: wrong },
			}),
		).toMatchObject({ status: 'Error' });
	});
});
