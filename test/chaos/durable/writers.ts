import postgres from 'postgres';

import { STEADY } from '../../stack/steadySocket';
import { newDraw, type Draw } from '../draw';
import { HOT_THINGS, type TrialTable } from './tables';

/** Several who write at the same time, until they are stopped. */
export interface Writers {
	readonly counts: {
		committed: number;
		rolledBack: number;
		savepointsRolledBack: number;
		/** Transactions whose outcome the writer was not told. */
		broken: number;
	};
	/** Ends them when what is open has ended. */
	stop(): Promise<void>;
}

export interface WritersOptions {
	readonly databaseUrl: string;
	readonly seed: number;
	readonly writers: number;
	/** Between two transactions of one writer, in milliseconds. */
	readonly pause: number;
	/** How many each makes; until they are stopped unless given. */
	readonly transactions?: number;
}

/** A thing as the transaction that has locked it knows it. */
interface Thing {
	readonly place: TrialTable;
	readonly thing: string;
	step: number;
	/** The key of its row, or of the one that it had. */
	id: string;
	present: boolean;
}

class RolledBack extends Error {}

/**
 * Writes by a seed: transactions of one to three changes, some with several of one thing, some that
 * sleep, one in seven rolled back, a few by a savepoint. What PostgreSQL breaks off is written off:
 * whether it was committed stands in the log.
 */
export function startWriters(options: WritersOptions): Writers {
	const counts: Writers['counts'] = {
		committed: 0,
		rolledBack: 0,
		savepointsRolledBack: 0,
		broken: 0,
	};
	let isStopped = false;

	async function write(draw: Draw): Promise<void> {
		const sql = postgres(options.databaseUrl, {
			...STEADY,
			max: 1,
			onnotice() {},
			connect_timeout: 2,
			backoff: () => 0.1,
		});
		try {
			for (let made = 0; !isStopped && made < (options.transactions ?? Infinity); made++) {
				try {
					await sql.begin(async (tx) => await transaction(tx, draw, counts));
					counts.committed += 1;
				} catch (error) {
					if (error instanceof RolledBack) counts.rolledBack += 1;
					else if (isBrokenOff(error)) counts.broken += 1;
					else throw error;
				}
				if (options.pause > 0) await sleep(draw.below(2 * options.pause));
			}
		} finally {
			await sql.end({ timeout: 5 });
		}
	}

	const writing = Promise.all(
		Array.from({ length: options.writers }, async (_, writer) =>
			write(newDraw(options.seed + writer)),
		),
	);
	// Whoever stops them is told.
	writing.catch(() => {});
	return {
		counts,
		async stop() {
			isStopped = options.transactions === undefined;
			await writing;
		},
	};
}

const sleep = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

/** PostgreSQL is going down, is starting up, or is away. */
function isBrokenOff(error: unknown): boolean {
	const { code = '' } = error as { code?: string };
	return /^(57P0[123]|08\w{3}|CONNECT\w+|ECONN\w+|EPIPE)$/.test(code);
}

async function transaction(
	tx: postgres.TransactionSql,
	draw: Draw,
	counts: Writers['counts'],
): Promise<void> {
	const place = draw.below(4) === 0 ? 'trial_bulk' : 'trial_rows';
	const things = await locked(tx, place, draw);
	const changes = 1 + draw.below(3);
	for (let made = 0; made < changes; made++) {
		if (draw.below(5) === 0) await tx`select pg_sleep(${draw.below(20) / 1000})`;
		if (draw.below(20) === 0) {
			counts.savepointsRolledBack += 1;
			await takenBack(tx, draw.one(things), draw);
		}
		if (place === 'trial_bulk' && draw.below(3) === 0) await changeMany(tx, place, things);
		else await change(tx, draw.one(things), draw);
	}
	if (draw.below(7) === 0) throw new RolledBack();
}

