import type {
	ICredentialDataDecryptedObject,
	ICredentialTestFunctions,
	IExecuteFunctions,
} from 'n8n-workflow';

import { SupabaseProjectApi } from '../../../credentials/SupabaseProjectApi.credentials';
import { SupabaseUserSession } from '../../../credentials/SupabaseUserSession.credentials';
import { sessionOf, sessionOfNode } from '../../../src/n8n/userSession';
import { testUserSession } from '../../../src/n8n/userSessionTest';
import { closeServers, startServer } from '../server';
import { thrownBy } from '../thrown';
import { tokens, userToken } from '../tokens';
import { aNode } from './node';

afterEach(closeServers);

const credential = {
	url: 'http://127.0.0.1:54321',
	publishableKey: tokens.sb_publishable,
	email: 'ada@example.com',
	password: 'a secret word',
};
const project = { url: credential.url, secretKey: tokens.sb_secret };

describe('the credential', () => {
	const { properties } = new SupabaseUserSession();

	it('masks the password, and asks for no secret key', () => {
		const password = properties.find(({ name }) => name === 'password');
		expect(password?.typeOptions?.password).toBe(true);
		expect(properties.map(({ name }) => name)).not.toContain('secretKey');
	});

	it('has the same options for servers of one’s own as that of the project', () => {
		const behind = (all: typeof properties) =>
			all.slice(all.findIndex(({ name }) => name === 'selfHosted'));
		expect(behind(properties)).toEqual(behind(new SupabaseProjectApi().properties));
		expect(behind(properties).length).toBeGreaterThan(3);
	});

	it.each([
		['email', '', 'The Supabase User Session credential has no E-Mail'],
		['email', '  ', 'The Supabase User Session credential has no E-Mail'],
		['email', null, 'The Supabase User Session credential has no E-Mail'],
		['password', '', 'The Supabase User Session credential has no Password'],
		['password', undefined, 'The Supabase User Session credential has no Password'],
		['password', 5, 'The Supabase User Session credential has no Password'],
		['url', '', 'The Project URL is empty'],
		['publishableKey', '', 'The credential has no key'],
		['publishableKey', tokens.sb_secret, /^What is in Publishable Key is a secret key/],
	])('with %s %j is refused', (field, value, message) => {
		const data = { ...credential, [field]: value } as ICredentialDataDecryptedObject;
		const { message: said } = thrownBy(() => sessionOf(data, project));
		expect(said).toMatch(message);
	});

	it('of another project than the node is refused, however its address is written', () => {
		const at = (url: string) => ({ ...credential, url });
		const same = sessionOf(credential, project);
		expect(sessionOf(at(`${credential.url}/`), project)).toBe(same);
		expect(sessionOf(at(`${credential.url}/rest/v1`), project)).toBe(same);
		expect(thrownBy(() => sessionOf(at('http://127.0.0.1:54322'), project)).message).toBe(
			"The user signs in to another project (http://127.0.0.1:54322) than the node's (http://127.0.0.1:54321)",
		);
	});

	it('that was not chosen in the node is asked for in plain words', async () => {
		const node = { getNode: () => aNode } as unknown as IExecuteFunctions;
		await expect(sessionOfNode(node, project)).rejects.toThrow(
			'No Supabase User Session credential is chosen',
		);
	});
});

describe('its test', () => {
	const test = async (data: ICredentialDataDecryptedObject) =>
		await testUserSession.call({} as ICredentialTestFunctions, {
			id: '1',
			name: 'c',
			type: 't',
			data,
		});

	it('signs in', async () => {
		const server = await startServer(() => ({
			body: { access_token: userToken, refresh_token: 'r', expires_in: 3600 },
		}));
		const data = { ...credential, url: server.url };
		await expect(test(data)).resolves.toEqual({ status: 'OK', message: 'The user signed in' });
		await test(data);
		expect(server.requests).toHaveLength(2);
	});

	it('says that the password is wrong', async () => {
		const server = await startServer(() => ({
			status: 400,
			body: { code: 'invalid_credentials', message: 'Invalid login credentials' },
		}));
		const result = await test({ ...credential, url: server.url });
		expect(result.status).toBe('Error');
		expect(result.message).toMatch(/password/i);
	});

	it('says what is missing', async () => {
		expect(await test({ ...credential, password: '' })).toEqual({
			status: 'Error',
			message:
				'The Supabase User Session credential has no Password. Enter it in the credential. If it comes from an expression, check what that gives.',
		});
	});
});
