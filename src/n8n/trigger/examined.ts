import { InvalidRequestError } from '../../api/errors';
import type { Project } from '../../api/project';
import type { Watch } from '../../api/realtime/catchUp/watch';
import { examineTable } from '../../api/realtime/doctor/examine';
import type { Finding } from '../../api/realtime/doctor/findings';
import type { Send } from '../../api/transport';
import { sentence } from '../advice/texts';
import { describedColumns } from './watches';

/** A line of n8n's log. */
export type Log = (level: 'debug' | 'info' | 'warn', text: string) => void;

/**
 * Looks whether the tables are fit for Catch Up, and tells what may be missed or could not be seen.
 *
 * @param send with the authority that the trigger listens with
 * @param log of n8n
 * @param signal ends the waiting
 * @throws InvalidRequestError for what cannot work, with the SQL that mends it
 * @throws SupabaseApiError while the project cannot be reached
 */
export async function examine(
	watches: readonly Watch[],
	project: Project,
	send: Send,
	log: Log,
	signal: AbortSignal,
): Promise<void> {
	for (const watch of watches.filter(({ cursor }) => cursor !== undefined)) {
		const columns = await describedColumns(project, watch.table, signal);
		const findings = await examineTable(send, watch, columns);
		signal.throwIfAborted();
		heed(findings, log);
	}
}

/** @throws InvalidRequestError for the first finding with which it cannot work; the others are told */
export function heed(findings: readonly Finding[], log: Log): void {
	const fault = findings.find(({ level }) => level === 'fails');
	if (fault) throw new InvalidRequestError(fault.title, mendOf(fault));
	for (const finding of findings) {
		const text = [sentence(finding.title), mendOf(finding)].filter(Boolean).join(' ');
		log(finding.level === 'warns' ? 'warn' : 'info', text);
	}
}

function mendOf({ mend, sql }: Finding): string {
	return [mend, sql && `In Supabase's SQL editor run:${sql.includes('\n') ? '\n\n' : ' '}${sql}`]
		.filter(Boolean)
		.join(' ');
}
