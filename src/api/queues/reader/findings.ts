import type { Finding } from '../../realtime/doctor/findings';
import { identifier } from '../../sql';
import { deadQueueName } from '../names';
import type { DurablePlan } from '../plan';
import { DURABLE_VERSION, durableSql, functionsSql } from '../sql/durable';

/** A capture, as the database has it. */
export interface FoundTrigger {
	readonly name: string;
	readonly schema: string;
	readonly table: string;
	readonly events: readonly string[];
	readonly kind: 'row' | 'statement';
	/** PostgreSQL's `tgenabled`: O and A fire. */
	readonly enabled: string;
	readonly omit: readonly string[];
	readonly buckets: readonly string[];
}

/** What `n8n_queue_doctor` answers, of which this is looked at. */
export interface QueueReport {
	readonly version: number;
	readonly queue: { readonly is_unlogged: boolean; readonly created_at: string } | null;
	readonly dead_letters: number;
	readonly oldest_message_age_s: number | null;
	readonly owner_bypasses_rls: boolean;
	readonly anon_may: readonly string[];
	readonly triggers: readonly FoundTrigger[];
	readonly realtime_send: boolean;
}

/** A message that waits for so long, in seconds, is told of. */
const OLD = 3_600;

/**
 * What of a queue is not as a plan needs it: the worst first.
 *
 * @param plan what is captured to it; `undefined` for a queue of one's own
 */
export function queueFindings(
	report: QueueReport,
	queue: string,
	plan: DurablePlan | undefined,
): Finding[] {
	const sql = plan ? durableSql(plan) : functionsSql();
	const again = { mend: 'Run the SQL again.', sql };
	const found: Array<Finding | false> = [
		report.version < DURABLE_VERSION && {
			level: 'fails',
			code: 'OLD_VERSION',
			title: `The SQL of the queues in this project is version ${report.version}, and this trigger needs version ${DURABLE_VERSION}`,
			...again,
		},
		report.queue === null && {
			level: 'fails',
			code: 'NO_QUEUE',
			title: `There is no queue "${queue}"`,
			...(plan ? again : { mend: 'Create it with the node Supabase Queues, or choose another.' }),
		},
		report.anon_may.length > 0 && {
			level: 'fails',
			code: 'EXPOSED',
			title: `The roles anon or authenticated may use ${report.anon_may.join(', ')}, and with it read what the policies of your tables hide`,
			mend: `Take these rights away${plan ? ', which the SQL does for its functions' : ''}: revoke all on … from public, anon, authenticated`,
			sql,
		},
		report.queue?.is_unlogged === true && {
			level: plan ? 'fails' : 'warns',
			code: 'UNLOGGED',
			title: `The queue "${queue}" is unlogged: when PostgreSQL crashes it is emptied`,
			mend: 'Make its table a logged one.',
			sql: `alter table pgmq.${identifier(`q_${queue.toLowerCase()}`)} set logged;`,
		},
		...(plan ? captureFindings(report.triggers, plan) : []),
		report.version > DURABLE_VERSION && {
			level: 'warns',
			code: 'NEW_VERSION',
			title: `The SQL of the queues in this project is version ${report.version}, newer than this trigger's ${DURABLE_VERSION}`,
			mend: 'Update the Supabase nodes in n8n.',
		},
		!report.owner_bypasses_rls && {
			level: 'warns',
			code: 'OWNER',
			title: 'Row level security holds for the owner of the functions, so queues may look empty',
			mend: 'Run the SQL as the role postgres.',
			sql,
		},
		report.dead_letters > 0 && {
			level: 'warns',
			code: 'DEAD_LETTERS',
			title: `${report.dead_letters} messages that could not be worked off are in the queue "${deadQueueName(queue)}"`,
			mend: 'Each holds its reason. Look at them with the node Supabase Queues, and send those back that shall be tried again.',
		},
		(report.oldest_message_age_s ?? 0) > OLD && {
			level: 'warns',
			code: 'OLD_MESSAGES',
			title: `A message has been waiting in the queue "${queue}" for ${Math.round((report.oldest_message_age_s ?? 0) / 60)} minutes`,
		},
		plan !== undefined &&
			!report.realtime_send && {
				level: 'unknown',
				code: 'NO_BELL',
				title: `The database cannot ring (realtime.send is missing), so the queue "${queue}" is looked at every few seconds`,
			},
	];
	return found.filter((each) => each !== false);
}

/** Captures that are missing, switched off, or not in the plan. */
function captureFindings(triggers: readonly FoundTrigger[], plan: DurablePlan): Finding[] {
	const sql = durableSql(plan);
	const wanted = wantedCaptures(plan);
	const faults: string[] = [];
	for (const { name, events, omit, buckets } of wanted) {
		const found = triggers.filter((each) => nameOf(each) === name);
		const missing = events.filter((event) => !found.some((each) => each.events.includes(event)));
		if (missing.length > 0) faults.push(`${name}: ${missing.join(', ')} not captured`);
		const extra = new Set(found.flatMap((each) => each.events));
		for (const event of [...events, 'truncate']) extra.delete(event);
		if (extra.size > 0)
			faults.push(`${name}: ${[...extra].join(', ')} captured, and not chosen here`);
		for (const { enabled, ...each } of found) {
			if (!['O', 'A'].includes(enabled))
				faults.push(`${name}: the trigger ${each.name} is switched off`);
		}
		if (found.some((each) => !isSame(each.omit, omit)))
			faults.push(`${name}: other columns left out`);
		if (found.some((each) => !isSame(each.buckets, buckets))) faults.push(`${name}: other buckets`);
	}
	const names = new Set(wanted.map(({ name }) => name));
	const others = new Set(triggers.map(nameOf).filter((name) => !names.has(name)));
	for (const name of others) faults.push(`${name}: captured, and not chosen here`);
	if (faults.length === 0) return [];
	return [
		{
			level: 'fails',
			code: 'CAPTURES',
			title: `What the queue "${plan.queue}" captures is not what the form says: ${faults.join('; ')}`,
			mend: 'Each workflow needs a queue of its own. If this one is this workflow’s, run the SQL, which puts it right.',
			sql,
		},
	];
}

interface WantedCapture {
	readonly name: string;
	readonly events: readonly string[];
	readonly omit: readonly string[];
	readonly buckets: readonly string[];
}

function wantedCaptures({ tables, users, files }: DurablePlan): WantedCapture[] {
	const all = ['insert', 'update', 'delete'];
	return [
		...tables.map(({ schema, name, events, omit = [] }) => ({
			name: `${schema}.${name}`,
			events,
			omit,
			buckets: [],
		})),
		...(users ? [{ name: 'auth.users', events: all, omit: [], buckets: [] }] : []),
		...(files
			? [{ name: 'storage.objects', events: all, omit: [], buckets: files.buckets ?? [] }]
			: []),
	];
}

function nameOf({ schema, table }: FoundTrigger): string {
	return `${schema}.${table}`;
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
	return JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());
}
