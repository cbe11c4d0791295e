import { randomUUID } from 'node:crypto';
import { createClient, type AuthError, type SupabaseClient } from '@supabase/supabase-js';
import WebSocket from 'ws';

import { stackControl } from '../../control';

const control = stackControl();
const passwordFor = () => `Pw-${randomUUID()}`;
const address = () => `admin-${randomUUID()}@example.com`;

const clientOf = (key: string | undefined) =>
	createClient(process.env.SUPABASE_URL ?? '', key ?? '', {
		auth: { persistSession: false, autoRefreshToken: false },
		realtime: { transport: WebSocket as never },
	});

describe("auth's admin routes, asked by the official client", () => {
	const { admin } = clientOf(process.env.SUPABASE_SECRET_KEY).auth;
	let client: SupabaseClient;

	beforeEach(() => {
		client = clientOf(process.env.SUPABASE_PUBLISHABLE_KEY);
	});

	/** What an answer holds where it went well. */
	type Held<R extends { data: unknown; error: unknown }> = Extract<R, { error: null }>['data'];
	const unwrap = <R extends { data: unknown; error: AuthError | null }>({ data, error }: R) => {
		if (error) throw error;
		return data as Held<R>;
	};
	const makeUser = async (more: Parameters<typeof admin.createUser>[0] = {}) => {
		const credentials = { email: address(), password: passwordFor() };
		const { user } = unwrap(
			await admin.createUser({ ...credentials, email_confirm: true, ...more }),
		);
		if (!user) throw new Error('No user was made');
		return { user, ...credentials };
	};

	it('creates a user with everything that may be said of one', async () => {
		const id = randomUUID();
		const phone = `1555${String(Date.now()).slice(-7)}`;
		const { user, email } = await makeUser({
			id,
			phone,
			phone_confirm: true,
			user_metadata: { name: 'Two', deep: { a: 1 } },
			app_metadata: { plan: 'pro' },
			ban_duration: '24h',
			role: 'editor',
		});
		expect(user).toMatchObject({
			id,
			email,
			phone,
			role: 'editor',
			app_metadata: { plan: 'pro', provider: 'email', providers: ['email', 'phone'] },
			user_metadata: { name: 'Two', deep: { a: 1 }, email_verified: true },
		});
		expect(user.identities?.map(({ provider }) => provider)).toEqual(['email', 'phone']);
		const until = Date.parse(String(unwrap(await admin.getUserById(id)).user?.banned_until));
		expect(until - Date.now()).toBeGreaterThan(23 * 3_600_000);
	});

	it('lets a user with a password hash sign in', async () => {
		const { email, password } = await makeUser();
		const rows = await import('postgres');
		const sql = rows.default(process.env.STACK_DATABASE_URL ?? '', { max: 1 });
		const [{ hash }] = await sql<[{ hash: string }]>`
			select encrypted_password as hash from auth.users where email = ${email}`;
		await sql.end();
		const other = address();
		unwrap(await admin.createUser({ email: other, email_confirm: true, password_hash: hash }));
		const { user } = unwrap(await client.auth.signInWithPassword({ email: other, password }));
		expect(user.email).toBe(other);
	});

	it('updates a user: metadata is merged, a new password ends the sessions, a ban bites and is lifted', async () => {
		const { user, email, password } = await makeUser({ user_metadata: { a: 1, b: 2 } });
		const { session } = unwrap(await client.auth.signInWithPassword({ email, password }));
		const update = async (changes: Parameters<typeof admin.updateUserById>[1]) =>
			unwrap(await admin.updateUserById(user.id, changes)).user;

		expect((await update({ user_metadata: { a: null, c: 3 } })).user_metadata).toEqual({
			b: 2,
			c: 3,
			email_verified: true,
		});
		await update({ ban_duration: '1h' });
		expect((await client.auth.getUser(session.access_token)).error?.code).toBe('user_banned');
		await update({ ban_duration: 'none' });
		expect(unwrap(await client.auth.getUser(session.access_token)).user.id).toBe(user.id);

		const changed = passwordFor();
		await update({ password: changed });
		expect((await client.auth.getUser(session.access_token)).error?.name).toBe(
			'AuthSessionMissingError',
		);
		unwrap(await client.auth.signInWithPassword({ email, password: changed }));
	});

	it('lists users by pages, and finds one by a part of the address', async () => {
		const { user, email } = await makeUser();
		await makeUser();
		const found = await fetch(
			`${process.env.SUPABASE_URL}/auth/v1/admin/users?page=1&per_page=5&filter=${email}`,
			{ headers: { apikey: process.env.SUPABASE_SECRET_KEY ?? '' } },
		);
		const { users } = (await found.json()) as { users: Array<{ id: string; identities: null }> };
		expect(users).toEqual([expect.objectContaining({ id: user.id, identities: null })]);
		expect(found.headers.get('x-total-count')).toBe('1');

		const first = unwrap(await admin.listUsers({ page: 1, perPage: 1 }));
		expect(first).toMatchObject({ nextPage: 2 });
		const second = unwrap(await admin.listUsers({ page: 2, perPage: 1 }));
		expect(second.users[0]?.id).not.toBe(first.users[0]?.id);
	});

	it('lists every user once by cursor', async () => {
		for (let count = 0; count < 3; count++) await makeUser();
		const all = unwrap(await admin.listUsers({ page: 1, perPage: 1000 })).users.map(({ id }) => id);
		await control.setAuth({ cursorLists: true });
		try {
			const seen: string[] = [];
			let cursor: string | undefined = '';
			while (cursor !== undefined) {
				const answer = await fetch(
					`${process.env.SUPABASE_URL}/auth/v1/admin/users?limit=2&cursor=${cursor}`,
					{ headers: { apikey: process.env.SUPABASE_SECRET_KEY ?? '' } },
				);
				const page = (await answer.json()) as {
					users: Array<{ id: string }>;
					pagination: { next_cursor?: string; has_more: boolean };
				};
				seen.push(...page.users.map(({ id }) => id));
				expect(page.pagination.has_more).toBe(page.pagination.next_cursor !== undefined);
				cursor = page.pagination.next_cursor;
			}
			expect(seen).toEqual(all);
		} finally {
			await control.setAuth({ cursorLists: false });
		}
	});

	it('deletes a user for good, or leaves a row that tells nothing', async () => {
		const { user: hard } = await makeUser();
		unwrap(await admin.deleteUser(hard.id));
		expect((await admin.getUserById(hard.id)).error?.code).toBe('user_not_found');

		const { user: soft, email, password } = await makeUser({ user_metadata: { name: 'Soft' } });
		unwrap(await admin.deleteUser(soft.id, true));
		const { user: left } = unwrap(await admin.getUserById(soft.id));
		expect(left).toMatchObject({ deleted_at: expect.any(String), user_metadata: {} });
		expect(JSON.stringify(left)).not.toContain(email);
		expect((await client.auth.signInWithPassword({ email, password })).error?.code).toBe(
			'invalid_credentials',
		);
		unwrap(await admin.createUser({ email }));
	});

	it('invites by a mail, and again while nobody has accepted', async () => {
		const email = address();
		const invited = unwrap(await admin.inviteUserByEmail(email, { data: { team: 'x' } })).user;
		expect(invited).toMatchObject({ email, user_metadata: { team: 'x' } });
		unwrap(await admin.inviteUserByEmail(email));
		const mails = (await control.mails()).filter(({ to }) => to === email);
		expect(mails.map(({ type }) => type)).toEqual(['invite', 'invite']);
	});

	it('generates a link of each of the six types', async () => {
		const { email } = await makeUser();
		const made = address();
		const links = [
			{ type: 'signup', email: made, password: passwordFor() },
			{ type: 'invite', email: made },
			{ type: 'magiclink', email },
			{ type: 'recovery', email },
			{ type: 'email_change_current', email, newEmail: address() },
			{ type: 'email_change_new', email, newEmail: address() },
		] as const;
		for (const link of links) {
			const { properties, user } = unwrap(await admin.generateLink(link));
			expect(properties.verification_type).toBe(link.type);
			expect(properties.email_otp).toMatch(/^\d{6}$/);
			expect(user?.email).toBe(link.email);
			const token = new URL(properties.action_link).searchParams.get('token');
			// The service hashes this one with the present address: only the link works.
			expect(token === properties.hashed_token).toBe(link.type !== 'email_change_new');
		}
	});

	it('signs a user out by their token', async () => {
		const { email, password } = await makeUser();
		const { session } = unwrap(await client.auth.signInWithPassword({ email, password }));
		unwrap(await admin.signOut(session.access_token));
		expect((await client.auth.getUser(session.access_token)).error?.name).toBe(
			'AuthSessionMissingError',
		);
	});

	it('refuses whoever has no secret key', async () => {
		const refused = await client.auth.admin.createUser({ email: address() });
		expect(refused.error).toMatchObject({ status: 403, code: 'not_admin' });
	});

	it('registers applications of the OAuth server', async () => {
		const { oauth } = admin;
		const made = unwrap(
			await oauth.createClient({
				client_name: 'App',
				redirect_uris: ['https://app.example.com/cb'],
			}),
		);
		expect(made?.client_secret).toEqual(expect.any(String));
		const id = made?.client_id ?? '';
		expect(unwrap(await oauth.updateClient(id, { client_name: 'App 2' }))?.client_name).toBe(
			'App 2',
		);
		expect(unwrap(await oauth.getClient(id))).not.toHaveProperty('client_secret');
		expect(unwrap(await oauth.regenerateClientSecret(id))?.client_secret).not.toBe(
			made?.client_secret,
		);
		const { clients } = unwrap(await oauth.listClients()) as {
			clients: Array<{ client_id: string }>;
		};
		expect(clients.map(({ client_id }) => client_id)).toContain(id);
		unwrap(await oauth.deleteClient(id));
		expect((await oauth.getClient(id)).error?.code).toBe('oauth_client_not_found');
	});
});
