import type { Advice } from './advice';

export const POLICIES =
	"Write policies on realtime.messages for the role: FOR SELECT to listen, FOR INSERT to send, USING or WITH CHECK (realtime.topic() = 'the name').";

/** What a channel may not ask for, and what becomes of messages in it. */
export const SUBSCRIPTIONS: readonly Advice[] = [
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
		message: /^(No subscription params provided|Error parsing `select` params)/,
		title: 'Realtime cannot read what is subscribed to',
		mend: 'Choose schema and table, and write filter and columns as text.',
	},
	{
		message: /^Column selection is not supported for wildcard subscriptions/,
		title: 'Columns can be chosen only of one table',
		mend: 'Choose schema and table, or leave the columns out.',
	},
	{
		code: /^TopicNameRequired$/,
		title: 'The channel has no name',
		mend: 'Give it one of 1 to 246 bytes.',
	},
	{
		code: /^UnableToReplayMessages$/,
		message: /public channels/,
		title: 'Replay is for private channels alone',
		mend: 'Switch Private on, or leave replay out.',
	},
	{
		code: /^UnableToReplayMessages$/,
		title: 'Realtime cannot read since when messages are to be replayed',
		mend: 'Give a time in milliseconds, and at most 25 messages.',
	},
	{
		message: /^Presence track payload must be a map$/,
		title: 'What is said to be present is not an object',
		mend: 'Put it under a name, such as {"value": 5}.',
	},
	{
		message: /^unmatched topic$/,
		title: 'The server does not know the channel any more',
		mend: 'It is joined anew by itself.',
	},
	{
		code: /^UnknownErrorOnChannel$/,
		title: 'Realtime failed with a setting of the channel',
		mend: 'Its version may not know the setting: leave replay and columns out, or update it.',
	},
	{
		message: /^The server refused it without a reason$/,
		title: 'Realtime refused it without a reason',
		mend: `In a private channel the right may be missing. ${POLICIES}`,
	},
	{
		code: /^PUSH_TIMEOUT$/,
		title: 'Realtime did not confirm the message',
		mend: `In a private channel the right to send may be missing, which Realtime does not say over a websocket. ${POLICIES}`,
	},
];
