import postgres from 'postgres';

import { connectionLost, refusal, type RestAnswer } from './restAnswer';
import { statusOf } from './sqlErrors';

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
		const lost = connectionLost(error);
		if (lost) return lost;
		if (error instanceof postgres.PostgresError) return refused(error, role);
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
	// A role's own settings, such as its statement timeout, are applied though it does not log in.
	await tx`
		select set_config(s.name, substr(c.setting, length(s.name) + 2), true)
		from pg_roles r, unnest(r.rolconfig) as c (setting), pg_settings s
		where r.rolname = ${role} and s.name = split_part(c.setting, '=', 1) and s.context = 'user'`;
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
