import { randomBytes, randomUUID } from 'node:crypto';

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { createUser } from '../stack/users';
import { openBench } from './database-helpers';
import type { DrawnNode } from './engine';

const bench = openBench();

const node = (
	resource: string,
	operation: string,
	parameters: INodeParameters = {},
): DrawnNode => ({
	name: 'Auth Admin',
	type: 'n8n-nodes-supabase-suite.supabaseAuthAdmin',
	parameters: { resource, operation, ...parameters },
});

const many = async (resource: string, operation: string, parameters?: INodeParameters) =>
	(await bench.succeed(node(resource, operation, parameters))).json;

async function one(...asked: Parameters<typeof many>): Promise<IDataObject> {
	const [json = {}, ...others] = await many(...asked);
	expect(others).toEqual([]);
	return json;
}

const said = async (resource: string, operation: string, parameters?: INodeParameters) =>
	(await bench.run(node(resource, operation, parameters))).said;

const named = (name: string, value: unknown): INodeParameters => ({
	[name]: { __rl: true, mode: 'id', value: String(value) },
});

describe('SSO providers', () => {
	const company = randomBytes(4).toString('hex');
	const metadataXml = (entity: string) =>
		`<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.com/${entity}">` +
		'<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">' +
		'<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example.com/sso"/>' +
		'</md:IDPSSODescriptor></md:EntityDescriptor>';
	const make = async (entity: string, additionalFields: INodeParameters) =>
		await one('ssoProvider', 'create', {
			metadataFrom: 'xml',
			metadataXml: metadataXml(entity),
			additionalFields,
		});

	test('are made, found, changed and deleted, and people of their domains are sent to them', async () => {
		const domains = [`${company}.example.com`, `${company}.example.org`];
		const made = await make(company, {
			domains: domains.join(', '),
			attributeMapping: '{"keys": {"email": {"name": "mail"}}}',
			nameIdFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
			resourceId: `acme-${company}`,
		});
		expect(made).toMatchObject({
			resource_id: `acme-${company}`,
			domains: domains.map((domain) => ({ domain })),
			saml: {
				entity_id: `https://idp.example.com/${company}`,
				attribute_mapping: { keys: { email: { name: 'mail' } } },
			},
		});
		const provider = named('ssoProvider', made.id);
		expect(await one('ssoProvider', 'get', provider)).toEqual(made);
		const byPrefix = { options: { resourceIdPrefix: `acme-${company}` } };
		expect((await many('ssoProvider', 'getAll', byPrefix)).map(({ id }) => id)).toEqual([made.id]);

		const toSignOn = async () =>
			await fetch(`${bench.place.url}/auth/v1/sso`, {
				method: 'POST',
				headers: { apikey: bench.place.publishableKey },
				body: JSON.stringify({ domain: domains[0], skip_http_redirect: true }),
			});
		expect(((await (await toSignOn()).json()) as IDataObject).url).toMatch(
			/^https:\/\/idp\.example\.com\/sso\?SAMLRequest=/,
		);
		const updateFields = { disabled: true };
		expect(await one('ssoProvider', 'update', { ...provider, updateFields })).toMatchObject({
			id: made.id,
			disabled: true,
		});
		expect(((await (await toSignOn()).json()) as IDataObject).error_code).toBe(
			'sso_provider_disabled',
		);

		expect(await one('ssoProvider', 'delete', provider)).toEqual({ id: made.id, deleted: true });
		expect((await said('ssoProvider', 'get', provider)).message).toBe(
			'There is no such SSO provider',
		);
	});

	test('that are there already are a plain error, each in its words', async () => {
		const domain = `${randomBytes(4).toString('hex')}.example.com`;
		const entity = randomUUID();
		const { id } = await make(entity, { domains: domain });
		const again = (other: string) =>
			said('ssoProvider', 'create', {
				metadataFrom: 'xml',
				metadataXml: metadataXml(other),
				additionalFields: { domains: domain },
			});
		const messages = [(await again(entity)).message, (await again(randomUUID())).message];
		expect(new Set(messages).size).toBe(2);
		await one('ssoProvider', 'delete', named('ssoProvider', id));
	});
});

describe('custom providers', () => {
	test('are made, found, changed and deleted, and never show their secret', async () => {
		const identifier = `custom:a${randomBytes(4).toString('hex')}`;
		const made = await one('customProvider', 'create', {
			providerType: 'oauth2',
			identifier,
			providerName: 'Acme',
			clientId: 'cid',
			clientSecret: 'not to be shown',
			authorizationUrl: 'https://203.0.113.10/authorize',
			tokenUrl: 'https://203.0.113.10/token',
			userinfoUrl: 'https://203.0.113.10/userinfo',
			additionalFields: { scopes: 'email, profile', pkceEnabled: false },
		});
		expect(made).toMatchObject({
			identifier,
			name: 'Acme',
			scopes: ['email', 'profile'],
			pkce_enabled: false,
			enabled: true,
		});
		expect(JSON.stringify(made)).not.toContain('not to be shown');
		const provider = named('customProvider', identifier);
		expect(await one('customProvider', 'get', provider)).toEqual(made);
		const listed = await many('customProvider', 'getAll', { options: { type: 'oauth2' } });
		expect(listed.map((each) => each.identifier)).toContain(identifier);

		const authorize = async () =>
			await fetch(`${bench.place.url}/auth/v1/authorize?provider=${identifier}`, {
				redirect: 'manual',
			});
		expect((await authorize()).headers.get('location')).toMatch(
			/^https:\/\/203\.0\.113\.10\/authorize\?client_id=cid/,
		);
		const updateFields = { providerName: 'Acme 2', enabled: false };
		expect(await one('customProvider', 'update', { ...provider, updateFields })).toMatchObject({
			name: 'Acme 2',
			enabled: false,
		});
		expect((await authorize()).status).toBe(400);

		expect(await one('customProvider', 'delete', provider)).toEqual({ identifier, deleted: true });
		expect((await said('customProvider', 'get', provider)).message).toBe(
			'There is no such custom provider',
		);
	});

	test('at an address of this machine are refused by Auth', async () => {
		const { message, description } = await said('customProvider', 'create', {
			providerType: 'oauth2',
			identifier: `custom:a${randomBytes(4).toString('hex')}`,
			providerName: 'Acme',
			clientId: 'cid',
			clientSecret: 'shh',
			authorizationUrl: 'https://127.0.0.1/authorize',
			tokenUrl: 'https://203.0.113.10/token',
			userinfoUrl: 'https://203.0.113.10/userinfo',
		});
		expect(`${message} ${description}`).toContain('localhost or loopback');
		expect(`${message} ${description}`).not.toContain('shh');
	});
});

test('passkeys of a user are listed, and taken away', async () => {
	const { id } = await createUser();
	const user: INodeParameters = { user: { __rl: true, mode: 'id', value: id } };
	expect(await many('passkey', 'getAll', user)).toEqual([]);
	const passkeyId = randomUUID();
	await bench.sql(
		`insert into auth.webauthn_credentials (id, user_id, credential_id, public_key, friendly_name)
			values ($1, $2, '\\x01', '\\x02', 'Laptop')`,
		[passkeyId, id],
	);
	expect(await many('passkey', 'getAll', user)).toEqual([
		expect.objectContaining({ id: passkeyId, friendly_name: 'Laptop' }),
	]);
	await bench.succeed(node('passkey', 'delete', { ...user, passkeyId }));
	expect(await many('passkey', 'getAll', user)).toEqual([]);
});
