import postgres from 'postgres';

import { readProject } from '../../src/api/project';
import { stackControl } from '../stack/control';
import { realtimeControl } from '../stack/realtime/control';
import { newDraw } from './draw';
import { FAULTS, settings } from './faults';
import { openSubject, type Subject } from './subject';
import { startWriter, type Writer } from './writer';

/** The stack that all goes wrong on. */
export interface ChaosStack {
	readonly url: string;
	readonly databaseUrl: string;
	readonly publishableKey: string;
}

export interface ChaosOptions {
	readonly seed: number;
	/** How many faults. */
	readonly faults: number;
	/** Those to draw from; all unless given. */
	readonly names?: readonly string[];
	/** Without sweeps rows are lost: the control. */
	readonly isSwept?: boolean;
	/** Above the server's limit of 100 unless told otherwise. */
	readonly rowsPerSecond?: number;
	readonly onFault?: (name: string, hasBitten: boolean) => void;
}

export interface ChaosResult {
	/** How often each fault was made, and how often it has bitten. */
	readonly faults: Readonly<Record<string, { made: number; bitten: number }>>;
	readonly rows: number;
	readonly written: Writer['counts'];
	readonly handedOut: number;
	readonly counts: Subject['counts'];
	/** Changes and readings that the server lost. */
	readonly serverLost: number;
	/** Rows whose latest version was never handed out. */
	readonly lost: readonly string[];
	/** Versions that one life of the feed handed out twice. */
	readonly twice: readonly string[];
}

/** Writes, lets things go wrong, lets all be well again, and compares with the database. */
export async function runChaos(stack: ChaosStack, options: ChaosOptions): Promise<ChaosResult> {
	const { seed, isSwept = true, rowsPerSecond = 150 } = options;
	const names = options.names ?? Object.keys(FAULTS);
	const draw = newDraw(seed);
	const sql = postgres(stack.databaseUrl, { max: 8, onnotice() {} });
	const rest = stackControl(stack.url);
	const realtime = realtimeControl(stack.url);
	const tables = ['chaos_at', 'chaos_no'];
	await makeTables(sql, tables);
	await rest.reloadSchema();
	await realtime.act({ kind: 'reset' });
	await settings(realtime);
	const project = readProject({ url: stack.url, publishableKey: stack.publishableKey });
	const subject = openSubject(project, tables, isSwept);
	try {
		while (!subject.isSubscribed) await wait(20);
		await wait(200);
		const writer = startWriter(sql, tables, rowsPerSecond, newDraw(seed + 1));
		const faults: Record<string, { made: number; bitten: number }> = {};
		let serverLost = 0;
		const scene = { sql, tables, rest, realtime, subject };
		for (let made = 0; made < options.faults; made++) {
			const name = draw.one(names);
			const hasBitten = await (FAULTS[name] as (typeof FAULTS)[string])(scene);
			const count = (faults[name] ??= { made: 0, bitten: 0 });
			count.made += 1;
			if (hasBitten) count.bitten += 1;
			options.onFault?.(name, hasBitten);
			const { counts } = await realtime.state();
			serverLost = Math.max(serverLost, counts.changesLost + counts.batchesLost);
			await wait(draw.below(400));
		}
		await writer.stop();
		await realtime.act({ kind: 'reset' });
		await rest.clearFaults();
		await untilComplete(sql, tables, subject, isSwept);
		return {
			faults,
			rows: (await versions(sql, tables)).size,
			written: writer.counts,
			handedOut: subject.handedOut.length,
			counts: subject.counts,
			serverLost,
			lost: await missing(sql, tables, subject),
			twice: repeated(subject),
		};
	} finally {
		await subject.close();
		for (const table of tables) await sql.unsafe(`drop table if exists ${table}`);
		await sql.end();
	}
}

const wait = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

async function makeTables(sql: postgres.Sql, tables: readonly string[]): Promise<void> {
	await sql.unsafe(`
		create sequence if not exists chaos_versions;
		create table if not exists chaos_mood (is_bad boolean);
		truncate chaos_mood;
		insert into chaos_mood values (false);
		create or replace function chaos_moves() returns trigger language plpgsql as $$
		begin
			new.moved := now();
			new.version := nextval('chaos_versions');
			return new;
		end $$;
		create or replace function chaos_sees() returns boolean
		language plpgsql stable security definer as $$
		begin
			if (select is_bad from public.chaos_mood) then raise exception 'a policy that raises'; end if;
			return true;
		end $$;
	`);
	for (const table of tables) {
		await sql.unsafe(`
			drop table if exists ${table};
			create table ${table} (id bigint primary key, moved timestamptz, version bigint, body text);
			create trigger moves before insert or update on ${table}
				for each row execute function chaos_moves();
			create index on ${table} (moved, id);
			create index on ${table} (version, id);
			alter table ${table} enable row level security;
			create policy sees on ${table} for select to anon using (public.chaos_sees());
			grant select on ${table} to anon;
			alter publication supabase_realtime add table ${table};
		`);
	}
}

async function versions(
	sql: postgres.Sql,
	tables: readonly string[],
): Promise<Map<string, string>> {
	const all = new Map<string, string>();
	for (const table of tables) {
		const rows = await sql.unsafe(`select id::text, version::text as v from ${table}`);
		for (const { id, v } of rows) all.set(`${table} ${String(id)}`, String(v));
	}
	return all;
}

/** What has to be there in the end is waited for as long as more comes. */
async function untilComplete(
	sql: postgres.Sql,
	tables: readonly string[],
	subject: Subject,
	isSwept: boolean,
): Promise<void> {
	for (let still = 0, before = -1; still < 12; await wait(500)) {
		if (isSwept && (await missing(sql, tables, subject)).length === 0) still += 3;
		still = subject.handedOut.length === before ? still + 1 : 0;
		before = subject.handedOut.length;
		if (isSwept) subject.sweep();
	}
}

/** Rows whose last version that was handed out is not the one in the database. */
async function missing(
	sql: postgres.Sql,
	tables: readonly string[],
	subject: Subject,
): Promise<string[]> {
	const last = new Map(subject.handedOut.map(({ table, id, v }) => [`${table} ${id}`, v]));
	const all = await versions(sql, tables);
	return [...all].flatMap(([row, v]) =>
		last.get(row) === v ? [] : [`${row}: ${v}, last handed out ${last.get(row) ?? 'never'}`],
	);
}

function repeated({ handedOut }: Subject): string[] {
	const seen = new Map<string, string>();
	return handedOut.flatMap(({ life, table, id, v, origin, subscription }) => {
		const version = `${life}: ${table} ${id} ${v}`;
		const before = seen.get(version);
		seen.set(version, `${origin} ${subscription}`);
		return before === undefined ? [] : [`${version}: ${before}, ${origin} ${subscription}`];
	});
}
