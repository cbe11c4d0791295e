import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Which of the recorded configurations answered. */
export type ServerName = 'main' | 'auto';

/** A request to the real service and what it answered. */
export interface Exchange {
	op: string;
	case: string;
	server: ServerName;
	/** Which of several requests of one call it is. */
	part?: number;
	request: { method: string; path: string; headers: Record<string, string>; body: unknown };
	response: { status: number; headers: Record<string, string>; body: unknown };
}

const FOLDER = join(__dirname, '..', '..', '..', 'fixtures', 'auth');

/** Every recorded exchange of the two configurations, in the order in which they were sent. */
export function loadExchanges(): Exchange[] {
	return readFileSync(join(FOLDER, 'exchanges.jsonl'), 'utf8')
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as Exchange)
		.filter(({ server }) => server === 'main' || server === 'auto');
}

/** Exchanges that our server answers in another way, and why: one of an operation, or all of it. */
export interface Exception {
	op: string;
	case?: string;
	reason: string;
}

export function loadExceptions(): Exception[] {
	return JSON.parse(readFileSync(join(FOLDER, 'exceptions.json'), 'utf8')) as Exception[];
}

export function nameOf({ op, case: name, part }: Exchange): string {
	return `${op}: ${name}${part === undefined || part === 1 ? '' : ` (${part})`}`;
}

export function exceptionFor(exchange: Exchange, exceptions: Exception[]): Exception | undefined {
	return exceptions.find(
		(one) => one.op === exchange.op && (one.case === undefined || one.case === exchange.case),
	);
}

/** The error code of a recorded answer, in either shape of bodies; undefined for none. */
export function codeOf({ response }: Exchange): string | undefined {
	const { code, error_code } = (response.body ?? {}) as Record<string, unknown>;
	return [error_code, code].find((one): one is string => typeof one === 'string');
}

/** A recorded user as it stood in an answer. */
export interface RecordedUser extends Record<string, unknown> {
	id: string;
	email: string;
	phone: string;
	identities: Array<Record<string, unknown>> | null;
}

/** The user in an answer: the body itself, the one in a session, or those of a list. */
export function usersIn({ response }: Exchange): RecordedUser[] {
	const body = response.body as Record<string, unknown> | null;
	if (typeof body !== 'object' || body === null) return [];
	const candidates = [body, body.user, ...(Array.isArray(body.users) ? body.users : [])];
	return candidates.filter(
		(one): one is RecordedUser => typeof one === 'object' && one !== null && 'app_metadata' in one,
	);
}
