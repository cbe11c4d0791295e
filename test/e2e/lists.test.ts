import { openSession, picture, type Session } from './browser';
import { listOf } from './editor';
import { world } from './world';
import { chosen, openPrepared, typed, type PreparedNode } from './workflow';

interface Case extends PreparedNode {
	readonly title: string;
	readonly picture: string;
	/** The parameter whose list is opened. */
	readonly parameter: string;
	readonly holds: readonly string[];
}

const database = { schema: typed('public'), runAs: 'serviceRole', options: {} };
const storage = { bucket: chosen('avatars'), runAs: 'serviceRole', options: {} };

const cases: Case[] = [
	{
		title: 'schemas',
		picture: 'list-of-schemas',
		type: 'supabaseDatabase',
		parameters: {
			...database,
			resource: 'row',
			operation: 'select',
			schema: chosen('public'),
			table: chosen('planets'),
		},
		parameter: 'schema',
		holds: ['public', 'myschema'],
	},
	{
		title: 'functions',
		picture: 'list-of-functions',
		type: 'supabaseDatabase',
		parameters: { ...database, resource: 'function', operation: 'call', function: chosen('') },
		parameter: 'function',
		holds: ['add_one_each', 'echo', 'hello_world'],
	},
	{
		title: 'buckets',
		picture: 'list-of-buckets',
		type: 'supabaseStorage',
		parameters: { ...storage, resource: 'file', operation: 'delete', bucket: chosen('') },
		parameter: 'bucket',
		holds: ['avatars', 'private'],
	},
	{
		title: 'files',
		picture: 'list-of-files',
		type: 'supabaseStorage',
		parameters: { ...storage, resource: 'file', operation: 'download', path: chosen('') },
		parameter: 'path',
		holds: ['faces/ada.txt'],
	},
	{
		title: 'folders',
		picture: 'list-of-folders',
		type: 'supabaseStorage',
		parameters: { ...storage, resource: 'file', operation: 'getAll', folder: chosen('') },
		parameter: 'folder',
		holds: ['faces'],
	},
];

let session: Session;

beforeAll(async () => {
	session = await openSession();
	const { supabaseUrl, secretKey } = world();
	const stored = await fetch(`${supabaseUrl}/storage/v1/object/avatars/faces/ada.txt`, {
		method: 'POST',
		headers: { apikey: secretKey, 'x-upsert': 'true', 'content-type': 'text/plain' },
		body: 'Ada',
	});
	expect(stored.status).toBe(200);
});

afterAll(async () => await session?.close());

describe('the lists in the editor', () => {
	test.each(cases)('$title', async ({ title, picture: name, parameter, holds, ...node }) => {
		const { page } = session;
		await openPrepared(page, `List of ${title}`, node);
		await listOf(page.getByTestId(`resource-locator-${parameter}`));
		const items = page.getByTestId('rlc-item').filter({ visible: true });
		// Until the list has come, n8n shows what is chosen alone.
		for (const each of holds) await items.filter({ hasText: each }).first().waitFor();
		await picture(page, name);
		expect(await items.allInnerTexts()).toEqual(
			expect.arrayContaining(holds.map((each) => expect.stringContaining(each))),
		);
	});
});
