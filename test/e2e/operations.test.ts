import { documentationPicture, openSession, picture, type Session } from './browser';
import { execute, outputOf } from './editor';
import { rowsOf, world } from './world';
import { chosen, mapped, openPrepared, typed, type PreparedNode } from './workflow';

interface Case extends PreparedNode {
	readonly title: string;
	readonly picture: string;
	/** The picture for the documentation, if it shows this. */
	readonly documentation?: string;
	/** What the output says. */
	readonly says: readonly string[];
	/** What is so afterwards, asked past the pack. */
	readonly then?: () => Promise<void>;
}

const BUCKET = 'reports';
const PATH = '2026/summary.txt';
const TEXT = 'Twelve orders, one of them late';

const invoked = (name: string) => ({
	resource: 'function',
	operation: 'invoke',
	function: name,
	options: {},
	runAs: 'serviceRole',
});

const row = { resource: 'row', schema: typed('public'), runAs: 'serviceRole', options: {} };
const file = { resource: 'file', bucket: chosen(BUCKET), runAs: 'serviceRole', options: {} };

const database: Case[] = [
	{
		title: 'updates the rows that meet a filter',
		picture: 'update-by-filters',
		type: 'supabaseDatabase',
		parameters: {
			...row,
			operation: 'update',
			table: chosen('teams'),
			matchBy: 'filters',
			match: 'all',
			filters: { filter: [{ column: chosen('team_name'), operator: 'eq', value: 'Blue' }] },
			rowSource: 'columns',
			changes: mapped({ team_name: 'Navy' }),
		},
		says: ['1 item', 'Navy'],
		then: async () =>
			expect(await rowsOf('teams?select=team_name&order=id')).toEqual([
				{ team_name: 'Green' },
				{ team_name: 'Navy' },
			]),
	},
	{
		title: 'updates one column of a table that has columns without a default',
		picture: 'update-one-column',
		type: 'supabaseDatabase',
		parameters: {
			...row,
			operation: 'update',
			table: chosen('cities'),
			matchBy: 'filters',
			match: 'all',
			filters: { filter: [{ column: chosen('name'), operator: 'eq', value: 'Bali' }] },
			rowSource: 'columns',
			changes: mapped({ country_id: 3 }),
		},
		says: ['1 item', 'Bali'],
		then: async () =>
			expect(await rowsOf('cities?select=country_id&name=eq.Bali')).toEqual([{ country_id: 3 }]),
	},
	{
		title: 'updates the row with the key of an item',
		picture: 'update-by-key',
		type: 'supabaseDatabase',
		item: { id: 2, name: 'Frodo Baggins' },
		parameters: {
			...row,
			operation: 'update',
			table: chosen('characters'),
			matchBy: 'key',
			keyColumns: ['id'],
			rowSource: 'columns',
			changes: { mappingMode: 'autoMapInputData', value: null },
		},
		says: ['1 item', 'Frodo Baggins'],
		then: async () =>
			expect(await rowsOf('characters?select=name&id=eq.2')).toEqual([{ name: 'Frodo Baggins' }]),
	},
	{
		title: 'creates or updates a row by two columns',
		picture: 'upsert',
		type: 'supabaseDatabase',
		item: { warehouse: 'north', sku: 'bolt', quantity: 4711 },
		parameters: {
			...row,
			operation: 'upsert',
			table: chosen('stock'),
			rowSource: 'columns',
			columns: { mappingMode: 'autoMapInputData', value: null },
			keyColumns: ['warehouse', 'sku'],
			resolution: 'merge-duplicates',
		},
		says: ['1 item', '4711'],
		then: async () =>
			expect(await rowsOf('stock?select=quantity&warehouse=eq.north&sku=eq.bolt')).toEqual([
				{ quantity: 4711 },
			]),
	},
	{
		title: 'deletes the row with the key of an item',
		picture: 'delete-by-key',
		type: 'supabaseDatabase',
		item: { warehouse: 'south', sku: 'bolt' },
		parameters: {
			...row,
			operation: 'delete',
			table: chosen('stock'),
			matchBy: 'key',
			keyColumns: ['warehouse', 'sku'],
		},
		says: ['1 item', 'south'],
		then: async () => expect(await rowsOf('stock?warehouse=eq.south')).toEqual([]),
	},
	{
		title: 'calls a function with a list',
		picture: 'function-call',
		type: 'supabaseDatabase',
		parameters: {
			...row,
			resource: 'function',
			operation: 'call',
			function: chosen('add_one_each'),
			argumentsFrom: 'fields',
			arguments: mapped({ arr: '[1, 2, 40]' }),
		},
		says: ['1 item', 'result', '41'],
	},
	{
		title: 'counts the rows that meet a filter',
		picture: 'select-count',
		type: 'supabaseDatabase',
		parameters: {
			...row,
			operation: 'select',
			table: chosen('numbers'),
			filters: { filter: [{ column: chosen('parity'), operator: 'eq', value: 'even' }] },
			return: 'count',
		},
		says: ['1 item', 'count', '1250'],
	},
	{
		title: 'says that there is no such column, and which there are',
		picture: 'error-unknown-column',
		type: 'supabaseDatabase',
		item: { mail: 'grace@example.com' },
		parameters: {
			...row,
			operation: 'insert',
			table: chosen('contacts'),
			rowSource: 'columns',
			columns: { mappingMode: 'autoMapInputData', value: null },
		},
		says: ['Table contacts has no column "mail". It has id, email, name'],
	},
	{
		title: 'tells the tables of a schema',
		picture: 'schema-get',
		type: 'supabaseDatabase',
		parameters: {
			resource: 'schema',
			operation: 'get',
			schema: chosen('public'),
			options: { names: 'cities' },
			runAs: 'serviceRole',
		},
		says: ['1 item', 'cities', 'country_id'],
	},
];

