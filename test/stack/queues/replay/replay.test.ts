import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';

import type { CapturedTable } from '../../../../src/api/queues/plan';
import { durableSql } from '../../../../src/api/queues/sql/durable';
import { startStackChild, type StackChild } from '../../child';
import { stackControl } from '../../control';
import { signJwt } from '../../keys';
import { STEADY } from '../../steadySocket';
import { versionOf } from '../queues';
import {
	bodyOf,
	loadExceptions,
	loadExchanges,
	nameOf,
	ofAnswer,
	ofRecording,
	type Comparable,
	type Exchange,
} from './exchange';
import { interludes } from './interludes';

/** What is installed: 1.5.1 is what our own subset behaves as. */
const version = versionOf();
const exchanges = loadExchanges(version);
const names = new Set(exchanges.map(nameOf));
const exceptions = new Map(
	loadExceptions()
		.map((entry) => [nameOf(entry), entry.reason] as const)
		.filter(([name]) => names.has(name)),
);
const isCompared = (exchange: Exchange) => !exceptions.has(nameOf(exchange));

describe(`queues of our stack, beside the recorded answers of pgmq ${version}`, () => {
	const outcomes = new Map<string, { ours: Comparable; recorded: Comparable }>();
	let stack: StackChild;

	beforeAll(async () => {
		stack = await startStackChild(['--schemas=public,pgmq_public']);
		const sql = postgres(stack.databaseUrl, { max: 1, onnotice() {}, ...STEADY });
		await sql.unsafe(readFileSync(join(__dirname, 'setup.sql'), 'utf8'));
		const item: CapturedTable = { schema: 'public', name: 'item', events: ['insert'] };
		await sql.unsafe(durableSql({ queue: 't1', tables: [item] }));
		const { databaseUrl } = stack;
		const stage = { sql, databaseUrl, control: stackControl(stack.url) };
		for (const exchange of exchanges) {
			const interlude = interludes[exchange.case];
			const asked = async () => await ask(exchange);
			const answer = interlude ? await interlude(stage, asked) : await asked();
			const ours = ofAnswer(answer, await answer.text(), exchange.response.body);
			outcomes.set(nameOf(exchange), { ours, recorded: ofRecording(exchange) });
		}
		await sql.end();
	});

	afterAll(async () => await stack?.stop());

	async function ask(exchange: Exchange): Promise<Response> {
		const { method, path, headers } = exchange.request;
		const asUser = exchange.role === 'authenticated';
		const token = asUser ? signJwt({ role: 'authenticated' }, stack.jwtSecret) : undefined;
		return await fetch(`${stack.url}/rest/v1${path}`, {
			method,
			headers: {
				...headers,
				apikey: exchange.role === 'service_role' ? stack.secretKey : stack.publishableKey,
				authorization: token === undefined ? '' : `Bearer ${token}`,
			},
			body: bodyOf(exchange),
		});
	}

	const operations = [...new Set(exchanges.map(({ op }) => op))].map((op) => {
		const all = exchanges.filter((exchange) => exchange.op === op);
		return { op, compared: all.filter(isCompared).length, all: all.length };
	});

	it.each(operations)('$op: $compared of $all are the same', ({ op }) => {
		const compared = exchanges.filter((exchange) => exchange.op === op && isCompared(exchange));
		const by = (side: 'ours' | 'recorded') =>
			Object.fromEntries(compared.map((one) => [nameOf(one), outcomes.get(nameOf(one))?.[side]]));
		expect(by('ours')).toEqual(by('recorded'));
	});

	const others = ['1.4.4', '1.13.0'].map((other) => {
		const recorded = new Map(exchanges.map((one) => [nameOf(one), told(one)]));
		const all = loadExchanges(other);
		const alike = all.filter((one) => recorded.get(nameOf(one)) === told(one) && isCompared(one));
		return { other, all: all.length, count: alike.length, alike };
	});

	it.each(version === '1.5.1' ? others : [])(
		'with pgmq $other $count of $all were recorded alike, and are the same',
		({ alike }) => {
			const ours = alike.map((one) => JSON.stringify(outcomes.get(nameOf(one))?.ours));
			expect(ours).toEqual(alike.map(told));
		},
	);

	const compared = exchanges.filter(isCompared).length;

	it(`compared ${compared} of ${exchanges.length} exchanges; ${exceptions.size} are listed exceptions, which do differ`, () => {
		const same = [...outcomes]
			.filter(([, { ours, recorded }]) => JSON.stringify(ours) === JSON.stringify(recorded))
			.map(([name]) => name);
		expect([...exceptions.keys()].filter((name) => same.includes(name))).toEqual([]);
		expect([...exceptions.values()].every((reason) => reason.length > 20)).toBe(true);
	});
});

function told(exchange: Exchange): string {
	return JSON.stringify(ofRecording(exchange));
}
