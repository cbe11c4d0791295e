import type { SupabaseApiError } from '../api/errors';
import { storageAdvice } from './storageAdvice';

export interface Advice {
	/** Code of the service, of PostgreSQL or of the gateway. */
	readonly code: RegExp;
	/** Where one code stands for several troubles: what the message says. */
	readonly message?: RegExp;
	/** What to do. */
	readonly mend: string;
}

const RELOAD_CACHE =
	"If it was made just now, reload the schema cache: run NOTIFY pgrst, 'reload schema' in the SQL editor.";
const FRESH_TOKEN = 'Sign in again, or refresh the session, and use the new access token.';
const CHECK_KEYS =
	'Copy the keys again from the dashboard, Project Settings, API Keys, into the credential.';

/** How to mend what the database's REST interface and the gateway before it refuse; the first that fits. */
const ADVICE: readonly Advice[] = [
	{
		code: /^42501$/,
		message: /row-level security/,
		mend: 'A policy of the table does not let this role write this row. Add a policy for INSERT or UPDATE whose WITH CHECK holds for it, or choose another Run As. To get rows back, a SELECT policy must let the role read them too.',
	},
	{
		code: /^42501$/,
		message: /for function/,
		mend: 'The role may not call this function. Allow it, for example: GRANT EXECUTE ON FUNCTION the_function TO authenticated.',
	},
	{
		code: /^42501$/,
		mend: 'The role has no right to this table or column. Grant it, for example: GRANT SELECT, INSERT ON the_table TO authenticated. New tables are no longer granted to the API roles by themselves, service_role included.',
	},
	{ code: /^PGRST205$|^42P01$/, mend: `Check Table and Schema. ${RELOAD_CACHE}` },
	{ code: /^PGRST204$|^42703$/, mend: `Check the column's name and case. ${RELOAD_CACHE}` },
	{
		code: /^PGRST106$|^3F000$/,
		mend: 'Choose one of the exposed schemas, or expose it: dashboard, Project Settings, Data API, Exposed schemas.',
	},
	{
		code: /^PGRST100$/,
		mend: 'Check the filters, the columns and the order for a typing mistake.',
	},
	{
		code: /^PGRST(101|117)$/,
		mend: 'What has this name cannot be used so. Check whether it is a table or a function.',
	},
	{
		code: /^PGRST102$/,
		mend: 'What was sent could not be read. Give each row, or the arguments, as an object of names and values.',
	},
	{ code: /^PGRST103$/, mend: 'Lower Offset: no row stands there.' },
	{
		code: /^PGRST107$/,
		message: /pgrst\.plan/,
		mend: "Query plans are switched off. To allow them: ALTER ROLE authenticator SET pgrst.db_plan_enabled = 'true'; NOTIFY pgrst, 'reload config'.",
	},
	{ code: /^PGRST107$/, mend: 'Choose another form to return: this one is not to be had here.' },
	{
		code: /^PGRST116$/,
		mend: 'Narrow or widen the filters until one row meets them, or return rows.',
	},
	{
		code: /^PGRST122$/,
		mend: 'The REST interface of the project does not know one of the Options, or its value. Remove it, or update the project.',
	},
	{
		code: /^PGRST124$/,
		mend: 'Nothing was changed. Narrow the filters, or raise Maximum Rows Changed.',
	},
	{
		code: /^PGRST128$/,
		mend: 'Remove Maximum Rows Changed: it is for functions that return a set.',
	},
	{
		code: /^PGRST125$/,
		mend: 'Check the Project URL in the credential: nothing may stand behind its host but the path of a self-hosted project.',
	},
	{
		code: /^PGRST126$/,
		mend: 'The project does not describe its tables (openapi-mode is disabled): type their names by hand.',
	},
	{
		code: /^PGRST202$/,
		mend: `Check Schema, Function and the names of the arguments: a function is found by all of them. ${RELOAD_CACHE}`,
	},
	{
		code: /^PGRST203$/,
		mend: 'Several functions of this name take these arguments. Give an argument that only one of them has, or rename one of them.',
	},
	{
		code: /^PGRST(108|118|120)$/,
		mend: 'Add the related table to Columns, for example *, related_table(*).',
	},
	{
		code: /^PGRST20[01]$/,
		mend: `Check the foreign keys between the tables; where there are several, name one: related_table!foreign_key(*). ${RELOAD_CACHE}`,
	},
	{
		code: /^PGRST123$/,
		mend: "Aggregates are switched off. To allow them: ALTER ROLE authenticator SET pgrst.db_aggregates_enabled = 'true'; NOTIFY pgrst, 'reload config'.",
	},
	{ code: /^PGRST301$/, mend: `The token is not valid for this project. ${FRESH_TOKEN}` },
	{
		code: /^PGRST303$/,
		mend: `The token has expired or makes a claim that does not hold. ${FRESH_TOKEN}`,
	},
	{
		code: /^PGRST300$/,
		mend: 'The REST interface has no secret to check tokens with: set PGRST_JWT_SECRET of the self-hosted project.',
	},
	{ code: /^PGRST302$/, mend: 'Anonymous access is switched off: choose another Run As.' },
	{
		code: /^PGRST00[0-3]$/,
		mend: 'The database is not available to the REST interface. Is the project paused, or out of connections? Try again in a while.',
	},
	{
		code: /^23505$/,
		mend: 'Give another value, leave the column out if it fills itself, or change the existing row.',
	},
	{
		code: /^23503$/,
		message: /^update or delete/,
		mend: 'Other rows still refer to this one. Delete or change those first.',
	},
	{
		code: /^23503$/,
		mend: 'The row that this one refers to does not exist. Write that one first.',
	},
	{ code: /^23502$/, mend: 'Give the column a value, or a default in the database.' },
	{ code: /^23514$/, mend: "Give a value that the table's check allows." },
	{ code: /^22P02$|^22007$/, mend: "Give a value in the form of the column's type." },
	{ code: /^22003$/, mend: "The number is too large for the column's type." },
	{ code: /^22001$/, mend: 'Shorten the text, or widen the column.' },
	{ code: /^22P05$/, mend: 'Remove the character with code 0 from the text.' },
	{
		code: /^428C9$/,
		mend: 'The database fills this column itself: leave it out of the row.',
	},
	{
		code: /^57014$/,
		mend: 'The statement took too long for this role. Ask for less at once, add an index for the filter, or raise statement_timeout of the role.',
	},
	{
		code: /^21000$/,
		message: /WHERE clause/,
		mend: 'The database changes no rows without a filter. Add one, or switch on Apply to All Rows.',
	},
	{
		code: /^21000$/,
		mend: 'Two items are about the same row, which can be changed once only. Remove duplicates before.',
	},
	{
		code: /^25006$/,
		mend: 'A read-only call cannot write: set Call As to Reading and Writing (POST).',
	},
	{
		code: /^42P10$/,
		mend: 'Conflict Columns have to be all columns of the primary key or of a unique constraint.',
	},
	{
		code: /^42883$/,
		message: /st_asgeojson/,
		mend: 'GeoJSON needs the extension PostGIS: dashboard, Database, Extensions.',
	},
	{ code: /^42883$/, mend: "The operator or function does not fit the column's type." },
	{ code: /^P0001$|^PT...$/, mend: 'A function or trigger of the database raised this.' },
];

const BY_STATUS: Readonly<Record<number, string>> = {
	401: `The key or token was not accepted. ${CHECK_KEYS}`,
	403: `The key or token has no right to this. ${CHECK_KEYS}`,
	404: 'Nothing is at that address. Check the Project URL in the credential.',
	413: 'The request is too large: send less at once (Rows per Request in Options).',
	429: 'Too many requests. Wait a while, or send fewer at once.',
	500: 'The service failed. The logs in the dashboard tell more.',
	502: 'The service did not answer its gateway. Is the project paused or starting?',
	503: 'The service is not available. Is the project paused or starting?',
	504: 'The service did not answer its gateway in time. Ask for less at once.',
};

/** What a person can do about an error; `undefined` where nothing better is known than what it says. */
export function adviceFor(error: SupabaseApiError): string | undefined {
	if (error.service === 'storage') return storageAdvice(error);
	const { code = '', status = 0, message } = error;
	const advice = ADVICE.find(
		(entry) => entry.code.test(code) && (entry.message?.test(message) ?? true),
	);
	return advice?.mend ?? BY_STATUS[status];
}
