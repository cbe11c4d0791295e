import type { Advice, ServiceAdvice } from './advice';
import { DATABASE_WORDS } from './databaseWords';
import { REQUESTS } from './postgresRequests';
import { STATE } from './postgresState';
import { VALUES } from './postgresValues';
import { PRIVILEGES } from './privileges';
import { QUEUES, QUEUE_WORDS } from './queues';

const RELOAD_CACHE =
	"If it was made just now, reload the schema cache: run NOTIFY pgrst, 'reload schema' in the SQL editor.";
const FRESH_TOKEN = 'Sign in again, or refresh the session, and use the new access token.';
const SELECT_EXPRESSION =
	'Names have commas between, related tables have their columns in parentheses, as in name, countries(name); names with other signs than letters, digits and _ stand in double quotes.';

const POSTGREST: readonly Advice[] = [
	{
		code: /^PGRST205$|^42P01$/,
		on: /^row/,
		title: 'There is no table {table}. There is a table {sameTable}: names are case-sensitive.',
		mend: 'Choose {sameTable} in Table.',
	},
	{
		code: /^PGRST205$/,
		hint: /the table '(?:[^.']+\.)?(?<near>[^']+)'/,
		title: 'There is no table {table} in the schema {schema}',
		mend: `Do you mean {near}? Choose Table from the list. ${RELOAD_CACHE}`,
	},
	{
		code: /^PGRST205$/,
		title: 'There is no table {table} in the schema {schema}',
		mend: `Check Table and Schema. ${RELOAD_CACHE}`,
	},
	{
		code: /^PGRST205$/,
		message: /'(?<name>[^']+)'/,
		title: 'There is no table {name}',
		mend: `Check Table and Schema. ${RELOAD_CACHE}`,
	},
	{
		code: /^PGRST205$/,
		title: 'There is no such table',
		mend: `Check Table and Schema. ${RELOAD_CACHE}`,
	},
	{
		code: /^PGRST204$/,
		message: /the '(?<column>.+)' column of '(?<of>.+)'/,
		title:
			'Table {of} has no column "{column}". There is a column {sameColumn}: names are case-sensitive.',
		mend: 'Write {sameColumn}.',
	},
	{
		code: /^PGRST204$/,
		message: /the '(?<column>.+)' column of '(?<of>.+)'/,
		title: 'Table {of} has no column "{column}"{itHas}',
		mend: `Check the name of the field, or leave it out of the item. ${RELOAD_CACHE}`,
	},
	{
		code: /^PGRST106$/,
		message: /Invalid schema: (?<name>.*)/,
		hint: /are exposed: (?<schemas>.+)/,
		title: 'The schema {name} is not exposed',
		mend: 'Choose one of {schemas} in Schema, or expose it: dashboard, Project Settings, Data API, Exposed schemas.',
	},
	{
		code: /^PGRST106$/,
		title: 'The schema is not exposed',
		mend: 'Choose one of the exposed schemas, or expose it: dashboard, Project Settings, Data API, Exposed schemas.',
	},
	{
		code: /^PGRST100$/,
		message: /parse select parameter \((?<text>.*)\)" \(line 1, column (?<at>\d+)\)/s,
		title: 'The Select Expression "{text}" has a mistake at character {at}',
		mend: SELECT_EXPRESSION,
	},
	{
		code: /^PGRST100$/,
		message: /parse order \((?<text>.*)\)"/s,
		title: 'The order "{text}" cannot be read',
		mend: 'Order by columns of the table, of one related row, or by a path into JSON (address->>city).',
	},
	{
		code: /^PGRST100$/,
		message: /parse logic tree \((?<text>.*)\)"/s,
		title: 'The group of filters "{text}" cannot be read',
		mend: 'Check columns and operators. In PostgREST Text a condition is column.operator.value, and values come in by $1, $2.',
	},
	{
		code: /^PGRST100$/,
		message: /parse (?:filter|[\w ]+) \((?<text>.*)\)"/s,
		title: 'The filter "{text}" cannot be read',
		mend: 'Check columns, operators and values for a typing mistake.',
	},
	{
		code: /^PGRST100$/,
		title: 'A filter, the columns or the order cannot be read',
		mend: 'Check the filters, the columns and the order for a typing mistake.',
	},
	{
		code: /^PGRST(101|117)$/,
		title: 'What has this name cannot be used so',
		mend: 'Check whether it is a table or a function.',
	},
	{
		code: /^PGRST102$/,
		message: /All object keys must match/,
		title: 'The rows do not have the same columns',
		mend: 'Give each row the same columns.',
	},
	{
		code: /^PGRST102$/,
		message: /Content-Type not acceptable: (?<type>.*)/,
		title: 'Content of the type {type} is not taken here',
		mend: 'Give the arguments as JSON, or choose the type that the function takes.',
	},
	{
		code: /^PGRST102$/,
		title: 'What was sent could not be read as JSON',
		mend: 'Give each row, or the arguments, as an object of names and values.',
	},
	{
		code: /^PGRST103$/,
		details: /offset of (?<offset>\d+) .*only (?<count>\d+) rows/,
		title: 'Offset is {offset}, but there are {count} rows only',
		mend: 'Lower Offset: no row stands there.',
	},
	{
		code: /^PGRST103$/,
		title: 'No row stands at that Offset',
		mend: 'Lower Offset: no row stands there.',
	},
	{
		code: /^PGRST1(05|14|15)$/,
		title: 'A row is put by its whole primary key alone',
		mend: 'Filter by all columns of the primary key, with the values of the row, and by nothing else.',
	},
	{
		code: /^PGRST107$/,
		message: /pgrst\.plan/,
		title: 'Query plans are switched off in this project',
		mend: "To allow them: ALTER ROLE authenticator SET pgrst.db_plan_enabled = 'true'; NOTIFY pgrst, 'reload config'.",
	},
	{
		code: /^PGRST107$/,
		message: /available: (?<type>.*)/,
		title: 'The result is not to be had as {type}',
		mend: 'Choose another form to return.',
	},
	{
		code: /^PGRST107$/,
		title: 'The result is not to be had in this form',
		mend: 'Choose another form to return.',
	},
	{
		code: /^PGRST(108|120)$/,
		message: /^'(?<relation>.+)' is not an embedded/,
		title: 'A filter is about {relation}, which Columns do not ask for',
		mend: 'If it is a related table, add it to Columns, for example *, {relation}(*). A column with a dot in its name stands in double quotes.',
	},
	{
		code: /^PGRST118$/,
		message: /related order on '(?<relation>.+)' is not/,
		title: 'Rows cannot be ordered by {relation}: each may have several of it',
		mend: 'Order by a column of the table, or of a related table of which a row has one.',
	},
	{
		code: /^PGRST(108|118|120)$/,
		title: 'A related table is used that Columns do not ask for',
		mend: 'Add the related table to Columns, for example *, related_table(*).',
	},
	{
		code: /^PGRST116$/,
		details: /contains 0 rows/,
		title: 'No row meets the filters, but one was asked for',
		mend: 'Widen the filters, or choose One Row or None in Return.',
	},
	{
		code: /^PGRST116$/,
		details: /contains (?<count>\d+) rows/,
		title: '{count} rows were found, but one was asked for',
		mend: 'Narrow the filters until one row meets them, or return rows.',
	},
	{
		code: /^PGRST116$/,
		title: 'Not one row was found, but none or several',
		mend: 'Narrow or widen the filters until one row meets them, or return rows.',
	},
	{
		code: /^PGRST121$/,
		title: 'A function raises an error in a form that PostgREST cannot read',
		mend: "Give RAISE SQLSTATE 'PGRST' a JSON object with code and message as MESSAGE, and one with status and headers as DETAIL.",
	},
	{
		code: /^PGRST122$/,
		details: /preferences: (?<preference>.*)/,
		title: 'The project does not know {preference}',
		mend: 'Remove that option, or its value, or update the project.',
	},
	{
		code: /^PGRST122$/,
		title: 'The project does not know one of the Options',
		mend: 'Remove it, or its value, or update the project.',
	},
	{
		code: /^PGRST123$/,
		title: 'Aggregates are switched off in this project',
		mend: "To allow them: ALTER ROLE authenticator SET pgrst.db_aggregates_enabled = 'true'; NOTIFY pgrst, 'reload config'.",
	},
	{
		code: /^PGRST124$/,
		details: /affects (?<count>\d+) rows/,
		title:
			'{count} rows would change, more than Maximum Rows Changed ({maxAffected}). Nothing was changed.',
		mend: 'Narrow the filters, or raise Maximum Rows Changed.',
	},
	{
		code: /^PGRST124$/,
		title: 'More rows would change than Maximum Rows Changed. Nothing was changed.',
		mend: 'Narrow the filters, or raise Maximum Rows Changed.',
	},
	{
		code: /^PGRST128$/,
		title: 'Maximum Rows Changed is for functions that return a set of rows',
		mend: 'Remove Maximum Rows Changed from Options.',
	},
	{
		code: /^PGRST125$/,
		title: 'The address of the project is not right',
		mend: 'Check the Project URL in the credential: nothing may stand behind its host but the path of a self-hosted project.',
	},
	{
		code: /^PGRST126$/,
		title: 'The project does not describe its tables',
		mend: "Type their names by hand, or switch the description on: ALTER ROLE authenticator SET pgrst.openapi_mode = 'follow-privileges'; NOTIFY pgrst, 'reload config'.",
	},
	{
		code: /^PGRST202$/,
		message: /function (?:[^.(]+\.)?(?<name>[^ (]+)(?: without|\()/,
		hint: /the function (?:[^.(]+\.)?(?<near>.+)$/,
		title: 'There is no function {name} that takes {arguments}',
		mend: `Do you mean {near}? A function is found by its name and the names of all its arguments. ${RELOAD_CACHE}`,
	},
	{
		code: /^PGRST202$/,
		message: /function (?:[^.(]+\.)?(?<name>[^ (]+)(?: without|\((?<given>.*)\) in)/,
		title: 'There is no function {name} that takes {arguments}',
		mend: `Check Schema, Function and the names of the arguments: a function is found by all of them. ${RELOAD_CACHE}`,
	},
	{
		code: /^PGRST202$/,
		title: 'There is no such function',
		mend: `Check Schema, Function and the names of the arguments: a function is found by all of them. ${RELOAD_CACHE}`,
	},
	{
		code: /^PGRST203$/,
		title: 'Several functions of this name take these arguments',
		mend: 'Give an argument that only one of them has, or rename one of them.',
	},
	{
		code: /^PGRST200$/,
		message: /between '(?<one>.+)' and '(?<other>.+)' in/,
		title: 'Nothing relates {one} to {other}',
		mend: `There has to be a foreign key between the two tables. Check the name, and the foreign key where one is named. ${RELOAD_CACHE}`,
	},
	{
		code: /^PGRST201$/,
		message: /found for '(?<one>.+)' and '(?<other>.+)'/,
		hint: /following: (?<choices>.+?)\.? Find/s,
		title: '{one} and {other} are related in several ways',
		mend: 'Say which one is meant: {choices}.',
	},
	{
		code: /^PGRST20[01]$/,
		title: 'Tables are related in several ways, or in none',
		mend: `Check the foreign keys between the tables; where there are several, name one: related_table!foreign_key(*). ${RELOAD_CACHE}`,
	},
	{
		code: /^PGRST303$/,
		message: /expired/,
		title: 'The access token has expired',
		mend: FRESH_TOKEN,
	},
	{
		code: /^PGRST303$/,
		message: /future|not yet/,
		title: 'The access token is not valid yet',
		mend: `The clock of who made it may be wrong. ${FRESH_TOKEN}`,
	},
	{
		code: /^PGRST30[13]$/,
		as: /^(anon|service_role)$/,
		title: 'The key is not one of this project',
		mend: 'Copy the keys again from the dashboard, Project Settings, API Keys, into the credential.',
	},
	{
		code: /^PGRST30[13]$/,
		title: 'The access token is not valid for this project',
		mend: FRESH_TOKEN,
	},
	{
		code: /^PGRST300$/,
		title: 'The REST interface has no secret to check tokens with',
		mend: 'Set PGRST_JWT_SECRET of the self-hosted project.',
	},
	{
		code: /^PGRST302$/,
		title: 'The project lets nobody in without signing in',
		mend: 'Anonymous access is switched off: choose another Run As.',
	},
	{
		code: /^PGRST00[0-3]$/,
		title: 'The database is not available to the REST interface',
		mend: 'Is the project paused, or out of connections? Try again in a while.',
	},
	{
		status: /^400$/,
		code: /^$/,
		message: /^\{"code":""/,
		title: 'The connection of the REST interface to the database broke',
		mend: 'The database may restart. Try again in a while.',
	},
];

/** What the database's REST interface refuses. */
export const REST: ServiceAdvice = {
	advice: [...QUEUES, ...POSTGREST, ...PRIVILEGES, ...VALUES, ...REQUESTS, ...STATE],
	words: { ...DATABASE_WORDS, ...QUEUE_WORDS },
};
