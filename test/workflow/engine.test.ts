import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { BINARY_IN_JSON_PROPERTY, type IBinaryData } from 'n8n-workflow';

import { listSearch, loadOptions, resourceMapping, testCredential } from './editor';
import { branches, chain, openEngine, type DrawnNode, type Engine } from './engine';
import { userFolder } from './environment';
import { calls } from './fixture/Probe.node';

const probeType = 'n8n-nodes-probe.probe';
const start: DrawnNode = { name: 'Start', type: 'test.start' };
const planets = [{ json: { id: 1 } }, { json: { id: 2 } }, { json: { id: 3 } }];

let engine: Engine;

beforeAll(async () => {
	engine = await openEngine({ folders: [join(__dirname, 'fixture')] });
});

afterAll(async () => {
	await engine.close();
});

function probe(parameters: DrawnNode['parameters'], rest: Partial<DrawnNode> = {}): DrawnNode {
	return { name: 'Probe', type: probeType, parameters, ...rest };
}

const noOp = (name: string): DrawnNode => ({ name, type: 'test.noOp' });

function json(items: Array<{ json: unknown }>): unknown[] {
	return items.map((item) => item.json);
}

describe('items', () => {
	test('expressions are evaluated for each item', async () => {
		const { outputOf, run } = await engine.runWorkflow({
			nodes: [start, probe({ value: '={{ $json.id }}' })],
			connections: chain('Start', 'Probe'),
			items: planets,
		});
		expect(json(outputOf('Probe'))).toEqual([{ value: 1 }, { value: 2 }, { value: 3 }]);
		expect(run.status).toBe('success');
	});

	test('a node further on reaches the item that another came from', async () => {
		const { outputOf } = await engine.runWorkflow({
			nodes: [
				start,
				probe({ value: 'constant' }),
				probe({ value: "={{ $('Start').item.json.id }}" }, { name: 'Later' }),
			],
			connections: chain('Start', 'Probe', 'Later'),
			items: planets,
		});
		expect(json(outputOf('Later'))).toEqual([{ value: 1 }, { value: 2 }, { value: 3 }]);
	});

	test('without items nothing runs', async () => {
		const { hasRun, run } = await engine.runWorkflow({
			nodes: [start, probe({})],
			connections: chain('Start', 'Probe'),
			items: [],
		});
		expect(hasRun('Probe')).toBe(false);
		expect(run.status).toBe('success');
	});

	test('hints are kept', async () => {
		const { hintsOf } = await engine.runWorkflow({
			nodes: [start, probe({ value: 'a' })],
			connections: chain('Start', 'Probe'),
		});
		expect(hintsOf('Probe')).toEqual([{ message: 'Echoed a', type: 'info' }]);
	});
});

describe('errors', () => {
	const failing = { value: '={{ $json.id }}', fail: '={{ $json.id === 2 }}' };

	test('a failing node ends the execution', async () => {
		const { error, executionErrorOf, hasRun } = await engine.runWorkflow({
			nodes: [start, probe(failing), noOp('After')],
			connections: chain('Start', 'Probe', 'After'),
			items: planets,
		});
		expect(error).toMatchObject({
			message: 'Item 2 failed',
			description: 'As it was told',
			httpCode: '409',
			context: { itemIndex: 1 },
		});
		expect(executionErrorOf('Probe')?.message).toBe('Item 2 failed');
		expect(hasRun('After')).toBe(false);
	});

	test('an unexpected error is told as well', async () => {
		const { error } = await engine.runWorkflow({
			nodes: [start, probe({ behaviour: 'throw' })],
			connections: chain('Start', 'Probe'),
		});
		expect(error?.message).toBe('Thrown');
	});

	test('on the regular output an item has its own error', async () => {
		const { error, outputOf } = await engine.runWorkflow({
			nodes: [start, probe(failing, { onError: 'continueRegularOutput' }), noOp('After')],
			connections: chain('Start', 'Probe', 'After'),
			items: planets,
		});
		expect(error).toBeUndefined();
		expect(json(outputOf('After'))).toEqual([
			{ value: 1 },
			{ error: 'Item 2 failed' },
			{ value: 3 },
		]);
	});

	test('with an error output the items part', async () => {
		const { outputOf } = await engine.runWorkflow({
			nodes: [
				start,
				probe(failing, { onError: 'continueErrorOutput' }),
				noOp('Good'),
				probe({ value: "={{ $('Start').item.json.id }}" }, { name: 'Bad' }),
			],
			connections: { ...chain('Start', 'Probe'), ...branches('Probe', 'Good', 'Bad') },
			items: planets,
		});
		expect(json(outputOf('Good'))).toEqual([{ value: 1 }, { value: 3 }]);
		expect(json(outputOf('Bad'))).toEqual([{ value: 2 }]);
		expect(outputOf('Probe', 1)).toMatchObject([
			{ json: { error: 'Item 2 failed' }, error: { description: 'As it was told' } },
		]);
	});

	test('a node is tried again as often as it is told', async () => {
		calls.count = 0;
		const { error } = await engine.runWorkflow({
			nodes: [
				start,
				probe({ fail: true }, { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 }),
			],
			connections: chain('Start', 'Probe'),
		});
		expect(error?.message).toBe('Item  failed');
		expect(calls.count).toBe(2);
	});
});

