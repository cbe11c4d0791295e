import { randomBytes } from 'node:crypto';
import postgres from 'postgres';

import { startReplayServer, type ReplayServer } from './child';
import { loadExceptions, loadExchanges, nameOf } from './exchange';
import { Replay, SECRET, type Outcome } from './replay';
import { BEFORE, POLICIES } from './setup';

const exchanges = loadExchanges();
const exceptions = new Map(loadExceptions().map((entry) => [nameOf(entry), entry.reason]));

describe('our storage, beside the recorded answers of the real one', () => {
	const databaseUrl = process.env.STACK_DATABASE_URL ?? '';
	const name = `storage_replay_${randomBytes(4).toString('hex')}`;
	const admin = postgres(databaseUrl, { max: 1, onnotice() {} });
	const outcomes = new Map<string, Outcome[]>();
	let server: ReplayServer | undefined;

	beforeAll(async () => {
		await admin`create database ${admin(name)}`.simple();
		const address = new URL(databaseUrl);
		address.pathname = `/${name}`;
		const sql = postgres(address.href, { max: 1, onnotice() {} });
		await sql.unsafe(BEFORE);
		server = await startReplayServer(address.href, SECRET);
		await sql.unsafe(POLICIES);
		await sql.end();
		const replay = new Replay(server);
		for (const exchange of exchanges) {
			const outcome = await replay.run(exchange);
			outcomes.set(exchange.op, [...(outcomes.get(exchange.op) ?? []), outcome]);
		}
	}, 60_000);

	afterAll(async () => {
		await server?.stop();
		await admin`drop database if exists ${admin(name)} with (force)`.simple();
		await admin.end();
	});

	const operations = [...new Set(exchanges.map(({ op }) => op))].map((op) => {
		const all = exchanges.filter((exchange) => exchange.op === op);
		const compared = all.filter((exchange) => !exceptions.has(nameOf(exchange)));
		return { op, compared: compared.length, all: all.length };
	});

	it.each(operations)('$op: $compared of $all are the same', ({ op }) => {
		const compared = outcomes.get(op)?.filter(({ exchange }) => !exceptions.has(nameOf(exchange)));
		const by = (side: 'ours' | 'recorded') =>
			Object.fromEntries((compared ?? []).map((one) => [nameOf(one.exchange), one[side]]));
		expect(by('ours')).toEqual(by('recorded'));
	});

	it('empties a bucket some time after the answer, when told so', async () => {
		if (!server) throw new Error('The server did not start');
		const { url, keys } = server;
		const headers = { apikey: keys.secretKey };
		const call = async (method: string, path: string, body?: string) =>
			await fetch(`${url}/storage/v1/${path}`, { method, headers, body });
		await server.order({ settings: { emptyDelayMs: 100 } });
		await call('POST', 'object/small/later.txt', 'x');
		expect((await call('POST', 'bucket/small/empty')).status).toBe(200);
		expect((await call('HEAD', 'object/small/later.txt')).status).toBe(200);
		await new Promise((resolve) => setTimeout(resolve, 400));
		expect((await call('HEAD', 'object/small/later.txt')).status).toBe(400);
	});

	const compared = exchanges.filter((exchange) => !exceptions.has(nameOf(exchange))).length;

	it(`compared ${compared} exchanges; ${exceptions.size} are listed exceptions, which do differ`, () => {
		const differing = [...outcomes.values()]
			.flat()
			.filter(({ ours, recorded }) => JSON.stringify(ours) !== JSON.stringify(recorded))
			.map(({ exchange }) => nameOf(exchange));
		expect([...exceptions.keys()].filter((entry) => !differing.includes(entry))).toEqual([]);
		expect([...exceptions.values()].every((reason) => reason.length > 20)).toBe(true);
	});
});
