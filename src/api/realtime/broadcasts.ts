import { roundNumbers, textIfRounded } from './changes';
import type { Broadcast } from './events';
import type { ReceivedMessage } from './message';
import { mayBeRounded, readNumbers } from './rounding';

/** The payload of `broadcast`. */
interface Payload {
	readonly event?: unknown;
	readonly payload?: unknown;
	readonly meta?: { readonly id?: unknown; readonly replayed?: unknown };
}

/** Reads a broadcast; `undefined` for what has no event, which nobody can have sent. */
export function readBroadcast(
	message: ReceivedMessage,
	numbers: 'rounded' | 'text' = 'rounded',
): Broadcast | undefined {
	const read =
		numbers === 'text'
			? {
					payload: mayBeRounded(message)
						? readNumbers(message, textIfRounded, false)
						: message.payload,
				}
			: roundNumbers(message);
	const { event, payload, meta } = Object(read.payload) as Payload;
	if (typeof event !== 'string') return undefined;
	const id = meta?.id;
	return {
		event,
		payload,
		id: typeof id === 'string' ? id : undefined,
		replayed: meta?.replayed === true,
		rounded: 'rounded' in read ? read.rounded : undefined,
	};
}
