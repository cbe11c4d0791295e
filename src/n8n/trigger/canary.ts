import { InvalidRequestError } from '../../api/errors';
import { authorityHeaders } from '../../api/keys';
import type { Project } from '../../api/project';
import { proveWithCanary } from '../../api/realtime/doctor/canary';
import { addPrimaryKey } from '../../api/realtime/doctor/sql';
import { openRealtime } from '../../api/realtime/realtime';
import { rowFilter } from '../../api/realtime/rowFilter';
import { sender } from '../../api/transport';
import { roleOf, type Rights } from './authority';
import { heed, type Log } from './examined';
import type { TriggerPlan } from './plan';
import { describedColumns } from './watches';

/**
 * Proves by a canary row, for each table that has one, that its changes come. Nothing listens yet, so
 * that none of these rows starts an execution.
 *
 * @param rights of who will listen
 * @param signal ends the waiting
 * @throws InvalidRequestError for rows that did not come, or could not be written or deleted, and
 * without the secret key
 * @throws SupabaseApiError while the project cannot be reached
 */
export async function prove(
	{ tables, runAs }: Pick<TriggerPlan, 'tables' | 'runAs'>,
	project: Project,
	{ authority }: Rights,
	log: Log,
	signal: AbortSignal,
): Promise<void> {
	const writer = { role: 'service_role' } as const;
	for (const { schema, name, canary, filters, events } of tables) {
		if (!canary) continue;
		// Without the secret key nothing could be written, so nothing is begun.
		authorityHeaders(project, 'rest', writer);
		const table = { schema, name };
		const columns = await describedColumns(project, table, signal);
		const key = columns.filter(({ primaryKey }) => primaryKey).map((column) => column.name);
		if (key.length === 0) {
			throw new InvalidRequestError(
				`The canary row of "${name}" could not be told from other rows: no primary key is known`,
				`Remove Canary Row, or give the table a primary key. In Supabase's SQL editor run: ${addPrimaryKey(table, [])}`,
			);
		}
		const proof = {
			table,
			row: canary,
			key,
			types: Object.fromEntries(columns.map((column) => [column.name, column.type])),
			filter: rowFilter(filters),
			withDelete: events.includes('delete'),
		};
		const finding = await proveWithCanary(proof, {
			connect: (options) => openRealtime(project, { ...options, authority }),
			role: roleOf(runAs),
			send: sender(project, { authority: writer }),
			signal,
		});
		signal.throwIfAborted();
		heed([finding], log);
	}
}
