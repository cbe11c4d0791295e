import { refusal, SupabaseApiError } from '../../errors';
import { doctor } from '../../queues/wrappers';
import type { Send } from '../../transport';
import type { Watch } from '../catchUp/watch';
import type { Finding, ListeningRole } from './findings';
import { allowReading, fillCursor, indexCursor, publishTable, sendOldRows } from './sql';

/** The function answers about a queue; tables are looked at whichever it is. */
const ANY_QUEUE = 'n8n';

/** What the database's own catalog says of a table, as `n8n_queue_doctor` answers it. */
export interface SeenTable {
	readonly exists: boolean;
	readonly published: boolean;
	/** PostgreSQL's `relreplident`: `f` is FULL. */
	readonly replica_identity: string | null;
	/** Whether policies are on. */
	readonly rls: boolean | null;
	readonly policies: ReadonlyArray<{ readonly command: string; readonly roles: readonly string[] }>;
	readonly anon_reads: boolean | null;
	readonly authenticated_reads: boolean | null;
	readonly cursor_nullable: boolean | null;
	/** Whether an index begins with the cursor. */
	readonly cursor_indexed: boolean;
}

/**
 * Asks the function that the SQL of Durable brings along for what a project's keys cannot see.
 *
 * @param send with the authority of the service role
 * @returns for each table what is known of it; nothing where the function is not installed
 * @throws SupabaseApiError for what passes by itself, such as an outage
 */
export async function seenTables(
	send: Send,
	watches: readonly Watch[],
): Promise<ReadonlyArray<SeenTable | undefined>> {
	if (watches.length === 0) return [];
	const tables = watches.map(({ table: { schema, name }, cursor }) => ({
		schema,
		table: name,
		...(cursor !== undefined && { cursor }),
	}));
	const answer = await send<{ tables?: SeenTable[] }>(doctor(ANY_QUEUE, tables)).catch(
		notInstalled,
	);
	const seen = answer?.body?.tables;
	return watches.map((_, place) => seen?.[place]);
}

function notInstalled(error: unknown): undefined {
	if (error instanceof SupabaseApiError && refusal(error).outcome === 'refused') return;
	throw error;
}

/**
 * What of a table does not fit what is listened to. All are warnings: where Realtime itself refuses,
 * it says so.
 */
export function catalogFindings(watch: Watch, seen: SeenTable, role: ListeningRole): Finding[] {
	const { table, cursor, key = [], events, filters = [] } = watch;
	const place = `"${table.schema}.${table.name}"`;
	const warn = (code: string, title: string, mend: string, sql?: string): Finding => ({
		level: 'warns',
		code,
		title,
		mend,
		...(sql !== undefined && { sql }),
	});
	if (!seen.exists) {
		return [warn('NO_TABLE', `There is no table ${place}`, 'Check the names of schema and table.')];
	}
	const isFiltered = filters.length > 0 && filters.every((conditions) => conditions.length > 0);
	const found: Array<Finding | false> = [
		!seen.published &&
			warn(
				'NOT_PUBLISHED',
				`${place} is not in the publication supabase_realtime, so none of its changes come live`,
				'Switch Realtime on for the table in the dashboard (Database, Publications), or run the SQL.',
				publishTable(table),
			),
		role !== 'service_role' &&
			!(role === 'anon' ? seen.anon_reads : seen.authenticated_reads) &&
			warn(
				'NO_SELECT',
				`The role ${role} may not select from ${place}, so changes come without values`,
				'Grant SELECT, and add a policy for the rows it is to see.',
				allowReading(table, role),
			),
		role !== 'service_role' &&
			seen.rls === true &&
			!seen.policies.some((policy) => lets(policy, role)) &&
			warn(
				'NO_POLICY',
				`No policy of ${place} lets ${role} see a row, so nothing but deletes comes`,
				'Add one, or choose another Run As.',
				allowReading(table, role),
			),
		events.includes('DELETE') &&
			isFiltered &&
			seen.replica_identity !== 'f' &&
			warn(
				'KEYS_OF_DELETES',
				`Deletes from ${place} tell the primary key alone, so a filter on another column lets none of them through`,
				'Have old rows sent whole, which works where no policies are on, or do not filter.',
				sendOldRows(table),
			),
		cursor !== undefined &&
			!seen.cursor_indexed &&
			warn(
				'CURSOR_INDEX',
				`No index begins with "${cursor}" of ${place}: every sweep reads the whole table`,
				'Make one.',
				indexCursor(table, cursor, key),
			),
		cursor !== undefined &&
			seen.cursor_nullable === true &&
			warn(
				'CURSOR_NULLABLE',
				`"${cursor}" of ${place} may be empty: Catch Up never sees rows without a value in it`,
				'Let it take no null.',
				fillCursor(table, cursor, watch.types?.[cursor]),
			),
	];
	return found.filter((each) => each !== false);
}

function lets({ command, roles }: SeenTable['policies'][number], role: ListeningRole): boolean {
	const isReading = command === 'SELECT' || command === 'ALL';
	return isReading && (roles.includes('public') || roles.includes(role));
}
