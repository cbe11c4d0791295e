import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type postgres from 'postgres';

import type { StackControl } from '../../control';

/** What an exchange was recorded in. */
export interface Stage {
	databaseUrl: string;
	sql: postgres.Sql;
	control: StackControl;
}

/** Has an exchange answered in circumstances of its own. */
type Interlude = (stage: Stage, ask: () => Promise<Response>) => Promise<Response>;

const CLAIM = 'function public.n8n_queue_claim(text, integer, integer, boolean, boolean)';

/** By case. Claims wait for a table that another transaction has locked. */
export const interludes: Record<string, Interlude> = {
	'claim cancelled while it waits': whileItWaits(async ({ sql }, pid) => {
		await sql`select pg_cancel_backend(${pid})`;
	}),
	'backend terminated while it waits': whileItWaits(async ({ sql }, pid) => {
		await sql`select pg_terminate_backend(${pid})`;
	}),
	'statement timeout': async (stage, ask) => {
		await stage.sql`alter role service_role set statement_timeout = '50ms'`;
		try {
			return await whileItWaits(async () => {})(stage, ask);
		} finally {
			await stage.sql`alter role service_role reset statement_timeout`;
		}
	},
	'PostgreSQL stopped immediate while the call waits': whileItWaits(
		async ({ control }) => await control.crashDatabase(),
	),
	'database up again': async ({ control }, ask) => {
		await control.startDatabase();
		return await ask();
	},
	'no execute right': async ({ sql }, ask) => {
		await sql.unsafe(`revoke execute on ${CLAIM} from service_role`);
		try {
			return await ask();
		} finally {
			await sql.unsafe(`grant execute on ${CLAIM} to service_role`);
		}
	},
};

function whileItWaits(act: (stage: Stage, pid: number) => Promise<void>): Interlude {
	return async (stage, ask) => {
		const { sql } = stage;
		const locker = new Client(stage.databaseUrl);
		// It may lose its connection: its lock ends with it.
		locker.on('error', () => {});
		await locker.connect();
		await locker.query('begin; lock table pgmq.q_w1 in access exclusive mode');
		const answer = ask();
		let isAnswered = false;
		void answer.finally(() => (isAnswered = true));
		let pid: number | undefined;
		while (pid === undefined && !isAnswered) {
			await sleep(10);
			const [row] = await sql<Array<{ pid: number }>>`
				select pid from pg_stat_activity where wait_event_type = 'Lock' and query like '%n8n_queue_claim%'`;
			pid = row?.pid;
		}
		if (pid !== undefined) await act(stage, pid);
		const answered = await answer;
		await locker.end();
		return answered;
	};
}
