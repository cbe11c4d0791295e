import type { Advice, ServiceAdvice } from './advice';
import { POLICIES, SUBSCRIPTIONS } from './realtimeSubscriptions';
import { textOf } from './texts';

const CHECK_KEYS =
	'Copy the keys again from the dashboard, Project Settings, API Keys, into the credential.';
const FRESH_TOKEN = 'Sign in again, or refresh the session, and use the new access token.';
const SETTINGS = 'It is in the dashboard under Realtime, Settings.';
const LATER =
	'Wait a while, or do less at once. The limits of the project are in the dashboard under Realtime, Settings.';

/** Of the upgrade and of requests, in the body; and of refused joins, by their code. */
const KEYS_AND_TOKENS: readonly Advice[] = [
	{
		code: /^InvalidJWTToken$/,
		message: /has expired/,
		title: 'The access token has expired',
		mend: FRESH_TOKEN,
	},
	{
		message: /Token has expired/,
		title: 'The key or access token has expired',
		mend: `${FRESH_TOKEN} If it is a key: ${CHECK_KEYS}`,
	},
	{
		code: /^(InvalidJWTToken|JwtSignatureError|MalformedJWT|JwtSignerError)$/,
		title: 'Realtime did not accept the access token',
		mend: `It has to be one of this project. ${FRESH_TOKEN}`,
	},
	{
		message: /not a valid JWT|validate JWT signature|API key is missing|required in JWT/,
		title: 'Realtime did not accept the key',
		mend: CHECK_KEYS,
	},
	{
		message: /^:signature_error$/,
		title: 'Realtime did not accept the access token',
		mend: `It has to be one of this project. ${FRESH_TOKEN}`,
	},
	{
		message: /^You do not have permissions to read from this Channel topic/,
		title: 'There is no right to listen in the private channel',
		mend: `${POLICIES} Service Role in Run As needs none.`,
	},
	{
		code: /^Unauthorized$/,
		title: 'There is no right to listen in the private channel',
		mend: `${POLICIES} Service Role in Run As needs none.`,
	},
	{
		status: /^403$/,
		message: /^Unauthorized$/,
		title: 'There is no right to send to the private channel {channel}',
		mend: `${POLICIES} Service Role in Run As needs none.`,
	},
	{
		status: /^403$/,
		message: /^Unauthorized$/,
		title: 'There is no right to send to the private channel',
		mend: `${POLICIES} Service Role in Run As needs none.`,
	},
];

const PROJECT: readonly Advice[] = [
	{
		message: /Realtime was disabled|Tenant is suspended|RealtimeDisabled/,
		title: 'Realtime is switched off in the project',
		mend: `Switch it on. ${SETTINGS}`,
	},
	{ code: /^RealtimeDisabled/, title: 'Realtime is switched off in the project', mend: SETTINGS },
	{
		code: /^PrivateOnly$/,
		title: 'The project allows private channels alone',
		mend: `Switch Private on, or allow public channels. ${SETTINGS}`,
	},
	{
		message: /Tenant not found/,
		title: 'Realtime does not know the project',
		mend: 'Check the Project URL in the credential. A self-hosted Realtime knows projects by the first part of the host.',
	},
	{
		code: /^(ConnectionRateLimitReached|ClientJoinRateLimitReached|ChannelRateLimitReached|DatabaseConnectionRateLimitReached)$/,
		title: 'Too many connections or channels are open',
		mend: LATER,
	},
	{
		status: /^429$/,
		message: /Too many messages to broadcast/,
		title: 'The batch holds more messages than the project may send in a second',
		mend: 'Send fewer items at once, or choose One Request per Message in Send By.',
	},
	{
		status: /^429$/,
		title: 'The project turns messages or connections away: too many',
		mend: LATER,
	},
	{
		code: /^(payload_size_exceeded)$/,
		title: 'The message is larger than the project allows',
		mend: 'Put what is large into Storage or a table, and send where it is.',
	},
	{
		status: /^(413|422)$/,
		message: /size exceeds|too large/i,
		title: 'The message is larger than the project allows',
		mend: 'Put what is large into Storage or a table, and send where it is.',
	},
	{
		message: /^(Client presence rate limit exceeded|Too many messages per second)$/,
		title: 'Realtime closed the channel: too many messages',
		mend: LATER,
	},
	{
		message: /^Track message size exceeded$/,
		title: 'What was said to be present is larger than the project allows',
		mend: 'Put what is large into Storage or a table, and say where it is.',
	},
	{
		status: /^422$/,
		title: 'Realtime cannot read the message',
		mend: 'Each message needs a channel, an event and an object.',
	},
	{
		status: /^415$/,
		title: 'Realtime cannot read the message',
		mend: 'A proxy or gateway between may have changed the header Content-Type.',
	},
	{
		code: /^MissingPartition$/,
		title: 'Realtime has no place for messages in the database today',
		mend: 'It makes a partition of realtime.messages for each day, soon after somebody joins. Try again in a minute.',
	},
	{
		message: /^Replication connection was not established in time$/,
		title:
			'Messages from the database cannot arrive: Realtime did not get a replication connection',
		mend: 'The database may be overloaded or have no replication slot left (max_replication_slots, max_wal_senders).',
	},
	{
		status: /^404$/,
		title: 'The project does not know this way of sending',
		mend: 'An older Realtime, or the gateway before it where the channel has a slash in its name: choose Batches or Websocket in Send By.',
	},
];

/** What Realtime refuses, on its way in, in a channel or over REST. */
export const REALTIME: ServiceAdvice = {
	advice: [...KEYS_AND_TOKENS, ...PROJECT, ...SUBSCRIPTIONS],
	words: {
		channel: (_, context) => textOf(context, 'channel'),
		table: (_, context) => textOf(context, 'table'),
	},
};
