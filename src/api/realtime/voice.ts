import type { Channel } from './channel';
import { ownFault, refusalFault } from './faults';
import type { Join } from './join';
import type { Outgoing } from './socket';
import { checkName, type Subscription } from './subscription';
import type { Timings } from './timings';

/** What a channel has to say. */
export interface Voice {
	readonly methods: Pick<Channel, 'push' | 'broadcast' | 'track' | 'untrack'>;
	/** Says on a new join what was last said to be tracked. */
	trackAgain(join: Join): void;
}

/**
 * Speaks for a channel.
 *
 * @param join the join to speak on; `undefined` while there is none
 */
export function voiceOf(
	{ broadcast }: Subscription,
	timings: Timings,
	join: () => Join | undefined,
): Voice {
	let tracked: Readonly<Record<string, unknown>> | undefined;
	const push = async (event: string, payload: unknown, timeout = timings.push) =>
		await ask(join(), event, payload, timeout);
	const track = () => ({ type: 'presence', event: 'track', payload: tracked });
	return {
		methods: {
			push: async (event, payload, { timeout } = {}) => await push(event, payload, timeout),
			async broadcast(event, payload, { timeout } = {}) {
				checkName('event', event);
				const message = { type: 'broadcast', event, payload };
				if (broadcast?.ack) {
					await push('broadcast', message, timeout);
					return;
				}
				const on = join();
				if (!on) throw ownFault('NOT_JOINED').reason;
				on.socket.send(messageOf(on, 'broadcast', message));
			},
			async track(presence) {
				tracked = presence;
				await push('presence', track());
			},
			async untrack() {
				tracked = undefined;
				await push('presence', { type: 'presence', event: 'untrack' });
			},
		},
		trackAgain(on) {
			if (tracked) on.socket.send(messageOf(on, 'presence', track()));
		},
	};
}

/**
 * Sends a message on a channel and waits for its answer.
 *
 * @param join `undefined` while the channel is not joined
 * @param timeout in milliseconds
 * @returns the `response` of the answer
 * @throws SupabaseApiError when it was not sent, was refused, or was not answered
 */
export async function ask(
	join: Join | undefined,
	event: string,
	payload: unknown,
	timeout: number,
): Promise<unknown> {
	if (!join) throw ownFault('NOT_JOINED').reason;
	return await new Promise((resolve, reject) => {
		join.socket.ask(messageOf(join, event, payload), timeout, (reply) => {
			if (reply.status === 'ok') resolve(reply.response);
			else reject((reply.status === 'none' ? reply.fault : refusalFault(reply.response)).reason);
		});
	});
}

function messageOf({ topic, ref }: Join, event: string, payload: unknown): Outgoing {
	return { topic, event, payload, joinRef: ref };
}
