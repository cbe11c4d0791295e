import { InvalidRequestError, SupabaseApiError } from '../../api/errors';
import { objectOf } from '../../api/json';
import type { DurablePlan } from '../../api/queues/plan';
import { queueFindings, type QueueReport } from '../../api/queues/reader/findings';
import { durableSql, functionsSql } from '../../api/queues/sql/durable';
import { doctor } from '../../api/queues/wrappers';
import type { Finding } from '../../api/realtime/doctor/findings';
import type { Send } from '../../api/transport';
import { heed, type Log } from './examined';
import { sqlShown } from './sqlShown';

/** No such function, no right to call it, or a schema that is not there. */
const NOT_INSTALLED = new Set(['PGRST202', '42883', '42501', '3F000', '42P01']);

/**
 * Looks whether all is there that reading a queue takes, and tells what is not as it should be.
 *
 * @param plan what is captured to the queue; `undefined` for one of a person's own
 * @returns what tells the queue from another of its name, of other days
 * @throws InvalidRequestError for what cannot work, with the SQL that mends it
 * @throws SupabaseApiError while the project cannot be reached
 */
export async function examineQueue(
	send: Send,
	queue: string,
	plan: DurablePlan | undefined,
	log: Log,
): Promise<string> {
	const report = await reportOf(send, queue, plan);
	const findings = queueFindings(report, queue, plan);
	heed(findings.map(withHint), log);
	return report.queue?.created_at ?? '';
}

/** n8n shows only the title where an activation fails; where a step is tested it shows all. */
function withHint(finding: Finding): Finding {
	if (finding.level !== 'fails' || !finding.sql) return finding;
	return { ...finding, title: `${finding.title}. Test the step to see the SQL that mends it` };
}

async function reportOf(
	send: Send,
	queue: string,
	plan: DurablePlan | undefined,
): Promise<QueueReport> {
	try {
		const { body } = await send(doctor(queue));
		const report = objectOf(body);
		if (report && 'triggers' in report) return report as unknown as QueueReport;
		throw notInstalled(plan);
	} catch (error) {
		const isMissing =
			error instanceof SupabaseApiError &&
			error.outcome === 'refused' &&
			NOT_INSTALLED.has(error.code ?? '');
		throw isMissing ? notInstalled(plan) : error;
	}
}

function notInstalled(plan: DurablePlan | undefined): InvalidRequestError {
	return new InvalidRequestError(
		plan
			? 'The SQL of the durable delivery is not installed in this project: test the step to see it'
			: 'The SQL by which queues are read is not installed in this project: test the step to see it',
		`Switch on Queues in the dashboard under Integrations, then run this in Supabase's SQL editor, and activate the workflow again. The Supabase Realtime node gives it as well, easier to copy (Setup: Get SQL).${sqlShown(plan ? durableSql(plan) : functionsSql())}`,
	);
}
