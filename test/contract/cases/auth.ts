import type { Session, SupabaseClient } from '@supabase/supabase-js';
import type { INodeParameters } from 'n8n-workflow';

import type { NodeRun } from '../case';
import { jwt } from '../keys';

/** A run of the Auth node. */
export function authing(
	resource: 'account' | 'session' | 'user' | 'identity' | 'mfa',
	operation: string,
	parameters: INodeParameters = {},
): NodeRun {
	return { node: 'supabaseAuth', parameters: { resource, operation, ...parameters } };
}

const now = Math.floor(Date.now() / 1000);

export const user = { id: '6f1b0c0e-0000-4000-8000-000000000001', identities: [{ id: 'a' }] };

export const accessToken = jwt({
	role: 'authenticated',
	sub: user.id,
	aal: 'aal1',
	amr: [],
	exp: now + 36_000,
});

export const expiredToken = jwt({ role: 'authenticated', sub: user.id, exp: now - 10 });

export const session = {
	access_token: accessToken,
	refresh_token: 'r3fr35h70k3n',
	token_type: 'bearer',
	expires_in: 36_000,
	expires_at: now + 36_000,
	user,
};

/** The answer that is a session. */
export const givesSession = [{ status: 200, body: session }];

/** The answer that is a user. */
export const givesUser = [{ status: 200, body: user }];

/** The answer where something was sent. */
export const givesNothing = [{ status: 200, body: {} }];

/** The official client with a session, as if it had signed in before. */
export async function signedIn(client: SupabaseClient, held: object = {}): Promise<SupabaseClient> {
	await client.auth['_saveSession']({ ...session, ...held } as unknown as Session);
	return client;
}

export const anonymous = { runAs: 'anonymous' } as const;
