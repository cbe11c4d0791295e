import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';

import { FaultBox } from '../../faults';
import { freePort } from '../../freePort';
import { startGateway, type Gateway } from '../../gateway';
import { keyRole } from '../../keyCheck';
import { RequestLog } from '../../requestLog';
import { startRealtime, type Realtime } from '../realtime';
import { directorOf } from './directors';
import { KEYS } from './keys';
import { isSame, play, type Outcome, type Stage } from './play';
import { loadExceptions, loadRecordings, nameOf, type Recording } from './recording';

const recordings = loadRecordings();
const exceptions = new Map(loadExceptions().map((entry) => [nameOf(entry), entry]));
/** Where no session's messages reach another one. */
const TOGETHER = new Set([
	'connect',
	'timeout',
	'protocol',
	'join.error',
	'system.error',
	'filter.accepted',
	'token',
	'presence',
]);

const MOST_TOGETHER = 20;

describe('our Realtime, beside the recorded frames of the real one', () => {
	const databaseUrl = process.env.STACK_DATABASE_URL ?? '';
	const name = `realtime_replay_${randomBytes(4).toString('hex')}`;
	const admin = postgres(databaseUrl, { max: 1, onnotice() {} });
	const outcomes = new Map<string, Outcome[]>();
	let sql: postgres.Sql;
	let writer: postgres.Sql;
	let realtime: Realtime;
	let gateway: Gateway | undefined;

	beforeAll(async () => {
		await admin`create database ${admin(name)}`.simple();
		const address = new URL(databaseUrl);
		address.pathname = `/${name}`;
		sql = postgres(address.href, { max: 8, onnotice() {} });
		writer = postgres(address.href, { max: 1, onnotice() {} });
		await sql.unsafe(readFileSync(join(__dirname, '..', '..', 'sql', 'roles.sql'), 'utf8'));
		realtime = await startRealtime({
			sql,
			databaseUrl: address.href,
			jwtSecret: KEYS.jwtSecret,
			exchange: (key) => {
				const role = key.startsWith('sb_') ? keyRole(key, KEYS) : undefined;
				return role ? (role === 'anon' ? KEYS.anonJwt : KEYS.serviceRoleJwt) : key;
			},
			settings: {
				refusalDelayMs: 5,
				joinRefusalDelayMs: 60,
				pollMs: 5,
				rateTickMs: 0,
				readerLingerMs: 60_000,
			},
		});
		await sql.unsafe(readFileSync(join(__dirname, 'setup.sql'), 'utf8'));
		gateway = await startGateway({
			port: await freePort(),
			keys: KEYS,
			routes: [realtime.route],
			requests: new RequestLog(KEYS),
			faults: new FaultBox(),
		});
		const stage: Stage = { url: gateway.url, sql: writer, databaseUrl: address.href, realtime };
		for (const group of grouped(recordings)) {
			const played = await Promise.all(
				group.map(
					async (recording) => await play(stage, recording, !exceptions.has(nameOf(recording))),
				),
			);
			for (const outcome of played) {
				const { op } = outcome.recording;
				outcomes.set(op, [...(outcomes.get(op) ?? []), outcome]);
			}
			await realtime.act({ kind: 'reset' });
			if (played.some(({ recording }) => writes(recording))) await emptyTables(sql);
		}
	}, 1_200_000);

	afterAll(async () => {
		await gateway?.close();
		await realtime?.close();
		await Promise.all([sql?.end(), writer?.end()]);
		await admin`drop database if exists ${admin(name)} with (force)`.simple();
		await admin.end();
	});

	const operations = [...new Set(recordings.map(({ op }) => op))].map((op) => {
		const every = recordings.filter((recording) => recording.op === op);
		const compared = every.filter((recording) => !exceptions.has(nameOf(recording)));
		return { op, compared: compared.length, all: every.length };
	});

	it.each(operations)('$op: $compared of $all are the same', ({ op }) => {
		const compared = outcomes
			.get(op)
			?.filter(({ recording }) => !exceptions.has(nameOf(recording)));
		const by = (side: 'ours' | 'recorded') =>
			Object.fromEntries((compared ?? []).map((one) => [nameOf(one.recording), one[side]]));
		expect(by('ours')).toEqual(by('recorded'));
	});

	const compared = recordings.filter((recording) => !exceptions.has(nameOf(recording))).length;

	it(`compared ${compared} recordings; ${exceptions.size} are listed exceptions, which do differ`, () => {
		const differing = [...outcomes.values()]
			.flat()
			.filter((outcome) => !isSame(outcome))
			.map(({ recording }) => nameOf(recording));
		const listed = [...exceptions].filter(([, { isUnplayable }]) => !isUnplayable);
		const still = listed.map(([name]) => name).filter((name) => !differing.includes(name));
		expect(still).toEqual([]);
		expect(loadExceptions().every(({ reason }) => reason.length > 20)).toBe(true);
	});
});

/** One after another, but for those that do not touch each other. */
function grouped(all: Recording[]): Recording[][] {
	const groups: Recording[][] = [];
	let open: string | undefined;
	for (const recording of all) {
		const { op } = recording;
		const isAlone = !TOGETHER.has(op) || (op !== 'timeout' && directorOf(recording).settings);
		const last = groups.at(-1);
		if (!isAlone && open === op && last && last.length < MOST_TOGETHER) last.push(recording);
		else groups.push([recording]);
		open = isAlone ? undefined : op;
	}
	return groups;
}

function writes({ frames = [] }: Recording): boolean {
	return frames.some(
		({ dir, text }) => dir === 'sql' || dir === 'note' || text?.includes('postgres_changes'),
	);
}

async function emptyTables(sql: postgres.Sql): Promise<void> {
	const [row] = await sql<[{ tables: string }]>`
		select string_agg(format('%I.%I', schemaname, tablename), ', ') as tables from pg_tables
		where schemaname in ('public', 'other', 'hidden')`;
	await sql.unsafe(`truncate ${row.tables} cascade; delete from realtime.messages`);
}
