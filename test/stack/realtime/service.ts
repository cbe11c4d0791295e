import { json } from 'node:stream/consumers';

import { keyRole } from '../keyCheck';
import type { StartService } from '../service';
import { startRealtime, type RealtimeAction } from './realtime';

/**
 * Realtime as a part of the stack, in both versions of the Phoenix protocol: changes of the tables in the
 * publication `supabase_realtime`, read from the database's own log, policies asked as the subscriber;
 * broadcast over socket, HTTP and `realtime.send`; presence; private channels and replay. Nothing is read
 * from the database until somebody joins.
 *
 * Tests in another process change it by `realtimeControl()` (control.ts), which calls:
 *
 * - `GET`/`POST /__control/realtime`: the settings (settings.ts): delays, limits and lasting faults, such as
 *   `{"acceptNothing":true}`, `{"answerNothing":true}`, `{"refuseUpgrade":{"status":429,"times":2}}`,
 *   `{"refuseJoin":{"reason":"…"}}`, `{"system":"none"}`, `{"eventsPerSecond":5}`, `{"loseChanges":3}`
 * - `POST /__control/realtime/act`: one action (realtime.ts): `close`, `mute`, `disconnect`, `deafen`, `mend`,
 *   `subscribeAgain`, `system`, `expire`, `busy`, `crash`, `reset`
 * - `GET /__control/realtime/state`: sockets, channels, reader, and counts of what was sent, refused and lost
 *
 * Other faults are made in the database, as they really come: `alter publication supabase_realtime drop
 * table …` (noticed after `publicationMs`), a policy that raises an error, `delete from
 * realtime.subscription`, `pg_terminate_backend` of the reader, large values, rights that were taken away.
 */
export const startRealtimeService: StartService = async ({ sql, databaseUrl, keys }) => {
	const realtime = await startRealtime({
		sql,
		databaseUrl,
		jwtSecret: keys.jwtSecret,
		exchange: (key) => {
			const role = key.startsWith('sb_') ? keyRole(key, keys) : undefined;
			if (!role) return key;
			return role === 'service_role' ? keys.serviceRoleJwt : keys.anonJwt;
		},
	});
	return {
		route: realtime.route,
		controls: {
			'GET realtime': () => realtime.settings,
			'POST realtime': async (request) =>
				void Object.assign(realtime.settings, await json(request)),
			'POST realtime/act': async (request) =>
				await realtime.act((await json(request)) as RealtimeAction),
			'GET realtime/state': () => realtime.state(),
		},
		close: realtime.close,
	};
};