const functions: Case[] = [
	{
		title: 'sends JSON',
		picture: 'function-json',
		documentation: 'functions-node',
		type: 'supabaseFunctions',
		item: { name: 'Ada' },
		parameters: {
			...invoked('orders'),
			path: 'spring',
			json: '={{ { article: "bolt", customer: $json.name } }}',
		},
		says: ['1 item', 'number', 'bolt', 'Ada'],
	},
	{
		title: 'sends a form with parts',
		picture: 'function-multipart',
		type: 'supabaseFunctions',
		parameters: {
			...invoked('echo'),
			body: 'multipart',
			parts: { text: [{ name: 'note', value: 'Three of them are late' }] },
		},
		says: ['1 item', 'multipart/form-data', 'Three of them are late'],
	},
	{
		title: 'reads server-sent events',
		picture: 'function-events',
		type: 'supabaseFunctions',
		parameters: {
			...invoked('events'),
			query: { parameter: [{ name: 'count', value: '3' }] },
			body: 'none',
			response: 'events',
		},
		says: ['3 items', 'tick'],
	},
];

const storage: Case[] = [
	{
		title: 'creates a bucket',
		picture: 'bucket-create',
		type: 'supabaseStorage',
		parameters: {
			resource: 'bucket',
			operation: 'create',
			bucketName: BUCKET,
			options: { fileSizeLimit: '20MB' },
			runAs: 'serviceRole',
		},
		says: ['1 item', BUCKET],
		then: async () => expect((await stored(`bucket/${BUCKET}`)).status).toBe(200),
	},
	{
		title: 'uploads a text',
		picture: 'file-upload',
		documentation: 'storage-node',
		type: 'supabaseStorage',
		parameters: {
			...file,
			operation: 'upload',
			path: typed(PATH, 'path'),
			contentFrom: 'text',
			text: TEXT,
		},
		says: ['1 item', PATH],
		then: async () => expect(await (await stored(`object/${BUCKET}/${PATH}`)).text()).toBe(TEXT),
	},
	{
		title: 'lists a folder',
		picture: 'file-get-many',
		type: 'supabaseStorage',
		parameters: { ...file, operation: 'getAll', folder: chosen('2026'), returnAll: true },
		says: ['1 item', 'summary.txt'],
	},
	{
		title: 'makes a URL that is good for some time',
		picture: 'file-signed-url',
		type: 'supabaseStorage',
		parameters: { ...file, operation: 'createSignedUrl', path: chosen(PATH), expiresIn: 600 },
		says: ['1 item', 'signedUrl', 'token='],
	},
	{
		title: 'deletes a file',
		picture: 'file-delete',
		type: 'supabaseStorage',
		parameters: { ...file, operation: 'delete', paths: PATH },
		says: ['1 item', PATH, 'true'],
		then: async () => expect((await stored(`object/${BUCKET}/${PATH}`)).ok).toBe(false),
	},
	{
		title: 'says that a bucket is not there',
		picture: 'error-unknown-bucket',
		type: 'supabaseStorage',
		parameters: {
			...file,
			operation: 'upload',
			bucket: typed('reportz'),
			path: typed(PATH, 'path'),
			contentFrom: 'text',
			text: TEXT,
		},
		says: ['Bucket "reportz" not found', 'Check the bucket'],
	},
];

let session: Session;

beforeAll(async () => {
	session = await openSession();
	// High, for a picture of a whole form.
	await session.page.setViewportSize({ width: 1440, height: 1600 });
});

afterAll(async () => await session?.close());

describe('the operations of the Database node in the editor', () => {
	test.each(database)('$title', async (each) => await perform(each));
});

describe('the operations of the Functions node in the editor', () => {
	test.each(functions)('$title', async (each) => await perform(each));
});

// In this order: each goes on from the one before.
describe('the operations of the Storage node in the editor', () => {
	test.each(storage)('$title', async (each) => await perform(each));
});

async function perform(each: Case): Promise<void> {
	const { title, picture: name, documentation, says, then, ...node } = each;
	const { page } = session;
	await openPrepared(page, title, node);
	await execute(page);
	await picture(page, name);
	if (documentation) await documentationPicture(page, documentation);

	const output = await outputOf(page);
	for (const text of says) expect(output).toContain(text);
	await then?.();
}

/** Asks Storage past the pack. */
async function stored(path: string): Promise<Response> {
	const { supabaseUrl, secretKey } = world();
	return await fetch(`${supabaseUrl}/storage/v1/${path}`, { headers: { apikey: secretKey } });
}
