import { openSession, userSession, type Login } from '../../../../src/api/auth/userSession';
import { senderAsUser } from '../../../../src/api/auth/sendAsUser';
import { closeServers, projectAt, startServer, type Answer, type SeenRequest } from '../../server';
import { tokens } from '../../tokens';

afterEach(closeServers);

const login: Login = { email: 'ada@example.com', password: 'a secret word' };

/** A JWT whose subject is a number, so that tokens can be told apart. */
function jwt(number: number, life = 3600): string {
	const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
	const claims = { sub: number, role: 'authenticated', iat: 0, exp: life };
	return `${part({ alg: 'HS256' })}.${part(claims)}.c2ln`;
}

function session(number: number, more: object = {}): Answer {
	const body = {
		access_token: jwt(number),
		refresh_token: `r${number}`,
		expires_in: 3600,
		...more,
	};
	return { body };
}

const refused = (status: number, code: string): Answer => ({
	status,
	body: { code, message: `It is ${code}` },
});

const asked = (requests: readonly SeenRequest[]) =>
	requests.map(({ target, body }) => [target.split('=')[1], JSON.parse(body) as unknown]);

const second = 1000;

describe('a session', () => {
	it('signs in with the password and the publishable key, and then not until it is about to end', async () => {
		const server = await startServer((_, n) => session(n));
		let now = 1_000_000;
		const user = openSession(projectAt(server.url), login, () => now);
		expect(user.expiresAt).toBeUndefined();
		expect(await user.accessToken()).toBe(jwt(1));
		expect(user.expiresAt).toBe(now + 3599 * second);
		now += 3508 * second;
		expect(await user.accessToken()).toBe(jwt(1));
		now += 2 * second;
		expect(await user.accessToken()).toBe(jwt(2));
		expect(user.expiresAt).toBe(now + 3599 * second);
		expect(asked(server.requests)).toEqual([
			['password', { ...login, gotrue_meta_security: {} }],
			['refresh_token', { refresh_token: 'r1' }],
		]);
		const [first] = server.requests;
		expect(first?.headers).toMatchObject({
			apikey: tokens.sb_publishable,
			'x-supabase-api-version': '2024-01-01',
		});
	});

	it('renews a short one at three quarters of its life, told by the token where nothing else tells', async () => {
		const server = await startServer((_, n) => ({ body: { access_token: jwt(n, 40) } }));
		let now = 0;
		const user = openSession(projectAt(server.url), login, () => now);
		await user.accessToken();
		now = 29 * second;
		expect(await user.accessToken()).toBe(jwt(1, 40));
		now = 31 * second;
		expect(await user.accessToken()).toBe(jwt(2, 40));
	});

	it('counts on the end by the token itself, which is dated in whole seconds', async () => {
		let now = 1_000_999;
		const life = 4;
		const ends: number[] = [];
		const server = await startServer((_, n) => {
			ends.push((Math.floor(now / second) + life) * second);
			return session(n, { expires_in: life });
		});
		const user = openSession(projectAt(server.url), login, () => now);
		await user.accessToken();
		const [end = 0] = ends;
		expect(user.expiresAt).toBeLessThanOrEqual(end);
		now = end - 600;
		expect(await user.accessToken()).toBe(jwt(2));
	});

	it('signs in again where the service refuses to renew', async () => {
		const server = await startServer((_, n) =>
			n === 2 ? refused(400, 'refresh_token_already_used') : session(n),
		);
		let now = 0;
		const user = openSession(projectAt(server.url), login, () => now);
		await user.accessToken();
		now = 3600 * second;
		expect(await user.accessToken()).toBe(jwt(3));
		expect(asked(server.requests).map(([grant]) => grant)).toEqual([
			'password',
			'refresh_token',
			'password',
		]);
	});

	it('goes on with the token at hand where the renewal gets no answer, until that ends', async () => {
		let isDown = false;
		const server = await startServer((_, n) =>
			isDown ? refused(500, 'unexpected_failure') : session(n),
		);
		let now = 0;
		const user = openSession(projectAt(server.url), login, () => now);
		await user.accessToken();
		isDown = true;
		now = 3550 * second;
		expect(await user.accessToken()).toBe(jwt(1));
		expect(await user.accessToken()).toBe(jwt(1));
		expect(server.requests).toHaveLength(2);
		now = 3600 * second;
		await expect(user.accessToken()).rejects.toMatchObject({ status: 500 });
		isDown = false;
		expect(await user.accessToken()).toMatch(/^ey/);
	});

	it('with a wrong password is one refusal, not a loop; the password is not in it', async () => {
		const server = await startServer(() => refused(400, 'invalid_credentials'));
		const user = openSession(projectAt(server.url), login);
		const error = await user.accessToken().catch((each: unknown) => each as Error);
		expect(error).toMatchObject({ code: 'invalid_credentials', status: 400 });
		expect(JSON.stringify(error)).not.toContain(login.password);
		expect(server.requests).toHaveLength(1);
	});

	it('is none where something else answers', async () => {
		const server = await startServer(() => ({ body: {} }));
		await expect(openSession(projectAt(server.url), login).accessToken()).rejects.toThrow(
			'The answer to the sign-in holds no session',
		);
	});

	it('forgets a token once, however many say so', async () => {
		const server = await startServer((_, n) => session(n));
		const user = openSession(projectAt(server.url), login);
		const first = await user.accessToken();
		user.forget(first);
		const next = await user.accessToken();
		user.forget(first);
		expect(await user.accessToken()).toBe(next);
		expect(asked(server.requests).map(([grant]) => grant)).toEqual(['password', 'password']);
	});
});

