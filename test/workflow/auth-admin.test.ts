import { randomUUID } from 'node:crypto';

import { createClient } from '@supabase/supabase-js';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import WebSocket from 'ws';

import { createUser, signIn, type SignedInUser } from '../stack/users';
import {
	continueRegular,
	legacyKeys,
	openBench,
	origins,
	range,
	type RunOptions,
} from './database-helpers';
import type { DrawnNode } from './engine';

const bench = openBench();

function node(
	resource: string,
	operation: string,
	parameters: INodeParameters = {},
	rest: Partial<DrawnNode> = {},
): DrawnNode {
	return {
		name: 'Auth Admin',
		type: 'n8n-nodes-supabase-suite.supabaseAuthAdmin',
		parameters: { resource, operation, ...parameters },
		...rest,
	};
}

const by = (mode: 'id' | 'email' | 'list', value: string): INodeParameters => ({
	user: { __rl: true, mode, value },
});
const byId = (value: string) => by('id', value);
const byEmail = (value: string) => by('email', value);

const address = () => `admin-${randomUUID()}@example.com`;
const password = () => `Pw-${randomUUID()}`;

async function succeed(
	resource: string,
	operation: string,
	parameters: INodeParameters = {},
	options: RunOptions = {},
): Promise<IDataObject[]> {
	return (await bench.succeed(node(resource, operation, parameters), options)).json;
}

async function one(...asked: Parameters<typeof succeed>): Promise<IDataObject> {
	const [json] = await succeed(...asked);
	return json ?? {};
}

/** What reached Auth while something was done. */
async function requestsDuring<T>(act: () => Promise<T>) {
	const before = (await bench.control.requests()).at(-1)?.number ?? 0;
	const result = await act();
	const requests = (await bench.control.requests())
		.filter(({ number }) => number > before)
		.filter(({ path }) => path.startsWith('/auth/v1'));
	return { result, requests };
}

const inDatabase = async (id: unknown) =>
	(await bench.sql('select * from auth.users where id = $1', [id]))[0];

const client = () =>
	createClient(bench.place.url, bench.place.publishableKey, {
		auth: { persistSession: false, autoRefreshToken: false },
		realtime: { transport: WebSocket as never },
	});

