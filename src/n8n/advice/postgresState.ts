import type { Advice } from './advice';

const LATER = 'Try again in a while.';
const OWN_ERROR = 'A function or trigger of the database raised this.';

/** What PostgreSQL refuses because of its own state, or of others' doings. */
export const STATE: readonly Advice[] = [
	{
		code: /^57014$/,
		message: /statement timeout/,
		title: 'The database took too long and gave up',
		mend: 'The statement took too long for this role. Ask for less at once, add an index for the filter, or raise statement_timeout of the role.',
	},
	{
		code: /^57014$/,
		message: /^canceling statement/,
		title: 'The statement was cancelled in the database',
		mend: 'Somebody or a time limit ended it. Try again, and ask for less at once.',
	},
	{
		code: /^57014$/,
		mend: 'Ask for less at once, add an index for the filter, or raise statement_timeout of the role.',
	},
	{
		code: /^40(001|P01)$/,
		message: /^deadlock detected|^could not serialize/,
		title: 'Another transaction was changing the same rows',
		mend: 'Run it again. Send rows in the same order everywhere, and fewer at once.',
	},
	{ code: /^40...$/, mend: 'Another transaction stood in the way: run it again.' },
	{
		code: /^55P03$/,
		message: /^could not obtain lock|lock timeout/,
		title: 'The row or table is locked by someone else',
		mend: LATER,
	},
	{ code: /^55P03$/, mend: `Someone else holds a lock. ${LATER}` },
	{
		code: /^53100$/,
		message: /space left|disk/i,
		title: "The database's disk is full",
		mend: 'Free space, or enlarge the disk: dashboard, Project Settings, Compute and Disk.',
	},
	{
		code: /^53...$/,
		mend: `The database is short of connections, memory or disk. ${LATER}`,
	},
	{
		code: /^54...$/,
		mend: 'The request is too large or too deep for the database: send less at once.',
	},
	{
		code: /^57P0.$/,
		message: /^terminating connection|^the database system is/,
		title: 'The database restarts, or ended the connection',
		mend: LATER,
	},
	{
		code: /^(08...|57P0.)$/,
		mend: `The database is not available, or restarts. ${LATER}`,
	},
	{ code: /^28...$/, mend: 'The role was not accepted by the database.' },
	{ code: /^P0001$|^PT...$/, mend: OWN_ERROR },
	{ code: /^P0...$/, mend: OWN_ERROR },
	{
		code: /^XX...$/,
		mend: 'The database failed inside. The logs in the dashboard tell more.',
	},
	{
		code: /^(?!PGRST)[0-9A-Z]{5}$/,
		mend: `${OWN_ERROR} What its code means: https://www.postgresql.org/docs/current/errcodes-appendix.html`,
	},
];