describe('sessions are shared', () => {
	it('a thousand who ask at once sign in once', async () => {
		const server = await startServer((_, n) => session(n));
		const project = projectAt(server.url);
		const all = await Promise.all(
			Array.from({ length: 1000 }, async () => await userSession(project, login).accessToken()),
		);
		expect(new Set(all)).toEqual(new Set([jwt(1)]));
		expect(server.requests).toHaveLength(1);
	});

	it('a thousand who ask at once renew once', async () => {
		const server = await startServer((_, n) => session(n));
		let now = 0;
		const user = openSession(projectAt(server.url), login, () => now);
		await user.accessToken();
		now = 3600 * second;
		await Promise.all(Array.from({ length: 1000 }, async () => await user.accessToken()));
		expect(server.requests).toHaveLength(2);
	});

	it('by those of the same project, address and password alone', async () => {
		const server = await startServer((_, n) => session(n));
		const project = projectAt(server.url);
		const one = userSession(project, login);
		expect(userSession(project, { ...login, email: 'ADA@example.com' })).toBe(one);
		expect(userSession(project, { ...login, password: 'another' })).not.toBe(one);
		expect(userSession(project, { ...login, email: 'eve@example.com' })).not.toBe(one);
		expect(userSession(projectAt(`${server.url}/b`), login)).not.toBe(one);
	});
});

describe('sending as that user', () => {
	const rows = { service: 'rest', method: 'POST', path: ['notes'], body: '{}' } as const;

	/** A server whose tables take some tokens, and what is sent to it. */
	async function open(takes: (token: string) => Answer, signIn = (n: number) => session(n)) {
		let signIns = 0;
		const server = await startServer(({ target, headers }) =>
			target.startsWith('/auth/') ? signIn(++signIns) : takes(headers.authorization ?? ''),
		);
		const project = projectAt(server.url);
		const send = senderAsUser(project, {}, openSession(project, login));
		const count = (path: string) =>
			server.requests.filter(({ target }) => target.startsWith(path)).length;
		return { send, count };
	}

	it('has the token in Authorization', async () => {
		const { send, count } = await open((token) => ({ body: { token } }));
		const answers = await Promise.all([send(rows), send(rows)]);
		expect(answers.map(({ body }) => body)).toEqual([
			{ token: `Bearer ${jwt(1)}` },
			{ token: `Bearer ${jwt(1)}` },
		]);
		expect(count('/auth/')).toBe(1);
	});

	it('signs in again where the token is refused, and sends once more', async () => {
		const expired = { status: 401, body: { code: 'PGRST303', message: 'JWT expired' } };
		const { send, count } = await open((token) => (token.endsWith(jwt(2)) ? { body: 1 } : expired));
		expect((await send(rows)).body).toBe(1);
		expect([count('/auth/'), count('/rest/')]).toEqual([2, 2]);
	});

	it('does not go on signing in where new tokens are refused as well', async () => {
		const { send, count } = await open(() => ({
			status: 401,
			body: { code: 'PGRST301', message: 'No suitable key or wrong key type' },
		}));
		for (let n = 0; n < 5; n++) await expect(send(rows)).rejects.toMatchObject({ status: 401 });
		expect([count('/auth/'), count('/rest/')]).toEqual([2, 6]);
	});

	it('leaves a refusal alone that is about something else', async () => {
		const { send, count } = await open(() => ({
			status: 403,
			body: { code: '42501', message: 'new row violates row-level security policy' },
		}));
		await expect(send(rows)).rejects.toMatchObject({ code: '42501' });
		expect([count('/auth/'), count('/rest/')]).toEqual([1, 1]);
	});

	it('asks for a sign-in once where it is refused, however much is to be sent', async () => {
		const { send, count } = await open(
			() => ({ body: 1 }),
			() => refused(400, 'invalid_credentials'),
		);
		for (let n = 0; n < 20; n++) {
			await expect(send(rows)).rejects.toMatchObject({ code: 'invalid_credentials' });
		}
		expect([count('/auth/'), count('/rest/')]).toEqual([1, 0]);
	});

	it('never repeats what an edge function said itself', async () => {
		const call = { ...rows, service: 'functions' } as const;
		const { send, count } = await open(() => ({ status: 401, body: { code: 'BAD_JWT' } }));
		await expect(send(call)).rejects.toMatchObject({ status: 401 });
		expect([count('/auth/'), count('/functions/')]).toEqual([1, 1]);
	});
});
