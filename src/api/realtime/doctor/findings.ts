import type { SupabaseApiError } from '../../errors';
import type { Table } from '../../database/table';
import { addPrimaryKey, allowReading, publishDeletes, publishTable } from './sql';

/** What the doctor found out, or could not. */
export interface Finding {
	/** `fails`: it cannot work so; `warns`: something may be missed; `unknown`: it could not be checked. */
	readonly level: 'fails' | 'warns' | 'unknown' | 'fine';
	readonly code: string;
	/** In a person's words, the table and column named. */
	readonly title: string;
	/** How to mend it. */
	readonly mend?: string;
	/** The SQL that mends it, for the SQL editor. */
	readonly sql?: string;
}

/** On whose behalf the trigger listens. */
export type ListeningRole = 'service_role' | 'anon' | 'authenticated';

interface Known {
	readonly pattern: RegExp;
	readonly finding: (tables: readonly Table[], role: ListeningRole) => Omit<Finding, 'level'>;
}

const published = (tables: readonly Table[]) => tables.map(publishTable).join('\n');
const names = (tables: readonly Table[]) => tables.map(({ name }) => `"${name}"`).join(', ');

/** The server's own words, from the recordings of version 2.129.8; the most exact first. */
const REFUSALS: readonly Known[] = [
	{
		pattern: /Column selection is not supported for wildcard/i,
		finding: () => ({
			code: 'SELECT_WITH_WILDCARD',
			title: 'Columns can be chosen for named tables alone, not for all tables of a schema',
			mend: 'Name the tables, or choose no columns.',
		}),
	},
	{
		pattern: /invalid column for filter (\S+)|Error parsing `filter` params/i,
		finding: (tables) => ({
			code: 'FILTER',
			title: `The filter does not fit ${names(tables)}: a column that is not there, that the role may not read, or a value of another type`,
			mend: 'Check the column and the value of the filter.',
		}),
	},
	{
		pattern: /invalid column for select|Error parsing `select` params/i,
		finding: (tables) => ({
			code: 'SELECT',
			title: `A chosen column is not in ${names(tables)}, or the role may not read it`,
			mend: 'Choose the columns again.',
		}),
	},
	{
		pattern:
			/Unable to subscribe to changes with given parameters\. Please check Realtime is enabled/i,
		finding: (tables) => ({
			code: 'NOT_PUBLISHED',
			title: `Realtime does not know ${names(tables)}: the table is not in the publication supabase_realtime, or there is no such table`,
			mend: 'Switch Realtime on for the table in the dashboard (Database, Publications), or run the SQL.',
			sql: published(tables),
		}),
	},
	{
		pattern: /Realtime was disabled|RealtimeDisabledForTenant/i,
		finding: () => ({
			code: 'REALTIME_OFF',
			title: 'Realtime is switched off for this project',
			mend: 'Switch it on in the dashboard under Realtime, Settings.',
		}),
	},
	{
		pattern: /PrivateOnly/i,
		finding: () => ({
			code: 'PRIVATE_ONLY',
			title: 'This project allows private channels alone',
			mend: 'Allow public access in the dashboard under Realtime, Settings, or use a private channel.',
		}),
	},
	{
		pattern:
			/JwtSignatureError|Failed to validate JWT|not a valid JWT|MalformedJWT|API key is missing|Fields `role`/i,
		finding: () => ({
			code: 'KEY_REFUSED',
			title: 'Realtime refuses the key',
			mend: 'Check the keys of the credential: they have to be of this project.',
		}),
	},
	{
		pattern: /Unauthorized: You do not have permissions/i,
		finding: () => ({
			code: 'NO_RIGHT_TO_CHANNEL',
			title: 'The role may not join this private channel',
			mend: 'Add a policy on realtime.messages that lets it read the topic.',
		}),
	},
	{
		pattern: /Error 401/,
		finding: (tables, role) => ({
			code: 'NO_SELECT',
			title: `The role ${role} may not select the primary key of ${names(tables)}, so changes come without values`,
			mend: 'Grant SELECT, and add a policy for the rows it is to see.',
			...(role !== 'service_role' && {
				sql: tables.map((table) => allowReading(table, role)).join('\n'),
			}),
		}),
	},
	{
		pattern: /Error 400/,
		finding: (tables) => ({
			code: 'NO_PRIMARY_KEY',
			title: `${names(tables)} has no primary key, so changes come without values`,
			mend: 'Add a primary key.',
			sql: tables.map((table) => addPrimaryKey(table, [])).join('\n'),
		}),
	},
];