describe('a user', () => {
	test('is created, and signs in', async () => {
		const login = { email: address(), password: password() };
		const user = await one('user', 'create', {
			...login,
			emailConfirm: true,
			additionalFields: {
				userMetadata: '{"name": "Ann"}',
				appMetadata: '={{ { plan: "pro" } }}',
				phone: `+1 555 ${String(Date.now()).slice(-7)}`,
			},
		});
		expect(user).toMatchObject({
			email: login.email,
			user_metadata: { name: 'Ann' },
			app_metadata: { plan: 'pro' },
		});
		expect((await signIn(login)).id).toBe(user.id);
	});

	test('is found by address in whatever case, and by ID', async () => {
		const { id, email } = await createUser();
		for (const named of [byId(id), byEmail(email.toUpperCase()), by('list', id.toUpperCase())]) {
			const found = await one('user', 'get', named);
			expect(found).toMatchObject({ id, email });
			// Lists leave identities out.
			expect(found.identities).toHaveLength(1);
		}
	});

	test('is found among others whose address holds the same text', async () => {
		const email = address();
		const others = [`a.${email}`, `${email}.org`, email.replace('-', '_')];
		for (const each of others) await one('user', 'create', { email: each });
		const { id } = await one('user', 'create', { email });
		expect(await one('user', 'get', byEmail(email))).toMatchObject({ id });
	});

	test('whose address two have is not guessed', async () => {
		const { id, email } = await createUser();
		const other = await createUser();
		await bench.sql('update auth.users set email = $1, is_sso_user = true where id = $2', [
			email,
			other.id,
		]);
		const { said } = await bench.run(node('user', 'delete', byEmail(email)));
		expect(said.message).toBe(`2 users have the address ${email}`);
		expect(said.description).toContain(id);
		expect(await inDatabase(id)).toBeDefined();
	});

	test('that is not there is a plain error', async () => {
		const email = address();
		expect((await bench.run(node('user', 'get', byEmail(email)))).said.message).toBe(
			`There is no user with the address ${email}`,
		);
		const id = randomUUID();
		const { said } = await bench.run(node('user', 'get', byId(id)));
		expect(said.message).toBe(`There is no user ${id}`);
		expect(said.description).toMatch(/^They may be deleted.*Code user_not_found, HTTP status 404/);
	});

	test('is changed, by address, and the change is there', async () => {
		const { id, email, password: old } = await createUser();
		const changed = { email: address(), password: password() };
		const user = await one('user', 'update', {
			...byEmail(email),
			updateFields: { ...changed, userMetadata: '{"a": 1}', appMetadata: '{"b": null}' },
		});
		expect(user).toMatchObject({ id, email: changed.email });
		expect((await signIn(changed)).id).toBe(id);
		await expect(signIn({ email: changed.email, password: old })).rejects.toThrow();
	});

	test('is banned, and let in again', async () => {
		const user = await createUser();
		await one('user', 'update', { ...byId(user.id), updateFields: { banDuration: '2d' } });
		await expect(signIn(user)).rejects.toThrow('User is banned');
		const until = (await inDatabase(user.id))?.banned_until as Date;
		expect(Math.round((until.getTime() - Date.now()) / 3600_000)).toBe(48);
		await one('user', 'update', { ...byId(user.id), updateFields: { banDuration: 'none' } });
		expect((await signIn(user)).id).toBe(user.id);
	});

	test('is deleted for good', async () => {
		const { id } = await createUser();
		expect(await one('user', 'delete', byId(id))).toEqual({ id, deleted: true, soft: false });
		expect(await inDatabase(id)).toBeUndefined();
	});

	test('is deleted with a tombstone, and the address is free again', async () => {
		const { id, email } = await createUser();
		expect(await one('user', 'delete', { ...byEmail(email), softDelete: true })).toEqual({
			id,
			deleted: true,
			soft: true,
		});
		expect((await inDatabase(id))?.deleted_at).toBeInstanceOf(Date);
		expect(await one('user', 'create', { email })).toMatchObject({ email });
	});

	test('that is not there may count as deleted', async () => {
		const id = randomUUID();
		const options = { ignoreMissing: true };
		expect(await one('user', 'delete', { ...byId(id), options })).toEqual({ id, deleted: false });
		const email = address();
		expect(await one('user', 'delete', { ...byEmail(email), options })).toEqual({
			email,
			deleted: false,
		});
		const { said } = await bench.run(node('user', 'delete', byId(id)));
		expect(said.message).toBe(`There is no user ${id}`);
	});

	test('is signed out by their token', async () => {
		const user = await createUser();
		const out = { accessToken: user.accessToken, scope: 'global' };
		expect(await one('user', 'signOut', out)).toMatchObject({ success: true });
		const { error } = await client().auth.getUser(user.accessToken);
		expect(error).not.toBeNull();
		expect(await one('user', 'signOut', out)).toEqual({ success: true, alreadySignedOut: true });
	});
});

describe('an invitation', () => {
	test('is mailed, and accepted by its code', async () => {
		const email = address();
		const { id } = await one('user', 'invite', {
			email,
			options: { userMetadata: '{"team": "x"}' },
		});
		const mail = (await bench.control.mails()).find(({ to }) => to === email);
		const { data, error } = await client().auth.verifyOtp({
			email,
			token: mail?.code ?? '',
			type: 'invite',
		});
		expect(error).toBeNull();
		expect(data.user).toMatchObject({ id, user_metadata: { team: 'x' } });
	});

	test('of somebody who is registered is refused in plain words', async () => {
		const { email } = await createUser();
		const { said } = await bench.run(node('user', 'invite', { email }));
		expect(said.message).toBe(`${email} is registered already`);
	});
});

