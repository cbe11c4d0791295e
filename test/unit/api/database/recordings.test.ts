import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';

import { totalCount } from '../../../../src/api/database/contentRange';
import { SupabaseApiError } from '../../../../src/api/errors';
import type { ApiRequest } from '../../../../src/api/request';
import { send } from '../../../../src/api/transport';
import { closeServers, projectAt, startServer, type TestServer } from '../../server';
import { rejectionOf } from '../../thrown';

/** An answer of PostgREST 16.2 to a request, as it came. */
interface Recorded {
	readonly op: string;
	readonly case: string;
	readonly method: ApiRequest['method'];
	readonly path: string;
	readonly accept?: string;
	readonly status: number;
	/** Those that are read; the type where it is not JSON. */
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: string;
	/** The count that the official client read from it. */
	readonly count?: number;
}

const recorded = readFileSync(join(__dirname, '../../../fixtures/postgrest-answers.jsonl'), 'utf8')
	.trim()
	.split('\n')
	.map((line) => JSON.parse(line) as Recorded);

/** A function may raise an error with a status of success, which PostgREST names all the same. */
const isRefusal = ({ status, headers }: Recorded) =>
	status >= 300 || (headers['proxy-status'] ?? '').includes('error=');

let server: TestServer;

beforeAll(async () => {
	server = await startServer(({ headers }) => replay(recorded[Number(headers['x-recording'])]));
});

afterAll(closeServers);

function replay(each: Recorded | undefined): RequestListener {
	return (_, outgoing) => {
		const type = { 'content-type': 'application/json; charset=utf-8' };
		outgoing.writeHead(each?.status ?? 599, { ...type, ...each?.headers });
		outgoing.end(each?.method === 'HEAD' ? undefined : each?.body);
	};
}

/** Sends the recorded request, which gets the recorded answer. */
async function ask(each: Recorded) {
	const request: ApiRequest = {
		service: 'rest',
		method: each.method,
		path: each.path.split('/').slice(1).map(decodeURIComponent),
		headers: {
			'x-recording': String(recorded.indexOf(each)),
			...(each.accept && { accept: each.accept }),
		},
		expect: expectationOf(each),
	};
	return await send(projectAt(server.url), request, {
		authority: { role: 'service_role' },
		maxRepeats: 0,
	});
}

function expectationOf({ accept = '' }: Recorded): ApiRequest['expect'] {
	return /^text\/|\.plan(\+text|$)/.test(accept) ? 'text' : 'json';
}

/** What is made of each case of an operation, by the case's name. */
async function byCase<T>(
	cases: readonly Recorded[],
	make: (each: Recorded) => T,
): Promise<Record<string, Awaited<T>>> {
	const made = await Promise.all(cases.map(make));
	return Object.fromEntries(made.map((value, i) => [cases[i]?.case, value]));
}

const operations = [...new Set(recorded.map(({ op }) => op))];

describe.each(operations)('the recorded answers to %s', (op) => {
	const own = recorded.filter((each) => each.op === op);

	test('of success are read as they are', async () => {
		const answers = own.filter((each) => !isRefusal(each));
		const read = byCase(answers, async (each) => {
			const { status, headers, body } = await ask(each);
			return { status, body, total: totalCount(headers) };
		});
		expect(await read).toEqual(
			await byCase(answers, (each) => ({
				status: each.status,
				body: bodyOf(each),
				total: each.count ?? totalOf(each),
			})),
		);
	});

	test('of failure give code, message, details and hint', async () => {
		const refusals = own.filter(isRefusal);
		const read = byCase(refusals, async (each) => {
			const error = await rejectionOf(ask(each));
			expect(error).toBeInstanceOf(SupabaseApiError);
			const { status, outcome, code, message, details, hint } = error as SupabaseApiError;
			return { status, outcome, code, message, details, hint };
		});
		expect(await read).toEqual(
			await byCase(refusals, (each) => ({
				status: each.status,
				// A function may raise what PostgREST also answers where the connection broke in a commit.
				outcome: String(partsOf(each).code).startsWith('08') ? 'unknown' : 'refused',
				...partsOf(each),
			})),
		);
	});
});

function bodyOf(each: Recorded): unknown {
	if (expectationOf(each) === 'text') return each.body ?? '';
	return each.body === undefined ? undefined : JSON.parse(each.body);
}

function totalOf({ headers }: Recorded): number | undefined {
	const total = headers['content-range']?.split('/')[1];
	return total === undefined || total === '*' ? undefined : Number(total);
}

function partsOf({ body, status, headers }: Recorded) {
	if (body?.startsWith('{')) {
		const { code, message, details, hint } = JSON.parse(body) as Record<string, unknown>;
		return { code, message, details: textOf(details), hint: textOf(hint) };
	}
	return {
		code: headers['proxy-status']?.replace('PostgREST; error=', ''),
		message: body ?? `HTTP status ${status}`,
		details: undefined,
		hint: undefined,
	};
}

/** Most are text, an ambiguous relation's are JSON; null and empty say nothing. */
function textOf(value: unknown): string | undefined {
	if (value === null || value === '') return undefined;
	return typeof value === 'string' ? value : JSON.stringify(value);
}

describe('the recorded answers', () => {
	test.each([
		[200, 600],
		[201, 70],
		[204, 20],
		[206, 15],
		[300, 3],
		[400, 140],
		[401, 20],
		[403, 9],
		[404, 40],
		[405, 8],
		[406, 25],
		[409, 11],
		[416, 6],
		[500, 14],
		[503, 1],
	])('are of every kind: %i', (status, atLeast) => {
		const found = recorded.filter((each) => each.status === status).length;
		expect(found).toBeGreaterThanOrEqual(atLeast);
	});

	test('tell the total that a count asked for, and none otherwise', () => {
		const totals = (op: string, name: string) =>
			totalCount(recorded.find((each) => each.op === op && each.case === name)?.headers ?? {});
		expect({
			exact: totals('count', 'exact big'),
			none: totals('count', 'none'),
			empty: totals('count', 'exact empty'),
			written: totals('insert', 'count exact'),
			changed: totals('update', 'many count'),
			deleted: totals('delete', 'count'),
			nothingChanged: totals('update', 'zero rows count'),
		}).toEqual({
			exact: 1500,
			none: undefined,
			empty: 0,
			written: 2,
			changed: 2,
			deleted: 2,
			nothingChanged: 0,
		});
	});
});
