import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
} from 'n8n-workflow';

import { testProject } from '../../../src/n8n/credentialTest';
import { closedPort, closeServers, startServer, type Answer } from '../server';
import { tokens } from '../tokens';

afterEach(closeServers);

async function test(data: ICredentialDataDecryptedObject) {
	const credential: ICredentialsDecrypted = { id: '1', name: 'c', type: 't', data };
	return await testProject.call({} as ICredentialTestFunctions, credential);
}

const keys = { publishableKey: tokens.sb_publishable, secretKey: tokens.sb_secret };

const noTable: Answer = {
	status: 404,
	body: { code: 'PGRST205', message: "Could not find the table 'public.n8n_connection_test'" },
};

it('asks with each key that was given', async () => {
	const server = await startServer(() => noTable);
	await expect(test({ url: server.url, ...keys })).resolves.toEqual({
		status: 'OK',
		message: 'Connection successful',
	});
	expect(server.requests.map(({ headers }) => headers.apikey)).toEqual([
		tokens.sb_publishable,
		tokens.sb_secret,
	]);
	await test({ url: server.url, secretKey: tokens.sb_secret });
	expect(server.requests).toHaveLength(3);
});

it.each(['PGRST205', '42P01', '42501'])('takes %s for the proof', async (code) => {
	const server = await startServer(() => ({ status: 404, body: { code, message: 'm' } }));
	await expect(test({ url: server.url, ...keys })).resolves.toMatchObject({ status: 'OK' });
});

it.each([
	[tokens.sb_publishable, 'The Publishable Key was not accepted (Invalid API key)'],
	[tokens.sb_secret, 'The Secret Key was not accepted (Invalid API key)'],
])('tells which key is wrong: %s', async (wrong, message) => {
	const server = await startServer(({ headers }) =>
		headers.apikey === wrong ? { status: 401, body: { message: 'Invalid API key' } } : noTable,
	);
	const result = await test({ url: server.url, ...keys });
	expect(result.status).toBe('Error');
	expect(result.message).toContain(message);
	expect(result.message).toContain('Project Settings, API Keys');
	expect(result.message).not.toContain(wrong);
});

it.each<[string, Answer]>([
	['a page', { headers: { 'content-type': 'text/html' }, body: '<!doctype html><p>Hi' }],
	['404', { status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>Not Found' }],
	['another error', { status: 400, body: { message: 'What?' } }],
])('tells a server that is no project: %s', async (_what, answer) => {
	const server = await startServer(() => answer);
	const { status, message } = await test({ url: server.url, ...keys });
	expect(status).toBe('Error');
	expect(message).toMatch(/^A server answers at the Project URL, but no Supabase project/);
});

it('tells an address at which nothing answers', async () => {
	const { status, message } = await test({
		url: `http://127.0.0.1:${await closedPort()}`,
		...keys,
	});
	expect(status).toBe('Error');
	expect(message).toMatch(/^Nothing listens at that address\. Check the Project URL/);
});

it('tells a project whose database is away', async () => {
	const server = await startServer(() => ({
		status: 503,
		body: { code: 'PGRST002', message: 'Could not query the database for the schema cache' },
	}));
	const { status, message } = await test({ url: server.url, ...keys });
	expect(status).toBe('Error');
	expect(message).toMatch(/^Could not query the database/);
	expect(server.requests).toHaveLength(1);
});

it.each([
	[{ url: '', ...keys }, 'The Project URL is empty'],
	[{ url: 'https://example.com' }, 'The credential has no key'],
	[
		{ url: 'https://example.com', publishableKey: tokens.sb_secret },
		'What is in Publishable Key is a secret key',
	],
	[
		{ url: 'https://supabase.com/dashboard/project/abcdefghijklmnopqrst', ...keys },
		'Use https://abcdefghijklmnopqrst.supabase.co',
	],
])('sends nothing for %j', async (data, message) => {
	const result = await test(data);
	expect(result.status).toBe('Error');
	expect(result.message).toContain(message);
});