describe('a link', () => {
	const linkOf = async (linkType: string, more: INodeParameters) =>
		await one('user', 'generateLink', { linkType, ...more });
	const verify = async (hash: unknown, type: unknown) =>
		await client().auth.verifyOtp({ token_hash: String(hash), type: type as 'email' });

	test.each(['magiclink', 'recovery'])('of type %s opens a session', async (type) => {
		const { id, email } = await createUser();
		const made = await linkOf(type, { email });
		expect(made).toMatchObject({ type, verificationType: type, user: { id, email } });
		expect(made.code).toMatch(/^\d{6}$/);
		const { data, error } = await verify(made.hashedToken, made.verificationType);
		expect(error).toBeNull();
		expect(data.user?.id).toBe(id);
	});

	test('leads where it says', async () => {
		const { email } = await createUser();
		const { link } = await linkOf('magiclink', { email });
		const answer = await fetch(link as string, { redirect: 'manual' });
		expect(answer.headers.get('location')).toContain('#access_token=');
	});

	test('for sign-up makes the user with the password', async () => {
		const login = { email: address(), password: password() };
		const { hashedToken, verificationType } = await linkOf('signup', login);
		await verify(hashedToken, verificationType);
		expect((await signIn(login)).email).toBe(login.email);
	});

	test('a magic link for an address without a user says that it is a sign-up', async () => {
		const { json, hints } = await bench.succeed(
			node('user', 'generateLink', { linkType: 'magiclink', email: address() }),
		);
		expect(json[0]).toMatchObject({ type: 'magiclink', verificationType: 'signup' });
		expect(hints.join()).toContain('no user yet');
	});

	test('to a place that the project does not allow says where it leads instead', async () => {
		const { email } = await createUser();
		const { hints } = await bench.succeed(
			node('user', 'generateLink', {
				linkType: 'magiclink',
				email,
				options: { redirectTo: 'https://evil.example.net/' },
			}),
		);
		expect(hints.join()).toContain('Redirect To was not taken');
	});

	test('for a new address works by its hash', async () => {
		const { id, email } = await createUser();
		const newEmail = address();
		const made = await linkOf('email_change_new', { email, newEmail });
		expect(made.verificationType).toBe('email_change');
		const { error } = await verify(made.hashedToken, made.verificationType);
		expect(error).toBeNull();
		expect((await inDatabase(id))?.email).toBe(newEmail);
	});
});

