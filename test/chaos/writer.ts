import type postgres from 'postgres';

import type { Draw } from './draw';

/** Writes to the tables until it is stopped. */
export interface Writer {
	/** Rows written so far, by what was done. */
	readonly counts: { insert: number; update: number; several: number; late: number; equal: number };
	/** Ends it when all that is open is committed. */
	stop(): Promise<void>;
}

/** How often it writes, in milliseconds. */
const TURN = 100;

/**
 * Writes so many rows a second: inserts, updates, several updates of one row in a transaction,
 * transactions that stay open while others commit, and many rows with one time.
 */
export function startWriter(
	sql: postgres.Sql,
	tables: readonly string[],
	rowsPerSecond: number,
	draw: Draw,
): Writer {
	const counts = { insert: 0, update: 0, several: 0, late: 0, equal: 0 };
	const open = new Set<Promise<unknown>>();
	let last = 0;
	let isStopped = false;

	const insert = async (to: postgres.Sql, table: string, count: number) => {
		const first = last + 1;
		last += count;
		await to.unsafe(
			`insert into ${table} (id, body) select n, 'new' from generate_series(${first}, ${last}) n`,
		);
	};
	const update = async (to: postgres.Sql, table: string) =>
		await to.unsafe(
			`update ${table} set body = 'moved' where id = ${1 + draw.below(Math.max(1, last))}`,
		);

	async function turn(): Promise<void> {
		let left = Math.round((rowsPerSecond * TURN) / 1000);
		while (left > 0) {
			const table = draw.one(tables);
			const kind = draw.below(20);
			if (kind < 6) {
				counts.insert += 1;
				left -= 1;
				await insert(sql, table, 1);
			} else if (kind < 15) {
				counts.update += 1;
				left -= 1;
				await update(sql, table);
			} else if (kind < 18) {
				const id = 1 + draw.below(Math.max(1, last));
				counts.several += 3;
				left -= 3;
				await sql.begin(async (tx) => {
					for (const body of ['first', 'second', 'third']) {
						await tx.unsafe(`update ${table} set body = '${body}' where id = ${id}`);
					}
				});
			} else if (kind < 19) {
				counts.equal += 5;
				left -= 5;
				await insert(sql, table, 5);
			} else if (open.size < 3) {
				counts.late += 2;
				left -= 2;
				const late = writeLate(table, 200 + draw.below(1_300)).finally(() => open.delete(late));
				open.add(late);
			} else left -= 1;
		}
	}

	/** The rows' time is that of the beginning, and they are seen when it ends. */
	async function writeLate(table: string, time: number): Promise<void> {
		const first = (last += 2) - 1;
		await sql.begin(async (tx) => {
			await tx.unsafe(
				`insert into ${table} (id, body) values (${first}, 'late'), (${first + 1}, 'late')`,
			);
			await new Promise((resolve) => setTimeout(resolve, time));
		});
	}

	const running = (async () => {
		for (let next = performance.now(); !isStopped; next += TURN) {
			await turn();
			const wait = next + TURN - performance.now();
			if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
			else next = performance.now();
		}
		await Promise.all(open);
	})();
	return {
		counts,
		async stop() {
			isStopped = true;
			await running;
		},
	};
}
