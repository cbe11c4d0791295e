import type { Project } from '../../project';
import { openRealtime, type Grant } from '../../realtime/realtime';
import type { Timings } from '../../realtime/timings';
import type { Bell } from './options';

/** What a capture sends once a transaction, without content: `realtime.send('{}', 'ring', …, true)`. */
const RING = 'ring';

/**
 * The bell of a queue to which changes are captured: a private channel, `n8n:<queue>`. Without
 * Realtime it is never heard, and nothing else is wrong.
 */
export function realtimeBell(
	project: Project,
	authority: () => Promise<Grant>,
	queue: string,
	timings?: Partial<Timings>,
): Bell {
	return ({ ring, heard }) => {
		const realtime = openRealtime(project, {
			authority,
			timings,
			onState: ({ name }) => name !== 'open' && heard(false),
		});
		const subscription = {
			name: `n8n:${queue}`,
			private: true,
			broadcast: { replicationReady: true },
		};
		realtime.join(subscription, {
			onState: ({ name }) => heard(name === 'subscribed'),
			onBroadcast: ({ event }) => event === RING && ring(),
		});
		return { close: async () => await realtime.close() };
	};
}
