import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import type { INodeParameters } from 'n8n-workflow';

import {
	continueError,
	continueRegular,
	insert,
	named,
	openBench,
	select,
	startServer,
	where,
	type RunOptions,
} from './database-helpers';

const bench = openBench();

let table: string;
/** Asked at the start, as it is tried again for some seconds: the other tests run meanwhile. */
let unreachable: ReturnType<typeof bench.run>;

beforeAll(async () => {
	table = await bench.createTable('id int primary key, name text, size int');
	const listener = createServer();
	await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
	const { port } = listener.address() as AddressInfo;
	await new Promise((resolve) => listener.close(resolve));
	// The first run loads what it needs, which Jest allows only while it waits for a test or a hook.
	await bench.succeed(select(table));
	unreachable = bench.run(insert(table, {}, continueRegular), {
		credential: { url: `http://127.0.0.1:${port}` },
		items: [{ id: 1 }, { id: 2 }],
	});
});

/** What the person reads: message and description. */
async function said(
	node: ReturnType<typeof select>,
	options?: RunOptions,
): Promise<{ message?: string; description?: string | null }> {
	const { said: told, status } = await bench.run(node, options);
	expect(status).toBe('error');
	return told;
}

const containing = (text: string) => expect.stringContaining(text) as string;

describe('names that the database does not have', () => {
	test.each([
		['read', () => select('no_such_table')],
		['written', () => insert('no_such_table')],
	])('an unknown table is %s', async (_, node) => {
		const told = await said(node(), { items: [{ id: 1 }] });
		expect(told.message).toContain('no_such_table');
		expect(told.description).toContain('Check Table and Schema.');
		expect(told.description).toContain("NOTIFY pgrst, 'reload schema'");
	});

	test('a schema that is not exposed', async () => {
		const told = await said(select('treasure', { schema: named('hidden') }));
		expect(told).toEqual({
			message: 'The schema hidden is not exposed',
			description: containing(
				'Only the following schemas are exposed: public, myschema, pgmq_public.',
			),
		});
		expect(told.description).toContain('Exposed schemas');
	});

	test.each([
		['a filter', () => select(table, where(['colour', 'eq', 'red']))],
		['the columns', () => select(table, { columnsMode: 'list', columnList: ['colour'] })],
		[
			'the order',
			() =>
				select(table, {
					order: { by: [{ column: named('colour'), direction: 'asc', nulls: 'default' }] },
				}),
		],
	])('an unknown column in %s', async (_, node) => {
		const told = await said(node());
		expect(told.message).toContain('colour');
		expect(told.description).toContain("Check the column's name and case.");
	});

	test('an unknown column in a row', async () => {
		const told = await said(insert(table), { items: [{ id: 1, colour: 'red' }] });
		expect(told.message).toContain(`Table ${table} has no column "colour"`);
		expect(told.description).toContain('Check the name of the field, or leave it out of the item.');
		expect(await bench.count(table)).toBe(0);
	});
});