describe('cancellation', () => {
	test('stopping the execution reaches the node', async () => {
		const stop = new AbortController();
		setTimeout(() => stop.abort(), 50);
		const { hasRun, run } = await engine.runWorkflow({
			nodes: [
				start,
				probe({ behaviour: 'wait' }, { onError: 'continueRegularOutput' }),
				noOp('After'),
			],
			connections: chain('Start', 'Probe', 'After'),
			signal: stop.signal,
		});
		expect(run.status).toBe('canceled');
		expect(hasRun('After')).toBe(false);
	});
});

describe('credentials', () => {
	const credentials = { probeApi: { key: '={{ $json.id }}' } };

	test('have their defaults, and their expressions evaluated', async () => {
		const { outputOf } = await engine.runWorkflow({
			nodes: [start, probe({ behaviour: 'credential' })],
			connections: chain('Start', 'Probe'),
			credentials,
			items: planets.slice(1, 2),
		});
		expect(json(outputOf('Probe'))).toEqual([{ key: 2, region: 'everywhere' }]);
	});

	test('are missing where none is given', async () => {
		const { error } = await engine.runWorkflow({
			nodes: [start, probe({ behaviour: 'credential' })],
			connections: chain('Start', 'Probe'),
		});
		expect(error?.message).toBe('Node does not require credentials');
	});

	test('are tested by the function that the node names', async () => {
		const tested = (key: string) =>
			testCredential(engine.packs, 'probeApi', {
				type: probeType,
				credentials: { probeApi: { key } },
			});
		expect(await tested('right')).toEqual({ status: 'OK', message: 'Right in everywhere' });
		expect(await tested('wrong')).toEqual({ status: 'Error', message: 'Wrong key' });
	});
});

describe('files', () => {
	test('are kept in the store and read from it as a stream', async () => {
		const { outputOf } = await engine.runWorkflow({
			nodes: [
				start,
				probe({ behaviour: 'write', value: '=file {{ $json.id }}' }, { name: 'Write' }),
				probe({ behaviour: 'read', value: 'data' }, { name: 'Read' }),
			],
			connections: chain('Start', 'Write', 'Read'),
			items: planets.slice(0, 1),
		});
		expect(json(outputOf('Read'))).toEqual([{ content: 'file 1', stored: true }]);
		const file = outputOf('Write')[0]?.binary?.data as IBinaryData;
		expect(file).toMatchObject({ data: 'filesystem-v2', fileName: 'probe.txt' });
		expect((await engine.readBinary(file)).toString()).toBe('file 1');
		expect(await readdir(join(userFolder, '.n8n'))).toContain('storage');
	});

	test('stand in the json of an item in combined mode', async () => {
		const { outputOf } = await engine.runWorkflow({
			nodes: [
				start,
				probe({ behaviour: 'write', value: 'combined' }, { name: 'Write' }),
				probe({ behaviour: 'read', value: `${BINARY_IN_JSON_PROPERTY}.data` }, { name: 'Read' }),
			],
			connections: chain('Start', 'Write', 'Read'),
			binaryMode: 'combined',
		});
		expect(json(outputOf('Read'))).toEqual([{ content: 'combined', stored: true }]);
		expect(outputOf('Write')[0]?.json).toMatchObject({
			[BINARY_IN_JSON_PROPERTY]: { data: { fileName: 'probe.txt' } },
		});
	});
});

describe('the editor', () => {
	const node = {
		type: probeType,
		parameters: { value: 'typed' },
		credentials: { probeApi: { key: 'right' } },
	};

	test('load options see the credential and what is filled in', async () => {
		expect(await loadOptions(engine.packs, 'regions', node)).toEqual([
			{ name: 'everywhere', value: 'typed' },
		]);
	});

	test('a list is searched and paged', async () => {
		expect(
			await listSearch(engine.packs, 'names', node, { filter: 'p', paginationToken: '2' }),
		).toEqual({ results: [{ name: 'p', value: '2' }], paginationToken: 'next' });
	});

	test('a resource mapper gets its columns', async () => {
		const { fields } = await resourceMapping(engine.packs, 'columns', node);
		expect(fields.map(({ id }) => id)).toEqual(['typed']);
	});

	test('a method that is not there is named', async () => {
		await expect(loadOptions(engine.packs, 'nothing', node)).rejects.toThrow(
			'"n8n-nodes-probe.probe" has no loadOptions method "nothing"',
		);
	});
});

test("everything written lies in the engine's own folder, which closing removes", async () => {
	const before = existsSync(join(homedir(), '.n8n'));
	const second = await openEngine({ folders: [] });
	await second.runWorkflow({ nodes: [start], connections: {} });
	expect(existsSync(userFolder)).toBe(true);
	await second.close();
	expect(existsSync(userFolder)).toBe(false);
	expect(existsSync(join(homedir(), '.n8n'))).toBe(before);
});
