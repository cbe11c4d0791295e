import type { SupabaseApiError } from '../errors';
import type { Authority } from '../keys';
import type { Channel, Listener } from './channel';
import type { Serializer } from './message';
import type { Subscription } from './subscription';
import type { Timings } from './timings';

/**
 * Where the connection stands.
 *
 * `waiting`: it is lost or refused for this reason, and tried again at `until` (milliseconds since
 * 1970). `final` means that this does not mend itself, such as a refused key or a project without
 * Realtime; it is tried again all the same, after minutes: who does not want that, closes it.
 * `closed`: by us, for good.
 */
export type RealtimeState =
	| { readonly name: 'connecting' | 'open' | 'closed' }
	| {
			readonly name: 'waiting';
			readonly reason: SupabaseApiError;
			readonly final: boolean;
			readonly until: number;
	  };

/** On whose behalf a socket and its channels are, for how long. */
export interface Grant {
	readonly authority: Authority;
	/** When an access token ends, in milliseconds since 1970; read from the token unless given. */
	readonly expiresAt?: number;
}

export interface RealtimeOptions {
	/**
	 * Called before each connection, before each join, and before the token ends. Where it throws, the
	 * connection waits with that error as its reason.
	 */
	readonly authority: () => Promise<Grant>;
	readonly onState?: (state: RealtimeState) => void;
	/** Gets what `onState` or a listener threw, which stops nothing. */
	readonly onFault?: (error: unknown) => void;
	readonly timings?: Partial<Timings>;
	/** The form of messages; 2.0.0, which alone can carry bytes, unless given. */
	readonly serializer?: Serializer;
}

/** A connection to a project's Realtime that is held up until it is closed. */
export interface Realtime {
	/** Where it stands now. */
	readonly state: RealtimeState;
	/** All channels that were joined and not left. */
	channels(): readonly Channel[];
	/**
	 * Joins a channel as soon as there is a socket, and again whenever it is lost. A join that is
	 * refused blocks its whole socket for five seconds.
	 *
	 * @throws InvalidRequestError for a subscription that the server would refuse for its form
	 */
	join(subscription: Subscription, listener: Listener): Channel;
	/** Leaves all channels and closes the socket. No timer and no socket stays. Never throws. */
	close(): Promise<void>;
}