describe('what is told before anything is sent', () => {
	const filter = (operator: string, value: unknown, column = 'id'): INodeParameters => ({
		filters: {
			filter: [{ column: named(column), operator, value, values: value, truth: value } as never],
		},
	});

	test.each<[string, INodeParameters, string, string]>([
		[
			'an operator by an expression',
			filter('={{ "equals" }}', '1'),
			'"equals" is not a filter operator',
			'Use one of ',
		],
		[
			'a filter without a column',
			filter('eq', '1', '={{ "" }}'),
			'A filter has no column',
			'Choose its column',
		],
		[
			'a null to compare with',
			filter('eq', '={{ null }}'),
			'The filter on "id" compares with eq, but its value is null',
			'Use the operator "is" with null',
		],
		[
			'a list to compare with',
			filter('gt', '={{ [1, 2] }}'),
			'The filter on "id" compares with gt, but its value is a list',
			'Use the operator "in" for a list of values.',
		],
		[
			'a truth that there is not',
			filter('is', '={{ "maybe" }}'),
			'The filter on "id" tests with is, which does not take "maybe"',
			'not_null',
		],
		[
			'a list that is not JSON',
			filter('in', '[1, 2'),
			'The list of the filter on "id" is not valid JSON',
			'Write it like ["a", "b"]',
		],
		[
			'a limit that is no number',
			{ limit: '={{ "many" }}' },
			'Limit is not a whole number',
			'"many"',
		],
		['a limit below zero', { limit: '={{ -1 }}' }, 'Limit is not a whole number', '-1'],
		['an empty table', { table: named('={{ "" }}') }, 'Table is empty', 'Enter Table.'],
		['an empty schema', { schema: named('={{ "" }}') }, 'Schema is empty', 'Enter Schema.'],
		[
			'an empty select expression',
			{ columnsMode: 'expression', columnExpression: '' },
			'Select Expression is empty',
			'Enter Select Expression.',
		],
	])('select: %s', async (_, parameters, message, description) => {
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.run(select(table, parameters)),
		);
		expect(result.said.message).toContain(message);
		expect(result.said.description).toContain(description);
		expect(requests).toHaveLength(0);
	});

	const asJson = (rowJson: string): INodeParameters => ({ rowSource: 'json', rowJson });

	test.each<[string, INodeParameters, string]>([
		['an item with no columns', {}, 'The row has no columns'],
		['JSON with no columns', asJson('{}'), 'The row has no columns'],
		['a row that is a list', asJson('={{ [{ id: 1 }] }}'), 'Row is not an object'],
		['a row that is a number', asJson('={{ 1 }}'), 'Row is not an object'],
		['a row that is null', asJson('null'), 'Row is not an object'],
		['a row that is not JSON', asJson('{"id": '), 'Row is not an object'],
	])('insert: %s', async (_, parameters, message) => {
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.run(insert(table, parameters), { items: [{}] }),
		);
		expect(result.said.message).toBe(message);
		expect(result.said.description).toMatch(/^Give /);
		expect(requests).toHaveLength(0);
	});

	test('one bad item among many: nothing at all is sent', async () => {
		const items = [{ id: 1 }, { id: 2 }, {}, { id: 4 }];
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.run(insert(table, { options: { chunkRows: 1 } }), { items }),
		);
		expect(result.said.message).toBe('The row has no columns');
		expect(result.error).toMatchObject({ context: { itemIndex: 2 } });
		expect(requests).toHaveLength(0);
		expect(await bench.count(table)).toBe(0);
	});

	test('one bad read among many: nothing at all is sent', async () => {
		const node = select(table, where(['id', '={{ $json.operator }}', '1']));
		const { result, requests } = await bench.requestsDuring(table, () =>
			bench.run(node, { items: [{ operator: 'eq' }, { operator: 'equals' }] }),
		);
		expect(result.error).toMatchObject({ context: { itemIndex: 1 } });
		expect(requests).toHaveLength(0);
	});
});

describe('under continue on fail a bad item has its own error, and the others go on', () => {
	test('on the regular output', async () => {
		const mine = await bench.createTable('id int primary key');
		const { json } = await bench.run(insert(mine, {}, continueRegular), {
			items: [{ id: 1 }, {}, { id: 3 }],
		});
		expect(json).toEqual([
			{ id: 1 },
			{ error: 'The row has no columns', details: containing('Give at least one column') },
			{ id: 3 },
		]);
		expect(await bench.count(mine)).toBe(2);
	});

	test('on the error output', async () => {
		const { json, errors } = await bench.run(
			select(table, where(['id', '={{ $json.operator }}', '1']), continueError),
			{ items: [{ operator: 'eq' }, { operator: 'equals', tag: 'kept' }] },
		);
		expect(json).toEqual([]);
		expect(errors).toEqual([
			expect.objectContaining({ error: '"equals" is not a filter operator', tag: 'kept' }),
		]);
	});
});