describe('many users', () => {
	let ids: unknown[];
	const mark = `many-${randomUUID()}`;

	beforeAll(async () => {
		const made = await succeed(
			'user',
			'create',
			{ email: `={{ $json.n }}-${mark}@example.com` },
			{ items: range(23).map((n) => ({ n })) },
		);
		ids = made.map(({ id }) => id);
	});

	test('are made side by side, each for its item', async () => {
		const emails = await bench.sql(
			`select email from auth.users where id = any($1) order by array_position($1, id)`,
			[ids],
		);
		expect(emails.map(({ email }) => email)).toEqual(
			range(23).map((n) => `${n}-${mark}@example.com`),
		);
	});

	test('are listed to the last page, newest or oldest first', async () => {
		const all = await succeed('user', 'getAll', {
			returnAll: true,
			options: { filter: mark.toUpperCase() },
		});
		expect(all.map(({ id }) => id).sort()).toEqual([...ids].sort());
		const count = await bench.sql('select count(*)::int as n from auth.users');
		expect(await succeed('user', 'getAll', { returnAll: true })).toHaveLength(
			count[0]?.n as number,
		);
	});

	test('are limited, and paged', async () => {
		const filter = mark;
		const first = await succeed('user', 'getAll', { limit: 5, options: { filter } });
		const fifth = await succeed('user', 'getAll', { limit: 5, options: { filter, page: 5 } });
		expect([first.length, fifth.length]).toEqual([5, 3]);
		expect(await succeed('user', 'getAll', { limit: 5, options: { filter, page: 6 } })).toEqual([]);
		const oldest = await succeed('user', 'getAll', {
			limit: 1,
			options: { filter, sortOrder: 'asc' },
		});
		expect(fifth.at(-1)).toEqual(oldest[0]);
	});

	test('have an outcome each', async () => {
		const { json, output } = await bench.run(
			node('user', 'invite', { email: '={{ $json.email }}' }, continueRegular),
			{
				items: [address(), `0-${mark}@example.com`, 'nonsense', address(), ''].map((email) => ({
					email,
				})),
			},
		);
		expect(origins(output)).toEqual([0, 1, 2, 3, 4]);
		expect(json.map(({ email, error }) => error ?? (email && 'sent'))).toEqual([
			'sent',
			'sent',
			'E-Mail is not an e-mail address',
			'sent',
			'E-Mail is empty',
		]);
	});

	test('of which one is meant twice keep their order', async () => {
		const { id, email } = await createUser();
		const steps = range(12).map((n) => ({ n, user: n % 2 ? id : email.toUpperCase() }));
		const json = await succeed(
			'user',
			'update',
			{
				user: '={{ $json.user }}',
				updateFields: { userMetadata: '={{ { n: $json.n } }}' },
			},
			{ items: steps },
		);
		expect(json.map(({ user_metadata: data }) => (data as IDataObject).n)).toEqual(range(12));
		expect((await inDatabase(id))?.raw_user_meta_data).toMatchObject({ n: 11 });
	});
});

describe('a thousand items', () => {
	test('of which one is bad: one error, and never more at once than is said', async () => {
		const { id } = await createUser();
		const bad = 421;
		const { result, requests } = await requestsDuring(
			async () =>
				await bench.run(
					node(
						'user',
						'update',
						{
							user: '={{ $json.user }}',
							updateFields: { userMetadata: '={{ { n: $json.n } }}' },
							options: { itemsAtOnce: 3 },
						},
						continueRegular,
					),
					{ items: range(1000).map((n) => ({ n, user: n === bad ? 'nobody' : id })) },
				),
		);
		expect(requests).toHaveLength(999);
		expect(origins(result.output)).toEqual(range(1000));
		expect(result.json.flatMap(({ error }, n) => (error ? [n] : []))).toEqual([bad]);
		expect((await inDatabase(id))?.raw_user_meta_data).toMatchObject({ n: 999 });
	});
});

describe('second factors', () => {
	let user: SignedInUser;
	let factorId: string;

	beforeEach(async () => {
		user = await createUser();
		const { auth } = client();
		await auth.setSession({ access_token: user.accessToken, refresh_token: user.refreshToken });
		const { data } = await auth.mfa.enroll({ factorType: 'totp', friendlyName: 'Phone' });
		factorId = data?.id ?? '';
	});

	test('are listed and taken away', async () => {
		const [factor] = await succeed('factor', 'getAll', byEmail(user.email));
		expect(factor).toMatchObject({ id: factorId, friendly_name: 'Phone', factor_type: 'totp' });
		expect(await one('factor', 'delete', { ...byId(user.id), factorId })).toMatchObject({
			id: factorId,
			userId: user.id,
			deleted: true,
		});
		expect(await succeed('factor', 'getAll', byId(user.id))).toEqual([]);
	});

	test('that are not there are a plain error', async () => {
		const { said } = await bench.run(
			node('factor', 'delete', { ...byId(user.id), factorId: randomUUID() }),
		);
		expect(said.message).toBe('The user has no such factor');
	});
});

