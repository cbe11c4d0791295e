import {
	exceptionFor,
	loadExceptions,
	loadExchanges,
	nameOf,
	type Exchange,
	type ServerName,
} from './exchange';
import { recordedKey } from './jwts';
import { replay, type Outcome } from './replay';
import { startReplayServer, type ReplayServer } from './servers';
import { createWorld } from './world';

const exchanges = loadExchanges();
const exceptions = loadExceptions();
const isCompared = (exchange: Exchange) => exceptionFor(exchange, exceptions) === undefined;

describe('our auth, beside the recorded answers of the real one', () => {
	const databaseUrl = process.env.STACK_DATABASE_URL ?? '';
	const key = recordedKey(exchanges);
	const servers: ReplayServer[] = [];
	const outcomes: Outcome[] = [];

	beforeAll(async () => {
		const worlds = {} as Record<ServerName, ReturnType<typeof createWorld>>;
		for (const name of ['main', 'auto'] as const) {
			const server = await startReplayServer(name, databaseUrl, key.kid);
			servers.push(server);
			worlds[name] = createWorld(name, server, exchanges, key);
		}
		for (const exchange of exchanges)
			outcomes.push(await replay(worlds[exchange.server], exchange));
		if (process.env.AUTH_REPLAY) report(outcomes);
	}, 120_000);

	afterAll(async () => {
		for (const server of servers) await server.stop();
	});

	const operations = [...new Set(exchanges.map(({ op }) => op))].map((op) => {
		const all = exchanges.filter((exchange) => exchange.op === op);
		return { op, compared: all.filter(isCompared).length, all: all.length };
	});

	it.each(operations.filter(({ compared }) => compared > 0))(
		'$op: $compared of $all are the same',
		({ op }) => {
			const compared = outcomes.filter(
				({ exchange }) => exchange.op === op && isCompared(exchange),
			);
			const by = (side: 'ours' | 'recorded') =>
				compared.map((one) => ({ case: nameOf(one.exchange), ...one[side] }));
			expect(by('ours')).toEqual(by('recorded'));
		},
	);

	const compared = exchanges.filter(isCompared).length;

	it(`compared ${compared} of ${exchanges.length} exchanges; the others are listed with a reason`, () => {
		expect(compared / exchanges.length).toBeGreaterThan(0.9);
		expect(exceptions.filter(({ reason }) => reason.length <= 20)).toEqual([]);
	});

	it('does differ in each listed exception', () => {
		const same = exceptions.filter((exception) => {
			const listed = outcomes.filter(({ exchange }) => exceptionFor(exchange, [exception]));
			return listed.length === 0 || listed.some((outcome) => isSame(outcome));
		});
		expect(same).toEqual([]);
	});
});

function isSame({ ours, recorded }: Outcome): boolean {
	return JSON.stringify(sorted(ours)) === JSON.stringify(sorted(recorded));
}

/** The same with its keys in order, as `toEqual` compares. */
function sorted(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(sorted);
	if (typeof value !== 'object' || value === null) return value;
	const entries = Object.entries(value).filter(([, one]) => one !== undefined);
	return Object.fromEntries(
		entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, one]) => [name, sorted(one)]),
	);
}

/**
 * With `AUTH_REPLAY` set: how many of each operation are the same, and the first differences. Its
 * value is a part of the names of the operations whose differences are shown whole.
 */
function report(outcomes: Outcome[]): void {
	const table = new Map<string, { same: number; all: number }>();
	const lines: string[] = [];
	for (const outcome of outcomes) {
		const { op, server } = outcome.exchange;
		const row = table.get(`${server} ${op}`) ?? { same: 0, all: 0 };
		const same = isSame(outcome);
		table.set(`${server} ${op}`, { same: row.same + Number(same), all: row.all + 1 });
		const isAsked = new RegExp(process.env.AUTH_REPLAY ?? '').test(op);
		if (!same && isAsked)
			lines.push(
				`${server} ${nameOf(outcome.exchange)}`,
				`   recorded ${JSON.stringify(outcome.recorded)}`,
				`   ours     ${JSON.stringify(outcome.ours)}`,
			);
	}
	for (const [name, { same, all }] of table) lines.push(`${same} of ${all}  ${name}`);
	const total = outcomes.filter(isSame).length;
	process.stdout.write(`${lines.join('\n')}\n${total} of ${outcomes.length} are the same\n`);
}
