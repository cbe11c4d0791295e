import { connectionLost } from './restAnswer';

/** What the PostgreSQL driver throws when a statement fails. */
interface DatabaseError {
	code?: unknown;
	message?: string;
	detail?: string;
	hint?: string;
}

/** SQLSTATEs, or classes of them, and the HTTP status that PostgREST gives each; any other is a 400. */
const STATUS: Record<string, number> = {
	'08': 503,
	'09': 500,
	'0L': 403,
	'0P': 403,
	'21': 500,
	'23503': 409,
	'23505': 409,
	'25': 500,
	'25006': 405,
	'28': 403,
	'2D': 500,
	'38': 500,
	'39': 500,
	'3B': 500,
	'40': 500,
	'42883': 404,
	'42P01': 404,
	'42P17': 500,
	'53': 503,
	'53400': 500,
	'54': 500,
	'55': 500,
	'57': 500,
	'57P01': 503,
	'58': 500,
	F0: 500,
	HV: 500,
	P0001: 400,
	P0: 500,
	XX: 500,
};

/** The HTTP status that PostgREST gives a database error. */
export function statusOf(code: string, message = ''): number {
	// The guard against updates without a filter.
	if (code === '21000' && message.endsWith('requires a WHERE clause')) return 400;
	return STATUS[code] ?? STATUS[code.slice(0, 2)] ?? 400;
}

/**
 * Makes lite answer with PostgREST's status and body where it would answer 500 `SUP`: refused by a
 * check constraint (23514), raised by a function (P0001), and every other SQLSTATE that lite does
 * not know. What lite answers rightly is left to it.
 *
 * lite lets a function raise SQLSTATE `PGRST` to write an answer of its own; that is used here.
 */
export function likePostgrest(error: unknown): unknown {
	const lost = connectionLost(error);
	if (lost) return raised(lost.body, lost.status, lost.headers);
	const { code, message = '', detail, hint } = (error ?? {}) as DatabaseError;
	if (
		typeof code !== 'string' ||
		!/^[0-9A-Z]{5}$/.test(code) ||
		code === 'PGRST' ||
		code.startsWith('PT')
	)
		return error;
	if (isRightInLite(code)) return error;
	const body = { code, message, details: detail ?? null, hint: hint ?? null };
	return raised(JSON.stringify(body), statusOf(code, message), {});
}

function raised(body: string, status: number, headers: Record<string, string>): Error {
	return Object.assign(new Error(body), {
		code: 'PGRST',
		detail: JSON.stringify({ status, headers }),
	});
}

function isRightInLite(code: string): boolean {
	return code.startsWith('22') || code === '23502' || (code.startsWith('42') && code !== '42P01');
}
