import type { SupabaseApiError } from '../errors';
import type { Broadcast, Change, PresenceEvent, PresenceState, SystemMessage } from './events';

/**
 * Where a channel stands.
 *
 * - `joining`: it waits for a socket, for a token or for the answer to its join.
 * - `joined`: the server has answered. That does not mean that anything flows.
 * - `subscribed`: all that was asked for flows: changes by the server's own word, and so messages
 *   from the database with `replicationReady`; without either at once. It is said again each time
 *   the server says so again (a new token, a change of the publication, a new join), with `times`
 *   counting up: whatever was missed meanwhile is never sent.
 * - `refused`: the server will not have it so. `final` means that this does not mend itself.
 * - `lost`: it was joined, and is not any more, or what it gets is not reliable any more.
 * - `left`: by us, for good.
 *
 * After `refused` and `lost` it is joined again by itself, at about `until` (milliseconds since
 * 1970, missing while there is no socket); who does not want that, leaves it. After a final refusal
 * that takes minutes.
 */
export type ChannelState =
	| { readonly name: 'joining' | 'joined' | 'left' }
	| { readonly name: 'subscribed'; readonly times: number }
	| {
			readonly name: 'refused';
			readonly reason: SupabaseApiError;
			readonly final: boolean;
			readonly until?: number;
	  }
	| { readonly name: 'lost'; readonly reason: SupabaseApiError; readonly until?: number };

/**
 * What a channel's owner is told, in order and one call at a time. What a listener throws is its own
 * fault: it goes to `onState`'s owner as an uncaught exception would, so let it throw nothing.
 */
export interface Listener {
	onState?(state: ChannelState): void;
	onChange?(change: Change): void;
	onBroadcast?(broadcast: Broadcast): void;
	onPresence?(event: PresenceEvent): void;
	/** Every word of the server about the channel, those among it that `onState` tells. */
	onSystem?(message: SystemMessage): void;
}

/** A subscription that is held up, through as many joins and sockets as it takes. */
export interface Channel {
	/** Where it stands now. */
	readonly state: ChannelState;
	/** Who is there, as far as is known. */
	readonly presence: PresenceState;
	/**
	 * Sends a message of the protocol and waits for its answer.
	 *
	 * @param options.timeout in milliseconds; 10 seconds unless given
	 * @returns the `response` of the answer
	 * @throws SupabaseApiError when it could not be sent (`notSent`), was refused (`refused`), or was
	 * not answered (`unknown`)
	 */
	push(event: string, payload: unknown, options?: { readonly timeout?: number }): Promise<unknown>;
	/**
	 * Sends a message to all in the room. With `broadcast.ack` of the subscription it waits for the
	 * server's answer, which says that the message was taken, not that the sender had the right to.
	 *
	 * @param payload an object, or bytes (which only clients with serializer 2.0.0 get)
	 * @throws SupabaseApiError as `push`
	 * @throws InvalidRequestError for what cannot be sent
	 */
	broadcast(
		event: string,
		payload: Readonly<Record<string, unknown>> | Uint8Array,
		options?: { readonly timeout?: number },
	): Promise<void>;
	/**
	 * Says that we are there, or what has changed with us. At most 5 calls of `track` and `untrack` in
	 * 30 seconds, or the server closes the channel.
	 *
	 * @throws SupabaseApiError as `push`
	 */
	track(presence: Readonly<Record<string, unknown>>): Promise<void>;
	/** Takes back what `track` said. Throws as `track`. */
	untrack(): Promise<void>;
	/**
	 * Joins anew, and leaves the old join once the new one is subscribed and a moment has passed: what
	 * both bring is handed out once.
	 *
	 * @throws SupabaseApiError when the new join is refused or not subscribed in time; a channel that
	 * was subscribed goes on with its old join
	 */
	rejoin(): Promise<void>;
	/** Leaves for good. Nothing comes any more once it is called. Never throws. */
	leave(): Promise<void>;
}
