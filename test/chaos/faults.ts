import type postgres from 'postgres';

import type { StackControl } from '../stack/control';
import type { RealtimeControl } from '../stack/realtime/control';
import type { RealtimeAction } from '../stack/realtime/realtime';
import type { RealtimeSettings } from '../stack/realtime/settings';
import type { Subject } from './subject';

/** What faults are made with. */
export interface Scene {
	readonly sql: postgres.Sql;
	readonly tables: readonly string[];
	readonly rest: StackControl;
	readonly realtime: RealtimeControl;
	readonly subject: Subject;
}

/**
 * Something that goes wrong. It is over when its promise is fulfilled, and has bitten when that says
 * so: the server or the feed has counted it.
 */
export type Fault = (scene: Scene) => Promise<boolean>;

const wait = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

/** Whether it becomes true within some time. */
async function comes(isSo: () => boolean | Promise<boolean>, within = 4_000): Promise<boolean> {
	for (const end = performance.now() + within; performance.now() < end; await wait(25)) {
		if (await isSo()) return true;
	}
	return false;
}

/** The feed notices that its channel is gone, and is subscribed again. */
function losing(action: RealtimeAction, meanwhile?: Partial<RealtimeSettings>): Fault {
	return async ({ realtime, subject }) => {
		await comes(() => subject.isSubscribed);
		const { lost } = subject.counts;
		if (meanwhile) await realtime.set(meanwhile);
		await realtime.act(action);
		const hasBitten = await comes(() => subject.counts.lost > lost);
		if (meanwhile) await wait(300);
		await realtime.act({ kind: 'reset' });
		await settings(realtime);
		return hasBitten;
	};
}

/** The server loses changes, and only its own counts know. */
function silent(count: 'changesLost' | 'batchesLost', setting: Partial<RealtimeSettings>): Fault {
	return async ({ realtime }) => {
		const before = (await realtime.state()).counts[count];
		await realtime.set(setting);
		return await comes(async () => (await realtime.state()).counts[count] > before);
	};
}

/** Nothing comes live though the channel is healthy; sweeps find rows, and join it anew. */
function deafening(deafen: (scene: Scene) => Promise<unknown>): Fault {
	return async (scene) => {
		const { subject, realtime } = scene;
		await comes(() => subject.isSubscribed);
		const { found } = subject.counts;
		await deafen(scene);
		await wait(300);
		await realtime.act({ kind: 'mend' });
		return await comes(() => subject.counts.found > found);
	};
}

/** What the server leaves out for a time is read again. */
function leavingOut(setting: Partial<RealtimeSettings>, after: Partial<RealtimeSettings>): Fault {
	return async ({ realtime, subject }) => {
		const { repaired } = subject.counts;
		await realtime.set(setting);
		const hasBitten = await comes(() => subject.counts.repaired > repaired);
		await realtime.set(after);
		return hasBitten;
	};
}

function restFailing(action: Parameters<StackControl['addFault']>[0]['action']): Fault {
	return async ({ rest, subject, tables }) => {
		const { sweepFailures } = subject.counts;
		await rest.addFault({ path: `/rest/v1/${tables[0]}`, times: 3, action });
		subject.sweep();
		const hasBitten = await comes(() => subject.counts.sweepFailures > sweepFailures);
		await rest.clearFaults();
		return hasBitten;
	};
}

/** What lasts through a run: a limit below what is written, so that changes are dropped all the time. */
export async function settings(realtime: RealtimeControl): Promise<void> {
	await realtime.set({
		eventsPerSecond: 100,
		rateWindowS: 3,
		joinRefusalDelayMs: 300,
		refusalDelayMs: 100,
		publicationMs: 400,
		readerRetryMs: 100,
	});
}

