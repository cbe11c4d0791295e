import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createClient } from '@supabase/supabase-js';
import WebSocket from 'ws';

const URL_ = process.env.SUPABASE_URL ?? '';
const HOME = 'http://localhost:3000/home';

const clientOf = (key: string | undefined) =>
	createClient(URL_, key ?? '', {
		auth: { persistSession: false, autoRefreshToken: false },
		realtime: { transport: WebSocket as never },
	}).auth;

/** Goes where a browser would, to the first address that is not of this machine's services. */
async function follow(address: string): Promise<URL> {
	let next = address;
	for (let hop = 0; hop < 5 && !next.startsWith(HOME); hop++) {
		const answer = await fetch(next, { redirect: 'manual' });
		next = answer.headers.get('location') ?? '';
		if (next === '') throw new Error(`${answer.status} ${await answer.text()}`);
	}
	return new URL(next);
}

describe('signing in through another provider', () => {
	const anybody = () => `oauth-${randomUUID()}@example.com`;
	const auth = clientOf(process.env.SUPABASE_PUBLISHABLE_KEY);
	const { admin } = clientOf(process.env.SUPABASE_SECRET_KEY);

	const authorizeUrl = async (provider: 'github' | 'google', email: string) => {
		const { data } = await auth.signInWithOAuth({
			provider,
			options: { redirectTo: HOME, queryParams: { login_hint: email }, skipBrowserRedirect: true },
		});
		return data.url ?? '';
	};
	const userOf = async (landed: URL) => {
		const token = new URLSearchParams(landed.hash.slice(1)).get('access_token') ?? '';
		const { data, error } = await auth.getUser(token);
		if (error) throw error;
		return { user: data.user, token };
	};

	it('makes a user of whom the provider knows, with the tokens in the fragment', async () => {
		const email = anybody();
		const landed = await follow(await authorizeUrl('github', email));
		const { user } = await userOf(landed);
		expect(user).toMatchObject({
			email,
			app_metadata: { provider: 'github', providers: ['github'] },
			user_metadata: { email_verified: true },
		});
		expect(landed.hash).toContain('provider_token=gho_');
		const again = await userOf(await follow(await authorizeUrl('github', email)));
		expect(again.user.id).toBe(user.id);
	});

	it('joins a user with the same confirmed address', async () => {
		const email = anybody();
		const { data } = await admin.createUser({ email, email_confirm: true });
		const { user } = await userOf(await follow(await authorizeUrl('google', email)));
		expect(user.id).toBe(data.user?.id);
		expect(user.app_metadata.providers).toEqual(['email', 'google']);
	});

	it('comes back with a code where a challenge was given, which is exchanged once', async () => {
		const verifier = randomBytes(48).toString('hex');
		const challenge = createHash('sha256').update(verifier).digest('base64url');
		const url = `${await authorizeUrl('github', anybody())}&code_challenge=${challenge}&code_challenge_method=s256`;
		const code = (await follow(url)).searchParams.get('code');
		const exchange = async () =>
			await fetch(`${URL_}/auth/v1/token?grant_type=pkce`, {
				method: 'POST',
				headers: { apikey: process.env.SUPABASE_PUBLISHABLE_KEY ?? '' },
				body: JSON.stringify({ auth_code: code, code_verifier: verifier }),
			});
		const answer = await exchange();
		expect(await answer.json()).toMatchObject({
			access_token: expect.any(String),
			provider_token: expect.stringMatching(/^gho_/),
		});
		expect((await exchange()).status).toBe(404);
	});

	it('links a provider to a user, and unlinks it', async () => {
		const email = anybody();
		const { token, user } = await userOf(await follow(await authorizeUrl('github', email)));
		const headers = {
			apikey: process.env.SUPABASE_PUBLISHABLE_KEY ?? '',
			authorization: `Bearer ${token}`,
		};
		const query = new URLSearchParams({
			provider: 'google',
			redirect_to: HOME,
			login_hint: anybody(),
			skip_http_redirect: 'true',
		});
		const asked = await fetch(`${URL_}/auth/v1/user/identities/authorize?${query.toString()}`, {
			headers,
		});
		const { url } = (await asked.json()) as { url: string };
		const linked = await userOf(await follow(url));
		expect(linked.user.id).toBe(user.id);
		expect(linked.user.identities?.map(({ provider }) => provider)).toEqual(['github', 'google']);

		const unlink = async (id: string | undefined) =>
			await fetch(`${URL_}/auth/v1/user/identities/${id}`, { method: 'DELETE', headers });
		const [first, second] = linked.user.identities ?? [];
		expect((await unlink(second?.identity_id)).status).toBe(200);
		expect(await (await unlink(first?.identity_id)).json()).toMatchObject({
			error_code: 'single_identity_not_deletable',
		});
	});
});
