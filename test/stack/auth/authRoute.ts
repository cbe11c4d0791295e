import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type postgres from 'postgres';

import type { GatewayRoute } from '../gateway';
import type { AuthService } from './call';
import { Inbox } from './inbox';
import { createSigningKeys } from './jwt';
import { answer, PREFIX } from './router';
import type { AuthSettings } from './settings';

export interface AuthOptions {
	/** PostgreSQL as its superuser. */
	sql: postgres.Sql;
	jwtSecret: string;
	settings: AuthSettings;
	/** Address of the gateway. */
	url: string;
	/** Where the stand-in of other providers is. */
	providerUrl: string;
	/** Milliseconds since 1970 (default: the clock). */
	now?: () => number;
	/** Name of the key that signs with ES256 (default: a new one). */
	kid?: string;
	/** `exchange`: the gateway refuses no key, and leaves that to the service. */
	keys?: GatewayRoute['keys'];
}

/** Auth as a service behind the gateway. */
export interface Auth extends Pick<AuthService, 'settings' | 'inbox' | 'keys'> {
	route: GatewayRoute;
}

/** Links in mails, providers and keys that anybody may read work without a key of the project. */
const OPEN =
	/^\/auth\/v1\/(verify|callback|authorize|\.well-known\/.*|sso\/saml\/.*|oauth\/(authorize|token|userinfo|clients\/register)|health)$/;

/** Makes the auth schema, unless it is there. */
export async function prepareAuth(sql: postgres.Sql): Promise<void> {
	for (const file of ['schema.sql', 'admin/schema.sql'])
		await sql.unsafe(await readFile(join(__dirname, file), 'utf8'));
}

/** The service on a database whose auth schema is made. */
export function startAuth(options: AuthOptions): Auth {
	const service: AuthService = {
		sql: options.sql,
		settings: options.settings,
		keys: createSigningKeys(options.jwtSecret, options.kid ?? randomUUID()),
		inbox: new Inbox(),
		now: options.now ?? Date.now,
		providerUrl: options.providerUrl,
		externalUrl: `${options.url}${PREFIX}`,
	};
	return {
		settings: service.settings,
		inbox: service.inbox,
		keys: service.keys,
		route: {
			prefix: PREFIX,
			open: OPEN,
			keys: options.keys,
			handle: async (request, response, { caller, url }) => {
				// What is no bearer token is the service's affair.
				const given = request.headers.authorization;
				if (given === undefined || /^Bearer\s/i.test(given))
					request.headers.authorization = caller.authorization;
				await answer(service, request, response, url);
			},
		},
	};
}
