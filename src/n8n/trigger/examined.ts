import { InvalidRequestError } from '../../api/errors';
import type { Project } from '../../api/project';
import type { Watch } from '../../api/realtime/catchUp/watch';
import { catalogFindings, seenTables } from '../../api/realtime/doctor/catalog';
import { examineTable } from '../../api/realtime/doctor/examine';
import type { Finding } from '../../api/realtime/doctor/findings';
import { sender, type Send } from '../../api/transport';
import type { RunAs } from '../runAs';
import { sentence } from '../advice/texts';
import { roleOf } from './authority';
import { sqlShown } from './sqlShown';
import { describedColumns } from './watches';

/** A line of n8n's log. */
export type Log = (level: 'debug' | 'info' | 'warn', text: string) => void;

/**
 * Looks whether the tables are fit for how they are listened to, and tells what may be missed or could
 * not be seen.
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
	runAs: RunAs,
	send: Send,
	log: Log,
	signal: AbortSignal,
): Promise<void> {
	const seen = project.secretKey ? await seenTables(asOwner(project, signal), watches) : [];
	for (const [place, watch] of watches.entries()) {
		const table = seen[place];
		const found =
			watch.cursor === undefined
				? []
				: await examineTable(
						send,
						watch,
						await describedColumns(project, watch.table, signal),
						table !== undefined,
					);
		signal.throwIfAborted();
		// Of a column that is empty in some rows, it need not be said that it may be.
		const isEmpty = found.some(({ code }) => code === 'CURSOR_NULL');
		const ofCatalog = table ? catalogFindings(watch, table, roleOf(runAs)) : [];
		heed(found, log);
		heed(
			ofCatalog.filter(({ code }) => !isEmpty || code !== 'CURSOR_NULLABLE'),
			log,
		);
	}
}

function asOwner(project: Project, signal: AbortSignal): Send {
	return sender(project, { authority: { role: 'service_role' }, signal });
}

/** @throws InvalidRequestError for the first finding with which it cannot work; the others are told */
export function heed(findings: readonly Finding[], log: Log): void {
	const fault = findings.find(({ level }) => level === 'fails');
	if (fault) throw new InvalidRequestError(fault.title, mendOf(fault, sqlInError));
	for (const finding of findings) {
		const text = [sentence(finding.title), mendOf(finding)].filter(Boolean).join(' ');
		log(finding.level === 'warns' ? 'warn' : 'info', text);
	}
}

function mendOf({ mend, sql }: Finding, shown = sqlInLog): string {
	return [mend, sql && `In Supabase's SQL editor run:${shown(sql)}`].filter(Boolean).join(' ');
}

const sqlInLog = (sql: string) => `${sql.includes('\n') ? '\n\n' : ' '}${sql}`;

const sqlInError = (sql: string) => (sql.includes('\n') ? sqlShown(sql) : ` ${sql}`);