export const FAULTS: Readonly<Record<string, Fault>> = {
	'killed (1006)': losing({ kind: 'close', code: 1006 }),
	'restarted (1012)': losing({ kind: 'disconnect' }),
	'closed as silent (1000)': losing({ kind: 'close', code: 1000 }),
	'channel crashed': losing({ kind: 'crash' }),
	'token over': losing({ kind: 'expire' }),
	'late error of the subscription': losing({
		kind: 'system',
		status: 'error',
		message: 'Unable to subscribe to changes with given parameters.',
	}),
	'upgrade refused': losing(
		{ kind: 'close', code: 1006 },
		{ refuseUpgrade: { status: 429, times: 2 } },
	),
	'connection never answered': losing({ kind: 'close', code: 1006 }, { acceptNothing: true }),
	'join refused': losing(
		{ kind: 'crash' },
		{ refuseJoin: { reason: 'ClientJoinRateLimitReached: Too many joins per second', times: 1 } },
	),
	'join never answered': losing({ kind: 'crash' }, { ignoreJoins: true }),
	'never subscribed': losing({ kind: 'crash' }, { system: 'none' }),
	'subscription refused': losing(
		{ kind: 'crash' },
		{ system: { error: 'Too many database timeouts' } },
	),
	'half-open socket': losing({ kind: 'mend' }, { answerNothing: true }),
	'heartbeats unanswered': losing({ kind: 'mend' }, { ignoreHeartbeats: true }),
	'changes lost': silent('changesLost', { loseChanges: 40 }),
	'readings lost': silent('batchesLost', { loseBatches: 4 }),
	'above the rate limit': silent('changesLost', { eventsPerSecond: 20 }),
	'deaf until joined again': deafening(
		async ({ realtime }) => await realtime.act({ kind: 'deafen' }),
	),
	'subscriptions deleted': deafening(
		async ({ sql }) => await sql`delete from realtime.subscription`,
	),
	'reader killed': deafening(
		async ({ sql }) =>
			await sql`select pg_terminate_backend(active_pid) from pg_replication_slots where active`,
	),
	'out of the publication': deafening(async ({ sql, tables }) => {
		const [table] = tables;
		await sql.unsafe(`alter publication supabase_realtime drop table ${table}`);
		await wait(700);
		await sql.unsafe(`alter publication supabase_realtime add table ${table}`);
	}),
	'a policy that raises': async ({ sql, realtime }) => {
		const before = (await realtime.state()).counts.batchesLost;
		await sql`update chaos_mood set is_bad = true`;
		const hasBitten = await comes(async () => (await realtime.state()).counts.batchesLost > before);
		await sql`update chaos_mood set is_bad = false`;
		return hasBitten;
	},
	'columns left out': leavingOut({ omitColumns: ['body'] }, { omitColumns: [] }),
	'rows too large': leavingOut({ maxRecordBytes: 60 }, { maxRecordBytes: 1024 * 1024 }),
	'REST refuses': restFailing({ kind: 'status', status: 503 }),
	'REST resets': restFailing({ kind: 'resetAfter' }),
	'REST breaks off': restFailing({ kind: 'closeMidway' }),
	'row cap lowered': async ({ rest, subject }) => {
		await rest.setMaxRows(37);
		const { found } = subject.counts;
		subject.sweep();
		const hasBitten = await comes(() => subject.counts.found > found);
		await rest.setMaxRows(1000);
		return hasBitten;
	},
	'nobody takes': async ({ subject }) => {
		const { overflows } = subject.counts;
		subject.slowness = 8_000;
		const hasBitten = await comes(() => subject.counts.overflows > overflows, 12_000);
		subject.slowness = 0;
		return hasBitten;
	},
	'taking fails': async ({ subject }) => {
		const { emitFailures } = subject.counts;
		subject.throws = 2;
		return await comes(() => subject.counts.emitFailures > emitFailures);
	},
	'the process dies': async ({ subject }) => {
		await comes(() => subject.isSubscribed);
		subject.crash();
		return await comes(() => subject.isSubscribed, 8_000);
	},
};
