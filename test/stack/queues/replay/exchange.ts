import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A request to the real PostgREST before pgmq, and what it answered. */
export interface Exchange {
	op: string;
	case: string;
	/** Version of pgmq. */
	pgmq: string;
	role: string;
	request: { method: string; path: string; headers: Record<string, string>; body: string | null };
	response: { status: number; headers: Record<string, string>; body: string };
}

/** An exchange that our stack answers in another way, and why. */
export interface Exception {
	case: string;
	op: string;
	reason: string;
}

const FOLDER = join(__dirname, '..', '..', '..', 'fixtures', 'queues');

/** The exchanges with a version of pgmq, in the order in which they were sent. */
export function loadExchanges(version: string): Exchange[] {
	return readFileSync(join(FOLDER, 'exchanges.jsonl'), 'utf8')
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as Exchange)
		.filter(({ pgmq }) => pgmq === version);
}

export function loadExceptions(): Exception[] {
	return JSON.parse(readFileSync(join(FOLDER, 'exceptions.json'), 'utf8')) as Exception[];
}

export function nameOf({ op, case: name }: { op: string; case: string }): string {
	return `${op}: ${name}`;
}

const CUT = /…\{(\d+) characters\}$/;

/** The body of a recorded request. Long ones were cut: what they held is made again. */
export function bodyOf({ request: { body }, case: name }: Exchange): string | undefined {
	// A machine that is busy takes longer than a second from this request to the next.
	if (name.startsWith('limit in the address'))
		return body?.replace('"sleep_seconds":1,', '"sleep_seconds":60,');
	const length = Number(CUT.exec(body ?? '')?.[1]);
	if (!length || body === null) return body ?? undefined;
	const [start = ''] = /^.*"(?:blob":"|messages":\[)/.exec(body) ?? [];
	if (start.endsWith('"')) return `${start}${'x'.repeat(length - start.length - 3)}"}}`;
	const count = Number(/^[\d,]+/.exec(name)?.[0].replace(',', ''));
	return `${start}${Array.from({ length: count }, (_, i) => `{"i":${i}}`).join()}]}`;
}

/** What is compared of an answer: its times, and where the database listens, are another's each time. */
export interface Comparable {
	status: number;
	range: string | null;
	applied: string | null;
	body: string;
}

/** What was recorded gave a claim as a set; now it is one value that reads the same. */
const ONE_VALUE = '0-0/*';

export function ofRecording({ request, response }: Exchange): Comparable {
	const { status, headers, body } = response;
	const isClaim = request.path === '/rpc/n8n_queue_claim' && status === 200;
	return {
		status,
		range: isClaim ? ONE_VALUE : (headers['content-range'] ?? null),
		applied: headers['preference-applied'] ?? null,
		body: withoutAges(body),
	};
}

/** @param like the recorded body: where that was cut, this is cut too */
export function ofAnswer(answer: Response, text: string, like: string): Comparable {
	const told = text
		.replace(/"?\d{4}-\d\d-\d\d[T ][\d:.]+\+00(:00)?"?/g, (time) =>
			time.startsWith('"') ? '"{time}"' : '{time}',
		)
		.replace(/(server at \\")[\d.]+(\\", port )\d+/, '$1{host}$2{port}');
	const cut = CUT.exec(like);
	return {
		status: answer.status,
		range: answer.headers.get('content-range'),
		applied: answer.headers.get('preference-applied'),
		body: withoutAges(cut ? `${told.slice(0, cut.index)}…{${told.length} characters}` : told),
	};
}

/** Recorded within a second. */
function withoutAges(body: string): string {
	return body.replace(/(_age_sec": )\d+/g, '$1{age}');
}