describe('the rest that Auth keeps', () => {
	const at = (name: string, value: unknown): INodeParameters => ({
		[name]: { __rl: true, mode: 'id', value: String(value) },
	});

	test('OAuth clients', async () => {
		const made = await one('oauthClient', 'create', {
			clientName: 'My App',
			redirectUris: 'https://app.example.com/cb',
		});
		expect(made.client_secret).toEqual(expect.any(String));
		const named = at('oauthClient', made.client_id);
		expect(await one('oauthClient', 'get', named)).toMatchObject({ client_name: 'My App' });
		const updateFields = { clientName: 'Their App' };
		expect(await one('oauthClient', 'update', { ...named, updateFields })).toMatchObject({
			client_name: 'Their App',
		});
		const renewed = await one('oauthClient', 'regenerateSecret', named);
		expect(renewed.client_secret).not.toBe(made.client_secret);
		const listed = await succeed('oauthClient', 'getAll');
		expect(listed.map(({ client_id: id }) => id)).toContain(made.client_id);
		expect(await one('oauthClient', 'delete', named)).toEqual({
			client_id: made.client_id,
			deleted: true,
		});
		const { said } = await bench.run(node('oauthClient', 'get', named));
		expect(said.message).toBe('There is no such OAuth client');
	});

	test('the audit log', async () => {
		const { email } = await createUser();
		const found = await succeed('auditLog', 'getAll', { options: { author: email } });
		expect(found.length).toBeGreaterThan(0);
		for (const { payload } of found) expect(payload).toMatchObject({ actor_username: email });
		expect(await succeed('auditLog', 'getAll', { limit: 2 })).toHaveLength(2);
		const { said } = await bench.run(
			node('auditLog', 'getAll', { options: { author: 'a', action: 'login' } }),
		);
		expect(said.message).toBe('The audit log is searched by Action or by Author, not by both');
	});
});

describe('nothing is sent', () => {
	const NAMES_NO_USER = /^User is (empty|not (a text|an e-mail address|an ID))/;
	const nothing = [undefined, null, '', '  ', [], {}];

	test.each(nothing)('where the user to delete is %j', async (who) => {
		for (const user of [
			'={{ $json.who }}',
			{ __rl: true, mode: 'id', value: '={{ $json.who }}' },
			{ __rl: true, mode: 'email', value: '={{ $json.who }}' },
			{ __rl: true, mode: 'list', value: '={{ $json.who }}' },
		]) {
			const { result, requests } = await requestsDuring(
				async () =>
					await bench.run(node('user', 'delete', { user: user as INodeParameters }), {
						items: [{ who } as IDataObject],
					}),
			);
			expect(result.error?.message).toMatch(NAMES_NO_USER);
			expect(requests).toEqual([]);
		}
	});

	test.each(['all', '*', '%', '../users', 'users', '00000000', '@', 'a b@example.com', 'null'])(
		'where it is %j',
		async (value) => {
			for (const mode of ['id', 'email'] as const) {
				const { result, requests } = await requestsDuring(
					async () => await bench.run(node('user', 'delete', by(mode, value))),
				);
				expect(result.error?.message).toMatch(NAMES_NO_USER);
				expect(requests).toEqual([]);
			}
		},
	);

	test.each([
		['soft delete is nothing', 'delete', { softDelete: '={{ $json.nothing }}' }, /Soft Delete/],
		[
			'ignore missing is nothing',
			'delete',
			{ options: { ignoreMissing: '={{ $json.nothing }}' } },
			/Ignore Missing/,
		],
		['there is nothing to change', 'update', {}, /^There is nothing to change$/],
		[
			'a new address is nothing',
			'update',
			{ updateFields: { email: '={{ $json.nothing }}' } },
			/^E-Mail is empty$/,
		],
		[
			'a ban is nothing',
			'update',
			{ updateFields: { banDuration: '={{ $json.nothing }}' } },
			/^Ban Duration is empty$/,
		],
		[
			'metadata are nothing',
			'update',
			{ updateFields: { appMetadata: '={{ $json.nothing }}' } },
			/^App Metadata is not a JSON object$/,
		],
		['a ban is in days and nonsense', 'update', { updateFields: { banDuration: '1x' } }, /^Ban/],
	])('where %s', async (_, operation, parameters, message) => {
		const { result, requests } = await requestsDuring(
			async () =>
				await bench.run(
					node('user', operation, { ...byId(randomUUID()), ...parameters } as INodeParameters),
				),
		);
		expect(result.said.message).toMatch(message);
		expect(requests).toEqual([]);
	});

	test.each([
		[{ email: '' }, 'A user needs an e-mail address or a phone number'],
		[{ email: '={{ $json.nothing }}' }, 'E-Mail is empty'],
		[{ email: 'a@b.co', password: '={{ $json.nothing }}' }, 'Password is empty'],
		[{ email: 'a@b.co', password: 'x'.repeat(73) }, 'The password is longer than 72 bytes'],
		[{ email: 'a@b.co', emailConfirm: '={{ $json.nothing }}' }, /^Confirm E-Mail is not true/],
		[{ email: 'a@b.co', additionalFields: { id: 'abc' } }, 'User ID is not an ID (UUID)'],
		[{ email: 'a@b.co', additionalFields: { phone: '0170 123' } }, /^Phone is/],
		[
			{ email: 'a@b.co', password: 'x', additionalFields: { passwordHash: '$2a$10$x' } },
			'A password and a password hash do not go together',
		],
	])('where a new user is %j', async (parameters, message) => {
		const { result, requests } = await requestsDuring(
			async () => await bench.run(node('user', 'create', parameters)),
		);
		if (typeof message === 'string') expect(result.said.message).toBe(message);
		else expect(result.said.message).toMatch(message);
		expect(requests).toEqual([]);
	});

	test.each([
		[{ secretKey: '' }, 'The credential has no Secret Key'],
		[{ secretKey: legacyKeys.publishableKey }, 'What is in Secret Key is the anon key'],
	])('without the secret key: %j', async (credential, message) => {
		for (const [resource, operation, parameters] of [
			['user', 'getAll', {}],
			['user', 'delete', byId(randomUUID())],
			['user', 'signOut', { accessToken: 'a.b.c', scope: 'global' }],
			['auditLog', 'getAll', {}],
			['oauthClient', 'getAll', {}],
		] as const) {
			const { result, requests } = await requestsDuring(
				async () => await bench.run(node(resource, operation, parameters), { credential }),
			);
			expect(result.said.message).toBe(message);
			expect(requests).toEqual([]);
		}
	});
});

