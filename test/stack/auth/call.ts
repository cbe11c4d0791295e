import type { IncomingMessage, ServerResponse } from 'node:http';
import type postgres from 'postgres';

import { readBody, UUID, type BodyType, type Read, type Shape } from './body';
import { AuthError, badJwt, refusal } from './errors';
import type { Inbox, Outbox } from './inbox';
import { verifyToken, type Claims, type SigningKeys } from './jwt';
import { findSession, type SessionRow } from './session/sessions';
import type { AuthSettings } from './settings';
import { findUser, type UserRow } from './user/users';

/** One connection, or a transaction on it. */
export type Db = postgres.Sql | postgres.TransactionSql;

/** What all requests share. */
export interface AuthService {
	sql: postgres.Sql;
	/** May be changed while the server runs. */
	settings: AuthSettings;
	keys: SigningKeys;
	inbox: Inbox;
	/** Milliseconds since 1970, by which tokens and codes are made and judged. */
	now: () => number;
	/** Where the stand-in of other providers is. */
	providerUrl: string;
	/** Where the service is reached from outside, such as `http://127.0.0.1:54321/auth/v1`. */
	externalUrl: string;
}

/** What a handler answers; it is sent once everything that was written is kept. */
export interface Reply {
	status?: number;
	/** Sent as JSON; behind the link where there is a `location`. */
	body?: unknown;
	/** Sent as it is, instead of JSON. */
	xml?: string;
	/** Redirects there. */
	location?: string;
	headers?: Record<string, string>;
}

/** One request on its way through the server, with a transaction of its own. */
export class Call {
	readonly outbox: Outbox = { mails: [], messages: [] };
	/** Headers of the answer, which stay when the request is refused later on. */
	readonly headers: Record<string, string> = {};
	readonly now: Date;
	claims: Claims | undefined;
	private signedIn: { user: UserRow; session: SessionRow | undefined } | undefined;

	constructor(
		readonly service: AuthService,
		readonly db: Db,
		readonly request: IncomingMessage,
		readonly response: ServerResponse,
		readonly query: URLSearchParams,
		readonly params: Record<string, string>,
		readonly content: string,
	) {
		this.now = new Date(service.now());
	}

	get settings(): AuthSettings {
		return this.service.settings;
	}

	header(name: string): string | undefined {
		const value = this.request.headers[name];
		return Array.isArray(value) ? value.join(', ') : value;
	}

	/** Address of whoever asks. */
	get ip(): string {
		const forwarded = this.header('x-forwarded-for')?.split(',')[0]?.trim();
		return forwarded ?? this.request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '127.0.0.1';
	}

	/** The body, checked and with empty values for what is missing. */
	body<const S extends Shape>(type: BodyType<S>): Read<S> {
		// The service's form parser reads such a body first, and leaves nothing of it.
		const isForm = this.header('content-type')?.startsWith('application/x-www-form-urlencoded');
		return readBody(isForm ? '' : this.content, type);
	}

	param(name: string): string {
		return this.params[name] ?? '';
	}

	/** The user who asks. Only for routes with access `user` or `registered`. */
	get user(): UserRow {
		if (!this.signedIn) throw new Error('This route does not ask for a user');
		return this.signedIn.user;
	}

	/** The session of the user's token. */
	get session(): SessionRow | undefined {
		return this.signedIn?.session;
	}

	/**
	 * Whom users are looked for among: an audience named in a header, or the one of the token.
	 */
	get audience(): string {
		const named = this.header('x-jwt-aud');
		if (named) return named;
		const { aud, role } = this.claims ?? {};
		return typeof aud === 'string' && role !== 'service_role' ? aud : 'authenticated';
	}

	/** @throws AuthError when no token is given, or one that does not hold */
	authenticate(): Claims {
		const token = /^(?:B|b)earer (\S+$)/.exec(this.header('authorization') ?? '')?.[1];
		if (token === undefined) throw refusal('noBearer');
		this.claims = verifyToken(token, this.service.keys, this.now.getTime());
		return this.claims;
	}

	/** Finds the user and the session of the token. */
	async authenticateUser(): Promise<UserRow> {
		const { sub, session_id: sessionId } = this.authenticate();
		if (typeof sub !== 'string' || sub === '') throw refusal('noSub');
		if (!UUID.test(sub)) throw refusal('subNoUuid');
		const user = await findUser(this.db, { id: sub });
		if (!user) throw refusal('tokenUserGone');
		let session: SessionRow | undefined;
		if (typeof sessionId === 'string' && sessionId !== '') {
			if (!UUID.test(sessionId))
				throw new AuthError(403, 'bad_jwt', 'invalid claim: session_id claim must be a UUID');
			session = await findSession(this.db, sessionId);
			if (!session) throw refusal('sessionGone');
		}
		if (isBanned(user, this.now)) throw refusal('banned');
		this.signedIn = { user, session };
		return user;
	}

	/** @throws AuthError unless the token is that of a secret key */
	authenticateAdmin(): void {
		const { role } = this.authenticate();
		if (role !== 'service_role' && role !== 'supabase_admin') throw refusal('notAdmin');
	}

	/** Refuses a user who is only anonymous. */
	requireRegistered(): void {
		if (!this.claims) throw badJwt('missing claims');
		if (this.claims.is_anonymous === true) throw refusal('anonymousUser');
	}
}

export function isBanned({ banned_until }: UserRow, now: Date): boolean {
	return banned_until !== null && banned_until > now;
}
