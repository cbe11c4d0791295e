import type { Advice, ServiceAdvice } from './advice';
import { textOf } from './texts';

const CHECK_KEYS =
	'Copy the keys again from the dashboard, Project Settings, API Keys, into the credential.';
const FRESH_TOKEN = 'Sign in again, or refresh the session, and use the new access token.';
const SETTINGS = 'It is in the dashboard under Realtime, Settings.';
const LATER =
	'Wait a while, or do less at once. The limits of the project are in the dashboard under Realtime, Settings.';
const POLICIES =
	"Write policies on realtime.messages for the role: FOR SELECT to listen, FOR INSERT to send, USING or WITH CHECK (realtime.topic() = 'the name').";

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
		status: /^404$/,
		title: 'The project does not know this way of sending',
		mend: 'An older Realtime, or the gateway before it where the channel has a slash in its name: choose Batches or Websocket in Send By.',
	},
];

const SUBSCRIPTIONS: readonly Advice[] = [
	{
		message: /invalid column for (?<kind>filter|select) (?<column>\S+)/,
		title: 'There is no column {column} to be used in the {kind}, or no right to read it',
		mend: 'Check its name. The role needs SELECT on it.',
	},
	{
		message: /Unable to subscribe to changes[^]*Exception: ERROR \w+ \(\w+\) (?<said>[^]+)/,
		title: 'Realtime cannot subscribe to the table: {said}',
		mend: 'Check schema, table and filter.',
	},
	{
		message: /Unable to subscribe to changes/,
		title: 'Realtime does not send changes of the table {table}',
		mend: 'Check its name. It has to be in the publication: ALTER PUBLICATION supabase_realtime ADD TABLE the_table;',
	},
	{
		message: /Unable to subscribe to changes/,
		title: 'Realtime does not send changes of the table',
		mend: 'Check its name. It has to be in the publication: ALTER PUBLICATION supabase_realtime ADD TABLE the_table;',
	},
	{
		message: /Error parsing `filter` params: (?<said>[^]+)/,
		title: 'Realtime cannot read the filter: {said}',
		mend: 'It looks like status=eq.paid; the operators are eq, neq, lt, lte, gt, gte, in, like, ilike, match, imatch, is and isdistinct.',
	},
	{
		code: /^PUSH_TIMEOUT$/,
		title: 'Realtime did not confirm the message',
		mend: `In a private channel the right to send may be missing, which Realtime does not say over a websocket. ${POLICIES}`,
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