describe('when Auth does not answer', () => {
	const loses = async (path: string, method: string) =>
		await bench.control.addFault({ path, method, action: { kind: 'resetAfter' } });

	test.each([
		['create', { email: address() }, '/auth/v1/admin/users'],
		['invite', { email: address() }, '/auth/v1/invite'],
		['generateLink', { linkType: 'magiclink', email: address() }, '/auth/v1/admin/generate_link'],
	] as const)('%s is not sent twice', async (operation, parameters, path) => {
		await loses(path, 'POST');
		const tries = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
		const { result, requests } = await requestsDuring(
			async () => await bench.run(node('user', operation, parameters, tries)),
		);
		expect(result.said.description).toContain('Whether the request was carried out is unknown');
		expect(requests).toHaveLength(1);
	});

	test.each([false, true])(
		'a user who is gone counts as deleted (soft: %j)',
		async (softDelete) => {
			const { id } = await createUser();
			await loses(`/auth/v1/admin/users/${id}`, 'DELETE');
			const { result, requests } = await requestsDuring(
				async () => await one('user', 'delete', { ...byId(id), softDelete }),
			);
			expect(result).toEqual({ id, deleted: true, soft: softDelete });
			expect(requests.map(({ method }) => method)).toEqual(['DELETE', 'GET']);
		},
	);

	test('a change is made again', async () => {
		const { id } = await createUser();
		await loses(`/auth/v1/admin/users/${id}`, 'PUT');
		const updateFields = { userMetadata: '{"a": 1}' };
		expect(await one('user', 'update', { ...byId(id), updateFields })).toMatchObject({ id });
	});
});
