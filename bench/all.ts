/**
 * What our nodes cost beside what else does the same work at the same server: n8n's own Supabase
 * node, undici alone, and the official client. All of them run in this process, in turn.
 *
 *     npm run bench -- all [works…] [--n8n=folder of n8n-nodes-base] [--server=statements or stack]
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { openArena, SERVERS, type Server } from './suite/arena';
import { deleteByKey, updateDifferent, updateSame, upsertRows } from './suite/changing';
import { insertAutoMapped, insertMapped } from './suite/inserting';
import { readAll, readByKey } from './suite/reading';
import { inTurn } from './suite/rounds';
import { linesOf, markdown, timesOf, type Line } from './suite/table';
import type { Work } from './suite/work';

const WORKS: readonly Work[] = [
	insertAutoMapped,
	insertMapped,
	updateDifferent,
	updateSame,
	deleteByKey,
	upsertRows,
	readAll,
	readByKey,
];

const NO_CAP = 1_000_000;

const { values: flags, positionals: chosen } = parseArgs({
	allowPositionals: true,
	options: {
		n8n: { type: 'string' },
		server: { type: 'string', default: SERVERS[0] },
	},
});

async function main(): Promise<void> {
	const works = WORKS.filter(({ name }) => chosen.length === 0 || chosen.includes(name));
	const arena = await openArena({
		n8nNodesBase: flags.n8n ?? installedNodes(),
		server: flags.server as Server,
	});
	const lines: Line[] = [];
	try {
		for (const work of works) {
			await arena.setMaxRows(work.maxRows ?? NO_CAP);
			const samples = await inTurn(await work.open(arena), work.rounds);
			console.log(`${work.title}: ${timesOf(samples)}`);
			if (work.more) console.log(`  ${work.more(samples)}`);
			for (const line of linesOf(work, samples)) lines.push(line);
		}
	} finally {
		await arena.close();
	}
	console.log(`\n${markdown(lines)}`);
}

/** The nodes of the n8n that `npm start` installs. */
function installedNodes(): string {
	const folder = join(__dirname, '../.n8n-local/n8n-2.41.1/node_modules/n8n-nodes-base');
	if (existsSync(folder)) return folder;
	throw new Error('There is no n8n yet: run `npm start` once, or name a folder by --n8n=');
}

main().catch((error: unknown) => {
	process.stderr.write(
		`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
	);
	process.exitCode = 1;
});
