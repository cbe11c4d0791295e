import type { Advice, Found, Word } from './advice';

const EXPOSE =
	'Switch on Expose Queues via PostgREST: dashboard, Integrations, Queues, Settings (on a server of your own: add pgmq_public to the exposed schemas).';
const INSTALL =
	"The Supabase Realtime node gives it (Setup: Get SQL, SQL To: Install the Functions Alone): run it in the dashboard's SQL editor.";
const EITHER = `${EXPOSE} Or install this pack's SQL, which serves Service Role as well, but for Pop. ${INSTALL}`;
const OTHER_ROLE = 'Or choose Service Role in Run As.';
const ENABLE = 'Switch Queues on: dashboard, Integrations, Queues.';

/** What the functions of queues refuse over the REST interface, told by the names in what they say. */
export const QUEUES: readonly Advice[] = [
	{
		code: /^42P01$/,
		message: /^relation "pgmq\.[qa]_(?<name>.+)" does not exist/,
		title: 'There is no queue {name}',
		mend: 'Check the name, or choose Queue from its list. A new one is made by the resource Queue, operation Create, or in the dashboard under Integrations, Queues.',
	},
	{
		code: /^42P01$/,
		message: /^relation "pgmq\.[qa]_" does not exist/,
		title: 'The name of the queue is empty',
		mend: 'Check what the expression for Queue gives.',
	},
	{
		code: /^42P01$/,
		message: /^relation "pgmq\./,
		title: 'Queues are not set up in this project',
		mend: ENABLE,
	},
	{
		code: /^PGRST106$/,
		message: /Invalid schema: pgmq/,
		title: 'Queues are not exposed to the API',
		mend: EITHER,
	},
	{
		code: /^PGRST202$/,
		message: /function pgmq_public\.(?<name>\w+)/,
		title: 'The project has no function pgmq_public.{name} that fits',
		mend: EITHER,
	},
	{
		code: /^PGRST202$/,
		message: /function public\.n8n_queue_/,
		on: /^queue\.list$/,
		title: "Listing queues takes this pack's SQL, which is not installed in the project",
		mend: `Choose By Name and type the queue. Or install it: ${INSTALL}`,
	},
	{
		code: /^PGRST202$/,
		message: /function public\.n8n_queue_/,
		title: "This pack's SQL for queues is not installed in the project, or of another version",
		mend: INSTALL,
	},
	{
		code: /^42501$/,
		message: /^permission denied for function n8n_queue_/,
		title: "The role may not call this pack's SQL for queues",
		mend: `It is for Service Role alone: choose that in Run As. If it is chosen, install the SQL again. ${INSTALL}`,
	},
	{
		code: /^42501$/,
		message: /^permission denied for schema pgmq/,
		title: 'The role has no right to use queues',
		mend: `Switch Expose Queues via PostgREST off and on again: dashboard, Integrations, Queues, Settings. It grants what is missing. ${OTHER_ROLE}`,
	},
	{
		code: /^42501$/,
		message: /row-level security policy for table "[qa]_(?<name>.+)"/,
		on: /^message\./,
		title: 'No policy of the queue {name} lets the role {role} do this',
		mend: `Add one in the SQL editor; in place of true, say which messages: CREATE POLICY "{role} uses {name}" ON {queueSql} FOR ALL TO {role} USING (true) WITH CHECK (true); ${OTHER_ROLE}`,
	},
	{
		code: /^42501$/,
		message: /^permission denied for table [qa]_(?<name>.+)/,
		on: /^message\./,
		title: 'The role {role} has no right to the queue {name}',
		mend: `Grant it in the SQL editor: {grantsSql} Row level security has to be on, and a policy to say which messages. ${OTHER_ROLE}`,
	},
	{
		code: /^(42883|3F000)$/,
		message: /^(function|schema "?)\s*pgmq\b/,
		title: "A function of the extension pgmq is not there, or not in this project's version",
		mend: `${ENABLE} If they are on, switch Expose Queues via PostgREST off and on again, and install this pack's SQL anew.`,
	},
	{
		code: /^P0001$/,
		message: /^queue name contains invalid characters/,
		title: "The name of the queue holds one of $ ; ' or --",
		mend: 'Check the name, or choose Queue from its list.',
	},
	{
		code: /^P0001$/,
		message: /^msgs cannot be NULL or empty/,
		title: 'There is no message to send',
		mend: 'Give at least one.',
	},
	{
		code: /^22023$/,
		message: /^queue name must be/,
		title: 'This cannot be the name of a new queue',
		mend: 'Use up to 42 of the small letters a to z, digits and _, with a letter first, as in mail_to_send.',
	},
	{
		code: /^22023$/,
		message: /^visibility must be/,
		title: 'Not so many messages can be read at once, or for so long',
		mend: 'Give at least one second, and 1 to 1,000 messages at once.',
	},
	{
		code: /^23502$/,
		message: /column "vt" of relation "q_/,
		title: 'The number of seconds is empty',
		mend: 'Give Delay or Visibility Timeout a whole number of seconds.',
	},
	{
		code: /^2201W$/,
		title: 'Fewer than no messages were asked for',
		mend: 'Give Limit a whole number of 1 or more.',
	},
	{
		code: /^22004$/,
		message: /formatted as an SQL identifier/,
		title: 'The name of the queue is empty',
		mend: 'Check what the expression for Queue gives.',
	},
	{
		code: /^57014$/,
		on: /^(message|queue)\./,
		title: 'The database took too long and gave up: nothing was done',
		mend: 'Send or read fewer at once. A queue of many deleted messages is slow until vacuum has run, which a transaction that stays open elsewhere keeps from doing its work.',
	},
];

/** The words of these texts that come from what was asked for. */
export const QUEUE_WORDS: Readonly<Record<string, Word>> = {
	queueSql: (found) => `pgmq.${tableOf('q', found)}`,
	grantsSql(found, { role, operation = '' }) {
		if (!role) return undefined;
		const queue = `pgmq.${tableOf('q', found)}`;
		const archive = `GRANT SELECT, INSERT ON pgmq.${tableOf('a', found)} TO ${role};`;
		const all = `GRANT SELECT, INSERT, UPDATE, DELETE ON ${queue} TO ${role};`;
		return operation === 'message.archive' ? `${all} ${archive}` : all;
	},
};

function tableOf(kind: 'q' | 'a', { name = '' }: Found): string {
	const table = `${kind}_${name}`;
	return /^[a-z0-9_]+$/.test(table) ? table : `"${table.replaceAll('"', '""')}"`;
}
