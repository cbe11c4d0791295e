import type { Advice } from './advice';

const OTHER_ROLE = 'Or choose another Run As.';
const SEE_BACK =
	'To get rows back (Return: Rows), a policy for SELECT has to let the role read them, too.';

/** What the database refuses because the role lacks a right or a policy (42501). */
export const PRIVILEGES: readonly Advice[] = [
	{
		code: /^42501$/,
		message: /row-level security.* for table "(?<relation>.+)"/,
		on: /^row\.(insert|update|upsert)$/,
		title: 'No policy of table {relation} lets the role {role} {verb} this row',
		mend: `Add one in the SQL editor; in place of true, say which rows: {policySql} ${SEE_BACK} ${OTHER_ROLE}`,
	},
	{
		code: /^42501$/,
		message: /row-level security.* for table "(?<relation>.+)"/,
		title: 'No policy of table {relation} lets this role write this row',
		mend: `Add a policy for INSERT or UPDATE whose WITH CHECK holds for the row. ${SEE_BACK} ${OTHER_ROLE}`,
	},
	{
		code: /^42501$/,
		message: /^permission denied for function (?<name>.+)/,
		title: 'The role {role} may not call the function {name}',
		mend: `Allow it in the SQL editor: GRANT EXECUTE ON FUNCTION {name} TO {role}; ${OTHER_ROLE}`,
	},
	{
		code: /^42501$/,
		message:
			/^permission denied for (?:table|view|materialized view|foreign table) (?<relation>.+)/,
		title: 'The role {role} has no right to {verbs} table {relation}',
		mend: `Grant it in the SQL editor: GRANT {privileges} ON {relationSql} TO {role}; New tables are not granted to the API roles by themselves, service_role included. ${OTHER_ROLE}`,
	},
	{
		code: /^42501$/,
		message:
			/^permission denied for (?:table|view|materialized view|foreign table) (?<relation>.+)/,
		title: 'The role has no right to this part of table {relation}',
		mend: `Grant it in the SQL editor, for example: GRANT SELECT ON {relationSql} TO authenticated; ${OTHER_ROLE}`,
	},
	{
		code: /^42501$/,
		message: /^permission denied for sequence (?<name>.+)/,
		title: 'The role {role} may not take numbers from the sequence {name}',
		mend: `Allow it in the SQL editor: GRANT USAGE ON SEQUENCE {name} TO {role}; ${OTHER_ROLE}`,
	},
	{
		code: /^42501$/,
		message: /^permission denied for schema (?<name>.+)/,
		title: 'The role {role} may not use the schema {name}',
		mend: `Allow it in the SQL editor: GRANT USAGE ON SCHEMA {name} TO {role}; ${OTHER_ROLE}`,
	},
	{
		code: /^42501$/,
		message: /^permission denied to set role "(?<name>.+)"/,
		title: 'The access token asks for the role {name}, which the API may not take',
		mend: 'Use a token whose claim role is authenticated, as sign-ins give it.',
	},
	{
		code: /^42501$/,
		message: /^permission denied|^must be owner/,
		title: 'The role has no right to this',
		mend: `Grant the right in the SQL editor, to what the database names below. ${OTHER_ROLE}`,
	},
	{
		code: /^42501$/,
		mend: `A function, trigger or policy of the database refused this. ${OTHER_ROLE}`,
	},
];
