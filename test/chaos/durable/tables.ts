import type postgres from 'postgres';

/** Captured by row, and by statement. */
export const TABLES = ['trial_rows', 'trial_bulk'] as const;

export type TrialTable = (typeof TABLES)[number];

/** How many things all writers write to, in each table; all others are written by one alone. */
export const HOT_THINGS = 50;

/**
 * Makes the tables that are written to, and beside them what knows nothing of queues and triggers:
 * how many steps each thing has made, and a log of all steps, both written by the transaction that
 * makes the step. A thing stays the same when its row is given another key, or deleted and made again
 * with the same.
 */
export async function makeTables(sql: postgres.Sql): Promise<void> {
	await dropTables(sql);
	await sql.unsafe(`
		create table trial_steps (place text, thing bigint, step bigint not null, id bigint not null,
			present boolean not null default false, primary key (place, thing));
		create table trial_log (seq bigint generated always as identity primary key, place text not null,
			thing bigint not null, step bigint not null, type text not null, id bigint not null, body text,
			unique (place, thing, step));
		create sequence trial_things start ${HOT_THINGS + 1};
		create sequence trial_ids;
	`);
	for (const table of TABLES) {
		await sql.unsafe(`
			create table ${table} (id bigint primary key, thing bigint not null, step bigint not null,
				body text);
			grant all on ${table} to service_role;
			insert into trial_steps select '${table}', thing, 0, nextval('trial_ids')
				from generate_series(1, ${HOT_THINGS}) thing;
		`);
	}
}

export async function dropTables(sql: postgres.Sql): Promise<void> {
	await sql.unsafe(`
		drop table if exists trial_steps, trial_log, ${TABLES.join(', ')};
		drop sequence if exists trial_things, trial_ids;
	`);
}

/** A committed change, as its own transaction has noted it. */
export interface Change {
	readonly place: string;
	readonly thing: string;
	/** From 1 without a gap, whichever rows the thing has been. */
	readonly step: number;
	readonly type: 'INSERT' | 'UPDATE' | 'DELETE';
	/** The key of its row after the change; before it for a delete. */
	readonly id: string;
	readonly body: string | null;
}

/** All committed changes, in the order in which they were written. */
export async function committedChanges(sql: postgres.Sql): Promise<Change[]> {
	const rows = await sql<Array<Omit<Change, 'step'> & { step: string }>>`
		select place, thing, step, type, id, body from trial_log order by seq`;
	return rows.map((row) => ({ ...row, step: Number(row.step) }));
}
