import { InvalidRequestError, SupabaseApiError, type ErrorParts, type Outcome } from '../errors';
import { objectOf } from '../json';

/** Why a connection or a channel is not what it should be. */
export interface Fault {
	readonly reason: SupabaseApiError;
	/** Whether it stays so until a person does something about it. */
	readonly final: boolean;
}

/** Codes of what the client itself finds out. */
export type OwnCode = keyof typeof OWN;

/** What the client itself finds out, by its code. */
const OWN = {
	SOCKET_TIMEOUT: {
		message: 'The connection was not made in time',
		hint: 'Check the Project URL in the credential. A proxy or firewall between may not let websockets through.',
	},
	SOCKET_SILENT: {
		message: 'The server did not answer any more',
		hint: 'The connection is made anew. If it happens often, a proxy between may cut connections that last.',
	},
	NOT_CONNECTED: {
		message: 'There is no connection to Realtime',
		hint: 'It is made anew by itself.',
	},
	NOT_JOINED: { message: 'The channel is not joined', hint: 'It is joined anew by itself.' },
	LEFT: { message: 'The channel was left', hint: 'Join it again.' },
	CHANNEL_CLOSED: {
		message: 'The server closed the channel',
		hint: 'It is joined anew by itself.',
	},
	JOIN_TIMEOUT: {
		message: 'The server did not answer the join in time',
		hint: 'Its database may be down or overloaded.',
	},
	SUBSCRIBE_TIMEOUT: {
		message: 'The server did not confirm the subscription in time',
		hint: 'Its database may be overloaded or have no replication slot left (max_replication_slots, max_wal_senders).',
	},
	TOKEN_TIMEOUT: {
		message: 'The server did not confirm the new access token in time',
		hint: 'The channel is joined anew by itself.',
	},
	BINDING_MISMATCH: {
		message: 'The server has subscribed to something else than was asked for',
		hint: 'Its version may not know a setting of the subscription, such as column selection.',
	},
	PUSH_TIMEOUT: {
		message: 'The server did not answer the message in time',
		hint: 'It may have been sent all the same.',
	},
	PROXY_NOT_SUPPORTED: {
		message: 'The proxy that the environment names cannot carry websockets',
		hint: 'Use a proxy with http:// or https:// in HTTPS_PROXY, or name the host of the Project URL in NO_PROXY.',
	},
} as const satisfies Record<string, ErrorParts>;

/** A fault that the client found out; it mends itself unless told otherwise. */
export function ownFault(code: OwnCode, outcome: Outcome = 'notSent', final = false): Fault {
	return { reason: new SupabaseApiError('realtime', outcome, { ...OWN[code], code }), final };
}

/** The same fault for a message that was sent before it, and may have been carried out. */
export function unanswered({ reason, final }: Fault): Fault {
	const { message, code, details, hint } = reason;
	const parts = { message, code, details, hint };
	return { reason: new SupabaseApiError('realtime', 'unknown', parts), final };
}

/** What the codes mean by which a websocket is closed. */
const CLOSES: Readonly<Record<number, string>> = {
	1000: 'The server closed the connection, as it does with silent ones',
	1001: 'The server closed the connection',
	1005: 'The connection was closed without a reason',
	1006: 'The connection broke',
	1009: 'The connection was closed, as a message was too large',
	1011: 'The server closed the connection because of a failure of its own',
	1012: 'The server restarts',
	1013: 'The server asks to try again later',
};

/** What it means that a socket closed which we did not close. The code becomes `CLOSE_1006`. */
export function closeFault(code: number, said: string): Fault {
	const reason = new SupabaseApiError('realtime', 'notSent', {
		message: CLOSES[code] ?? `The connection was closed with code ${code}`,
		code: `CLOSE_${code}`,
		...(said && { details: said }),
		hint: 'It is made anew by itself.',
	});
	return { reason, final: false };
}

/** Codes of refused joins that stay until a person does something. */
const FINAL_JOINS = new Set([
	'JwtSignatureError',
	'JwtSignerError',
	'MalformedJWT',
	'PrivateOnly',
	'RealtimeDisabledForConfiguration',
	'RealtimeDisabledForTenant',
	'TenantNotFound',
	'TopicNameRequired',
	'UnableToReplayMessages',
	'Unauthorized',
]);

/**
 * Reads why a join, or another message, was refused.
 *
 * @param response `{reason: "Code: text"}`, a text, or nothing that says anything
 */
export function refusalFault(response: unknown): Fault {
	const { reason } = objectOf(response) ?? {};
	const said = typeof response === 'string' ? response : reason;
	const text = typeof said === 'string' && said ? said : 'The server refused it without a reason';
	const [, code, message = text] = /^(\w+): ([^]*)$/.exec(text) ?? [undefined, codeOf(text), text];
	const final =
		(code !== undefined && FINAL_JOINS.has(code)) ||
		(code === 'InvalidJWTToken' && !/has expired/.test(text));
	return { reason: new SupabaseApiError('realtime', 'refused', { message, code }), final };
}

/** Some are bare words that serve as a code: `payload_size_exceeded`. */
function codeOf(text: string): string | undefined {
	return /^\w+$/.test(text) ? text : undefined;
}

/** Codes of PostgreSQL for what passes: connections, resources, intervention, the system. */
const PASSING = /Exception: (?!ERROR \w{5})|Exception: ERROR (08|40|53|55|57|58|XX)/;

/**
 * Reads a `system` message that is an error.
 *
 * The server does not try again what it refused to subscribe to, but for timeouts of its database.
 */
export function systemFault(extension: string, message: string): Fault {
	const final =
		extension === 'postgres_changes' && !/timeout/i.test(message) && !PASSING.test(message);
	return {
		reason: new SupabaseApiError('realtime', 'refused', { message, code: `system:${extension}` }),
		final,
	};
}

/** What it means that whose rights we have could not be found out. */
export function grantFault(error: unknown): Fault {
	if (error instanceof SupabaseApiError) {
		const { outcome, status = 0 } = error;
		const isRefused = outcome === 'refused' && status < 500 && status !== 408 && status !== 429;
		return { reason: error, final: isRefused };
	}
	if (error instanceof InvalidRequestError) {
		const { message, hint } = error;
		const parts = { message, hint, ours: true } as const;
		return { reason: new SupabaseApiError('realtime', 'notSent', parts), final: true };
	}
	const { message } = Object(error) as Partial<Error>;
	const parts = { message: message ?? String(error) };
	return { reason: new SupabaseApiError('realtime', 'notSent', parts), final: false };
}