test('zero items: the node does not run, and nothing is sent', async () => {
	const { result, requests } = await bench.requestsDuring(table, () =>
		bench.run(insert(table), { items: [] }),
	);
	expect(result.status).toBe('success');
	expect(result.hasRun('Database')).toBe(false);
	expect(requests).toHaveLength(0);
});

test('a value of the wrong type', async () => {
	const told = await said(insert(table), { items: [{ id: 'seven' }] });
	expect(told.message).toBe('"seven" is no integer (column id)');
	expect(told.description).toContain("Give a value in the form of the column's type: 42");
	const read = await said(select(table, where(['id', 'eq', 'seven'])));
	expect(read.message).toBe('"seven" is no integer (filter on id)');
});

describe('addresses', () => {
	test.each([
		['', 'The Project URL is empty', 'https://abcdefghijklmnopqrst.supabase.co'],
		['not an address', 'The Project URL is not an http or https address', ''],
		['ftp://example.com', 'The Project URL is not an http or https address', ''],
		[
			'abc.supabase.co',
			'The Project URL is not an http or https address',
			'Did you mean https://abc.supabase.co?',
		],
		[
			'https://supabase.com/dashboard/project/abcdefghijklmnopqrst',
			"The Project URL is the dashboard's address",
			'Use https://abcdefghijklmnopqrst.supabase.co',
		],
		[
			'postgresql://postgres@db.abc.supabase.co:5432/postgres',
			'The Project URL is a connection string of the database',
			'',
		],
	])('%p', async (url, message, description) => {
		const told = await said(select(table), { credential: { url } });
		expect(told.message).toBe(message);
		expect(told.description).toContain(description);
	});

	test.each([
		['a slash at its end', (url: string) => `${url}/`],
		['blanks around it', (url: string) => `  ${url}\n`],
		['the path of REST at its end', (url: string) => `${url}/rest/v1/`],
	])('%s is no matter', async (_, change) => {
		await bench.succeed(select(table), { credential: { url: change(bench.place.url) } });
	});

	test('nothing listens there', async () => {
		const { output, json } = await unreachable;
		expect(output).toHaveLength(2);
		for (const each of json) {
			expect(each.error).toBe('Nothing listens at that address');
			expect(each.details).toContain('Check the Project URL in the credential.');
		}
	});

	test.each([
		['HTML', 200, '<!doctype html><title>Welcome</title>', 'The answer is not JSON'],
		['404', 404, '<html><title>Not Found</title></html>', 'Nothing is at that address'],
	])('another web server answers %s', async (_, status, page, message) => {
		const server = await startServer((_request, response) => {
			response.writeHead(status, { 'content-type': 'text/html' });
			response.end(page);
		});
		const told = await said(select(table), { credential: { url: server.url } });
		await server.close();
		expect(told.message).toBe(message);
		expect(told.description).toContain('Check the Project URL in the credential.');
	});

	test('the server redirects', async () => {
		const seen: string[] = [];
		const other = await startServer((request, response) => {
			seen.push(request.url ?? '');
			response.end('[]');
		});
		const server = await startServer((request, response) => {
			response.writeHead(308, { location: other.url + request.url });
			response.end();
		});
		const told = await said(insert(table), {
			credential: { url: server.url },
			items: [{ id: 1 }],
		});
		await server.close();
		await other.close();
		expect(told.message).toBe(`The server redirects to ${other.url}`);
		expect(told.description).toContain('Enter the final address as Project URL.');
		expect(seen).toEqual([]);
	});

	test('what answers does not speak HTTP', async () => {
		const server = createServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n').resume());
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		const told = await said(insert(table), {
			credential: { url: `http://127.0.0.1:${port}` },
			items: [{ id: 1 }],
		});
		await new Promise((resolve) => server.close(resolve));
		expect(told.message).toBe('What answered does not speak HTTP');
		expect(told.description).toContain('Another program may listen at that port.');
	});
});
