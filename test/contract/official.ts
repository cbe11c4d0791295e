import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import WebSocket from 'ws';

import { projectKeys, type KeyAge } from './keys';

/** On whose behalf a case speaks; an access token for a user. */
export interface Caller {
	readonly keys?: KeyAge;
	readonly runAs?: 'serviceRole' | 'anonymous' | { readonly accessToken: string };
	/** How the official client lets links come back: with tokens, unless told otherwise. */
	readonly flow?: 'implicit' | 'pkce';
}

/** The official client of a project at this address. */
export function officialClient(
	url: string,
	{ keys = 'legacy', runAs = 'serviceRole', flow = 'implicit' }: Caller = {},
): SupabaseClient {
	const { publishableKey, secretKey } = projectKeys[keys];
	return createClient(url, runAs === 'serviceRole' ? secretKey : publishableKey, {
		...(typeof runAs === 'object' && { accessToken: () => Promise.resolve(runAs.accessToken) }),
		auth: { persistSession: false, autoRefreshToken: false, flowType: flow },
		// Node 20 has no websocket of its own, without which the client refuses to start.
		realtime: { transport: WebSocket as never },
	});
}