/** One to three things, hot ones mostly, locked in one order so that nobody waits in a circle. */
async function locked(
	tx: postgres.TransactionSql,
	place: TrialTable,
	draw: Draw,
): Promise<Thing[]> {
	const numbers = Array.from({ length: 1 + draw.below(3) }, () => 1 + draw.below(HOT_THINGS));
	const hot = await tx<Array<Pick<Thing, 'thing' | 'id' | 'present'> & { step: string }>>`
		select thing, step, id, present from trial_steps where place = ${place} and thing = any(${numbers})
		order by thing for update`;
	const things = hot.map((row): Thing => ({ ...row, place, step: Number(row.step) }));
	if (draw.below(4) > 0) return things;
	const [made] = await tx<[Pick<Thing, 'thing' | 'id'>]>`
		insert into trial_steps values (${place}, nextval('trial_things'), 0, nextval('trial_ids'))
		returning thing, id`;
	return [...things, { ...made, place, step: 0, present: false }];
}

/** One change of one thing, and its line in the log. */
async function change(tx: postgres.TransactionSql, thing: Thing, draw: Draw): Promise<void> {
	const table = tx(thing.place);
	const body = `${thing.step + 1}`.padEnd(10 + draw.below(60), '.');
	const step = thing.step + 1;
	const kind = draw.below(20);
	if (!thing.present) {
		await tx`insert into ${table} values (${thing.id}, ${thing.thing}, ${step}, ${body})`;
		return await noted(tx, thing, 'INSERT', thing.id, body);
	}
	if (kind < 4) {
		await tx`delete from ${table} where id = ${thing.id}`;
		return await noted(tx, thing, 'DELETE', thing.id, null);
	}
	if (kind < 6) {
		const [row] = await tx<[{ id: string }]>`
			update ${table} set id = nextval('trial_ids'), step = ${step}, body = ${body}
			where id = ${thing.id} returning id`;
		return await noted(tx, thing, 'UPDATE', row.id, body);
	}
	if (kind < 8) {
		await tx`
			insert into ${table} values (${thing.id}, ${thing.thing}, ${step}, ${body})
			on conflict (id) do update set step = excluded.step, body = excluded.body`;
		return await noted(tx, thing, 'UPDATE', thing.id, body);
	}
	// What changes nothing is no change.
	if (kind < 9) await tx`update ${table} set step = step where id = ${thing.id}`;
	await tx`update ${table} set step = ${step}, body = ${body} where id = ${thing.id}`;
	return await noted(tx, thing, 'UPDATE', thing.id, body);
}

/** One statement for all things that have a row. */
async function changeMany(
	tx: postgres.TransactionSql,
	place: TrialTable,
	things: readonly Thing[],
): Promise<void> {
	const present = things.filter((thing) => thing.present);
	await tx`
		update ${tx(place)} set step = step + 1, body = 'many'
		where id = any(${present.map(({ id }) => id)})`;
	for (const thing of present) await noted(tx, thing, 'UPDATE', thing.id, 'many');
}

async function noted(
	tx: postgres.TransactionSql,
	thing: Thing,
	type: string,
	id: string,
	body: string | null,
): Promise<void> {
	thing.step += 1;
	thing.id = id;
	thing.present = type !== 'DELETE';
	await tx`
		insert into trial_log (place, thing, step, type, id, body)
		values (${thing.place}, ${thing.thing}, ${thing.step}, ${type}, ${id}, ${body})`;
	await tx`
		update trial_steps set step = ${thing.step}, id = ${id}, present = ${thing.present}
		where place = ${thing.place} and thing = ${thing.thing}`;
}

/** A change that its savepoint takes back. */
async function takenBack(tx: postgres.TransactionSql, thing: Thing, draw: Draw): Promise<void> {
	const before = { ...thing };
	await tx
		.savepoint(async (inner) => {
			await change(inner, thing, draw);
			throw new RolledBack();
		})
		.catch((error: unknown) => {
			if (!(error instanceof RolledBack)) throw error;
		});
	Object.assign(thing, before);
}