/**
 * What a refusal means: of a connection, of a join, of a subscription, or the `errors` of a change.
 *
 * @param tables those that the words speak of
 * @returns `undefined` for words that are not known
 */
export function readRefusal(
	words: string,
	tables: readonly Table[],
	role: ListeningRole,
): Finding | undefined {
	const known = REFUSALS.find(({ pattern }) => pattern.test(words));
	return known && { level: 'fails', ...known.finding(tables, role) };
}

/** The same for an error, which has its words in several places. */
export function findingOf(
	{ message, details, code, status }: SupabaseApiError,
	tables: readonly Table[],
	role: ListeningRole,
): Finding {
	const words = [message, details].filter(Boolean).join(' ');
	return (
		readRefusal(words, tables, role) ?? {
			level: 'fails',
			code: code ?? String(status ?? 'REFUSED'),
			title: `Realtime answered: ${words}`,
		}
	);
}

/** Nothing was said in time. */
export function notSubscribed(tables: readonly Table[], seconds: number): Finding {
	return {
		level: 'fails',
		code: 'NOT_SUBSCRIBED',
		title: `Realtime did not say within ${seconds} seconds that changes of ${names(tables)} flow`,
		mend: 'The database may be paused, out of connections or of replication slots: look at the Realtime logs in the dashboard.',
	};
}

/** What came of a row that was written and deleted again to prove the path. */
export interface CanaryCame {
	readonly inserted: boolean;
	/** By the row filter, too; true where there is none. */
	readonly filtered: boolean;
	readonly deleted: boolean;
	/** Whether its deletion has to come. */
	readonly withDelete: boolean;
}

/** What that tells. Deletions are told to everybody, so they show whether changes flow at all. */
export function canaryFinding(
	table: Table,
	role: ListeningRole,
	{ inserted, filtered, deleted, withDelete }: CanaryCame,
): Finding {
	if (inserted && filtered && (deleted || !withDelete)) {
		return { level: 'fine', code: 'CANARY', title: `A row written to "${table.name}" came live` };
	}
	if (inserted && !filtered) {
		return {
			level: 'fails',
			code: 'CANARY_FILTERED',
			title: `The canary row of "${table.name}" came live, but it does not meet the filters`,
			mend: 'Give the canary row values that meet them, or change the filters.',
		};
	}
	if (inserted) {
		return {
			level: 'fails',
			code: 'NO_DELETES',
			title: `The canary row of "${table.name}" came live, and its deletion did not`,
			mend: 'The publication may leave deletes out. Run the SQL, or do not choose Delete in Events.',
			sql: publishDeletes(),
		};
	}
	if (deleted && role !== 'service_role') {
		return {
			level: 'fails',
			code: 'NO_POLICY',
			title: `A row written to "${table.name}" by the service role did not come, and its deletion did, which is told to everybody`,
			mend: `No policy lets ${role} see the row. Add one, or choose another Run As.`,
			sql: allowReading(table, role),
		};
	}
	return {
		level: 'fails',
		code: 'CANARY_LOST',
		title: `A row written to "${table.name}" by the service role did not come, though Realtime says that changes flow`,
		mend: 'It may be dropped by the limit of events a second, or with others by a policy that raises an error for some row; the table may be partitioned (watch its partitions); or Realtime has stopped reading the database: restart it in the dashboard.',
	};
}
