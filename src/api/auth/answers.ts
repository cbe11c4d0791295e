import { SupabaseApiError } from '../errors';
import { jwtClaims } from '../keys';

type Json = Readonly<Record<string, unknown>>;

/** A user as Auth tells them; absent addresses are empty texts, times not yet set are not there. */
export type User = Json;

/** The tokens of a session; the user stands beside it. */
export interface Session extends Json {
	readonly access_token: string;
	readonly refresh_token: string;
	readonly token_type: string;
	/** Seconds. */
	readonly expires_in: number;
	/** Seconds since 1970. */
	readonly expires_at: number;
}

/** What every operation on accounts and sessions answers. */
export interface AuthAnswer {
	readonly user: User | null;
	readonly session: Session | null;
	/** Why a password that was right is too weak for the rules of today. */
	readonly weakPassword?: Json;
	/** What is said instead of a session, for the first of two confirmations. */
	readonly message?: string;
	/** Of a message to a telephone; few providers give one. */
	readonly messageId?: string;
}

/**
 * Reads whatever Auth answers about accounts: a session with its user, a user alone, the message
 * after the first of two confirmations, or nothing (`{}`).
 *
 * @param now seconds since 1970, for a session that does not say when it ends
 * @throws SupabaseApiError for what is none of these, such as half a session
 */
export function readAnswer(body: unknown, now = Date.now() / 1000): AuthAnswer {
	const answer = jsonOf(body);
	if (!answer) throw unreadable('is not an object');
	if (answer.access_token !== undefined) return readSession(answer, now);
	const { msg, message_id: messageId } = answer;
	const isUser = typeof answer.id === 'string';
	return {
		user: isUser ? answer : null,
		session: null,
		...(typeof msg === 'string' && { message: msg }),
		...(typeof messageId === 'string' && messageId && { messageId }),
	};
}

function readSession({ user, weak_password: weak, ...tokens }: Json, now: number): AuthAnswer {
	const { access_token: access, refresh_token: refresh, expires_in, expires_at } = tokens;
	const person = jsonOf(user);
	if (!isText(access) || !isText(refresh) || !person) throw unreadable('holds half a session');
	const expiresAt = Number(expires_at) || Number(jwtClaims(access)?.exp);
	const expiresIn = Number(expires_in) || Math.round(expiresAt - now);
	const session = {
		...tokens,
		token_type: isText(tokens.token_type) ? tokens.token_type : 'bearer',
		access_token: access,
		refresh_token: refresh,
		expires_in: expiresIn || 0,
		expires_at: expiresAt || Math.round(now + (expiresIn || 0)),
	};
	const weakPassword = jsonOf(weak);
	return { user: person, session, ...(weakPassword && { weakPassword }) };
}

/**
 * The same, where a session is what was asked for.
 *
 * @throws SupabaseApiError where there is none
 */
export function readSessionAnswer(body: unknown): AuthAnswer {
	const answer = readAnswer(body);
	if (!answer.session) throw unreadable('holds no session');
	return answer;
}

/**
 * Whether a token has expired, or does so within some seconds; one that does not say has.
 *
 * @param exp the claim, in seconds since 1970
 */
export function isDue(exp: unknown, margin: number, now = Date.now() / 1000): boolean {
	return typeof exp !== 'number' || exp - margin <= now;
}

/**
 * Reads a user.
 *
 * @throws SupabaseApiError where there is none
 */
export function readUser(body: unknown): User {
	const answer = jsonOf(body);
	const user = jsonOf(answer?.user) ?? answer;
	if (user && isText(user.id)) return user;
	throw unreadable('holds no user');
}

/** An address that was asked for. */
export function readUrl(body: unknown): string {
	const url = jsonOf(body)?.url;
	if (isText(url)) return url;
	throw unreadable('holds no URL');
}

/**
 * Reads what was made, which has an ID.
 *
 * @throws SupabaseApiError where it has none
 */
export function readMade(body: unknown): Json & { readonly id: string } {
	const { id, ...rest } = jsonOf(body) ?? {};
	if (isText(id)) return { id, ...rest };
	throw unreadable('holds no ID');
}

/** A list in an answer; none where it is missing. */
export function listOf(value: unknown): Json[] {
	const list: unknown[] = Array.isArray(value) ? value : [];
	return list.map(jsonOf).filter((each) => each !== undefined);
}

/** The session with its tokens left out: that there is one, and when it ends. */
export function withoutTokens({ session, ...answer }: AuthAnswer): Omit<AuthAnswer, 'session'> & {
	session: Json | null;
} {
	const { token_type, expires_in, expires_at } = session ?? {};
	return { ...answer, session: session && { token_type, expires_in, expires_at } };
}

/**
 * Whether a sign-up was most likely of an address that is registered: Auth then answers with a user
 * who does not exist, without identities, so that nobody can find out who has an account.
 */
export function isAlreadyRegistered({ user, session }: AuthAnswer): boolean {
	return !session && Array.isArray(user?.identities) && user.identities.length === 0;
}

/** How much later than the account the mail is, in milliseconds, if it is not the account's first. */
const LATER = 1000;

/**
 * Whether a sign-up was most likely of an account that waits for its confirmation: it keeps its first
 * password and data.
 */
export function isAwaited({ user, session }: AuthAnswer): boolean {
	const made = Date.parse(String(user?.created_at));
	return !session && Date.parse(String(user?.confirmation_sent_at)) - made > LATER;
}

function unreadable(what: string): SupabaseApiError {
	return new SupabaseApiError('auth', 'unknown', {
		message: `The answer of Supabase Auth ${what}`,
		ours: true,
		code: 'NOT_READABLE',
		hint: 'Another program may have answered. Check the Project URL in the credential.',
	});
}

function jsonOf(value: unknown): Json | undefined {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as Json)
		: undefined;
}

function isText(value: unknown): value is string {
	return typeof value === 'string' && value !== '';
}
