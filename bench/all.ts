/**
 * What our nodes cost beside what else does the same work at the same server: n8n's own Supabase
 * node, undici alone, and the official client. All of them run in this process, in turn.
 *
 *     npm run bench -- all [works…] [--n8n=folder of n8n-nodes-base] [--server=statements or stack]
 *
 * At the end it prints the table, as Markdown. At `stack` only what reads and writes rows is measured.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { runApart, start } from './suite/apart';
import { openArena, SERVERS, type Arena } from './suite/arena';
import { deleteByKey, updateDifferent, updateSame, upsertRows } from './suite/changing';
import { insertAutoMapped, insertMapped } from './suite/inserting';
import { readAll, readByKey } from './suite/reading';
import { inTurn } from './suite/rounds';
import { scaling } from './suite/scaling';
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
const APART = ['first-row', 'loading', 'storage-memory'];
const SCALING = 'scaling';
const NAMES = [...WORKS.map(({ name }) => name), SCALING, ...APART];
const NO_CAP = 1_000_000;

const { values: flags, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		n8n: { type: 'string' },
		server: { type: 'string', default: SERVERS[0] },
	},
});

start(async () => {
	const server = SERVERS.find((name) => name === flags.server);
	const unknown = positionals.find((name) => !NAMES.includes(name));
	if (!server) throw new Error(`There is no server "${flags.server}": ${SERVERS.join(', ')}`);
	if (unknown) throw new Error(`There is no work "${unknown}": ${NAMES.join(', ')}`);
	const all = server === 'stack' ? WORKS.map(({ name }) => name) : NAMES;
	const chosen = positionals.length > 0 ? positionals : all;
	const lines: Line[][] = [];
	if (chosen.some((name) => !APART.includes(name))) {
		const arena = await openArena({ n8nNodesBase: flags.n8n ?? installedNodes(), server });
		try {
			for (const work of WORKS)
				if (chosen.includes(work.name)) lines.push(await measure(work, arena));
			await arena.setMaxRows(NO_CAP);
			if (chosen.includes(SCALING)) lines.push(await scaling(arena));
		} finally {
			await arena.close();
		}
	}
	for (const name of APART) if (chosen.includes(name)) lines.push(await runApart(name));
	console.log(`\n${markdown(lines.flat())}`);
});

async function measure(work: Work, arena: Arena): Promise<Line[]> {
	await arena.setMaxRows(work.maxRows ?? NO_CAP);
	const samples = await inTurn(await work.open(arena), work.rounds);
	console.log(`${work.title}: ${timesOf(samples)}`);
	if (work.more) console.log(`  ${work.more(samples)}`);
	return linesOf(work, samples);
}

/** The nodes of the n8n that `npm start` installs. */
function installedNodes(): string {
	const folder = join(__dirname, '../.n8n-local/n8n-2.41.1/node_modules/n8n-nodes-base');
	if (existsSync(folder)) return folder;
	throw new Error('There is no n8n yet: run `npm start` once, or name a folder by --n8n=');
}
