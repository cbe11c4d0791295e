import postgres from 'postgres';

import { statusOf } from './sqlErrors';

/** An answer of the REST service. */
export interface RestAnswer {
	status: number;
	headers: Record<string, string>;
	body: string;
}

export const JSON_TYPE = 'application/json; charset=utf-8';
export const OBJECT_TYPE = 'application/vnd.pgrst.object+json; charset=utf-8';

/** An error as PostgREST tells it. */
export function refusal(
	status: number,
	code: string,
	message: string,
	details?: string | null,
	hint?: string | null,
): RestAnswer {
	return {
		status,
		headers: { 'content-type': JSON_TYPE, 'proxy-status': `PostgREST; error=${code}` },
		body: JSON.stringify({ code, details: details ?? null, hint: hint ?? null, message }),
	};
}

export function notOneRow(total: number): RestAnswer {
	return refusal(
		406,
		'PGRST116',
		'Cannot coerce the result to a single JSON object',
		`The result contains ${total} rows`,
	);
}

/** Ends a transaction without keeping what it did, and holds the answer all the same. */
export class Undone extends Error {
	constructor(readonly answer: RestAnswer) {
		super();
	}
}

/** Runs a statement's transaction as the claims of its caller, and answers what fails as PostgREST does. */
export async function answerAs(
	sql: postgres.Sql,
	claims: Claims,
	work: (tx: postgres.TransactionSql) => Promise<RestAnswer | undefined>,
): Promise<RestAnswer | undefined> {
	const role = typeof claims.role === 'string' ? claims.role : 'anon';
	try {
		return (await sql.begin(work)) as RestAnswer | undefined;
	} catch (error) {
		if (error instanceof Undone) return error.answer;
		if (error instanceof postgres.PostgresError) return refused(error, role);
		const lost = connectionLost(error);
		if (lost) return lost;
		throw error;
	}
}

export interface Claims {
	role?: unknown;
	sub?: unknown;
}

/** What is asked from here on in a transaction is asked by the role and with the claims of a token. */
export async function actAs(tx: postgres.TransactionSql, claims: Claims): Promise<void> {
	const role = typeof claims.role === 'string' ? claims.role : 'anon';
	const sub = typeof claims.sub === 'string' ? claims.sub : '';
	await tx`
		select set_config('request.jwt.claims', ${JSON.stringify(claims)}, true),
			set_config('request.jwt.claim.sub', ${sub}, true),
			set_config('request.jwt.claim.role', ${role}, true),
			set_config('role', ${role}, true)`;
}

function refused(error: postgres.PostgresError, role: string): RestAnswer {
	const { code, message, detail, hint } = error;
	if (code === 'PGRST') return written(message, detail);
	const own = /^PT(\d{3})$/.exec(code)?.[1];
	const denied = code === '42501';
	const status = own
		? Number(own)
		: denied
			? role === 'anon'
				? 401
				: 403
			: statusOf(code, message);
	const answer = refusal(status, code, message, detail, hint);
	if (status === 401) answer.headers['www-authenticate'] = 'Bearer';
	return answer;
}

/** The answer that a function has written by SQLSTATE `PGRST`. */
function written(message: string, detail: string | undefined): RestAnswer {
	try {
		const { code, ...said } = JSON.parse(message) as Record<string, string>;
		const { status, headers } = JSON.parse(detail ?? '') as {
			status: number;
			headers?: Record<string, string>;
		};
		const answer = refusal(status, code ?? '', said.message ?? '', said.details, said.hint);
		return { ...answer, headers: { ...answer.headers, ...headers } };
	} catch {
		return refusal(500, 'PGRST121', `Invalid JSON value for MESSAGE: '${message}'`);
	}
}

/** PostgREST answers 503 while the database is away; whether the statement was done, nobody knows. */
export function connectionLost(error: unknown): RestAnswer | undefined {
	const { code, message } = (error ?? {}) as { code?: unknown; message?: string };
	if (typeof code !== 'string' || !/^(CONNECTION|CONNECT_|ECONN|EPIPE)/.test(code))
		return undefined;
	const answer = /^(CONNECT_|ECONNREFUSED)/.test(code)
		? refusal(503, 'PGRST000', 'Database connection error.', message)
		: refusal(
				503,
				'PGRST001',
				'Database client error. Retrying the connection.',
				'no connection to the server\n',
			);
	answer.headers['retry-after'] = '0';
	return answer;
}
