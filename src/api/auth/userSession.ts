import { createHash } from 'node:crypto';

import { SupabaseApiError } from '../errors';
import { jwtClaims } from '../keys';
import type { Project } from '../project';
import type { ApiRequest } from '../request';
import { send } from '../transport';
import { refreshSession } from './session';
import { signInWithPassword } from './signIn';

/** What a user signs in with. */
export interface Login {
	readonly email: string;
	readonly password: string;
}

/** A user who is signed in as long as somebody asks for the token. */
export interface UserSession {
	/**
	 * An access token that is good for a while yet. Signs in with the password at first, and renews
	 * before the token expires; all who ask meanwhile wait for the same.
	 *
	 * @throws SupabaseApiError where the user cannot sign in; asked again, it tries again
	 */
	accessToken(): Promise<string>;
	/**
	 * When the token expires by our own clock at the earliest, in milliseconds since 1970; `undefined`
	 * without one.
	 */
	readonly expiresAt: number | undefined;
	/** Lets go of a token that a service refused, so that the next who asks signs in again. */
	forget(accessToken: string): void;
}

/** How long before its end a session is renewed, in milliseconds; a quarter of a short one. */
const MARGIN = 90_000;

/** Tokens are dated in whole seconds, so that up to one of the life told for them is over at once. */
const CUT = 1000;

/** After a renewal that got no answer the token at hand is used so long before the next, in milliseconds. */
const PATIENCE = 10_000;

/** How many sessions are kept. A person who signs in users by expressions may have any number. */
const MOST = 1000;

interface Held {
	readonly accessToken: string;
	readonly refreshToken: string;
	readonly expiresAt: number;
	readonly renewAt: number;
}

const sessions = new Map<string, UserSession>();

/**
 * The session of a user, one for all who know the same password. It is kept in memory and nowhere
 * else.
 *
 * @param project as the credential tells it; its publishable key is used
 */
export function userSession(project: Project, login: Login): UserSession {
	const key = createHash('sha256')
		.update(JSON.stringify([project, login.email.toLowerCase(), login.password]))
		.digest('hex');
	const known = sessions.get(key);
	if (known) return known;
	const made = openSession(project, login);
	const [oldest] = sessions.keys();
	if (sessions.size >= MOST && oldest !== undefined) sessions.delete(oldest);
	sessions.set(key, made);
	return made;
}

/**
 * A session of its own.
 *
 * @param now the time in milliseconds since 1970
 */
export function openSession(project: Project, login: Login, now = () => Date.now()): UserSession {
	let held: Held | undefined;
	let renewing: Promise<Held> | undefined;

	async function ask(request: ApiRequest): Promise<Held> {
		// The server's clock may be another, so the life of a token is counted from before it was made.
		const asked = now();
		const { body } = await send<unknown>(project, request, { authority: { role: 'anon' } });
		return heldOf(body, asked);
	}

	async function renewed(old: Held | undefined): Promise<Held> {
		const refreshed =
			old &&
			(await ask(refreshSession(old.refreshToken)).catch((error: unknown) => {
				if (isFinal(error)) return undefined;
				if (now() >= old.expiresAt) throw error;
				return { ...old, renewAt: Math.min(now() + PATIENCE, old.expiresAt) };
			}));
		return refreshed ?? (await ask(signIn(login)));
	}

	return {
		get expiresAt() {
			return held?.expiresAt;
		},
		async accessToken() {
			if (held && now() < held.renewAt) return held.accessToken;
			renewing ??= renewed(held).finally(() => (renewing = undefined));
			held = await renewing;
			return held.accessToken;
		},
		forget(accessToken) {
			if (held?.accessToken === accessToken) held = undefined;
		},
	};
}

/**
 * Whether asking again would be answered alike: the service itself turned it down, and not because
 * of too many requests.
 */
export function isFinal(error: unknown): error is SupabaseApiError {
	if (!(error instanceof SupabaseApiError) || error.outcome !== 'refused') return false;
	const { status = 0 } = error;
	return status >= 400 && status < 500 && status !== 429;
}

/** One more session does no harm, so it may be repeated. */
function signIn({ email, password }: Login): ApiRequest {
	return { ...signInWithPassword({ email }, password), repeatable: true };
}

function heldOf(body: unknown, asked: number): Held {
	const {
		access_token: accessToken,
		refresh_token: refreshToken,
		expires_in: expiresIn,
	} = Object(body) as Record<string, unknown>;
	if (typeof accessToken !== 'string' || !accessToken) {
		throw new SupabaseApiError('auth', 'refused', {
			message: 'The answer to the sign-in holds no session',
			hint: 'Check the Project URL in the credential: does Supabase Auth answer there?',
			ours: true,
		});
	}
	const told = typeof expiresIn === 'number' ? expiresIn : lifeOf(accessToken);
	const life = told * 1000 - CUT;
	const expiresAt = asked + life;
	return {
		accessToken,
		refreshToken: typeof refreshToken === 'string' ? refreshToken : '',
		expiresAt,
		renewAt: expiresAt - Math.min(MARGIN, life / 4),
	};
}

/** In seconds, by the token's own claims. */
function lifeOf(accessToken: string): number {
	const { exp, iat } = jwtClaims(accessToken) ?? {};
	return typeof exp === 'number' && typeof iat === 'number' ? exp - iat : 0;
}
