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

const NOT_CONNECTED = /^(ECONNREFUSED|CONNECT_TIMEOUT|57P03)$/;
const BROKEN = /^(CONNECTION_\w+|ECONNRESET|EPIPE|57P02)$/;

/**
 * PostgREST answers 503 while the database is away; whether the statement was done, nobody knows.
 *
 * @returns undefined for an error of another kind
 */
export function connectionLost(error: unknown): RestAnswer | undefined {
	const { code, message, address, port } = (error ?? {}) as {
		code?: unknown;
		message?: string;
		address?: string;
		port?: number;
	};
	if (typeof code !== 'string') return undefined;
	if (BROKEN.test(code)) {
		const told = 'Database client error. Retrying the connection.';
		return retryable(refusal(503, 'PGRST001', told, 'no connection to the server\n'));
	}
	if (!NOT_CONNECTED.test(code)) return undefined;
	const server = address === undefined ? 'server' : `server at "${address}", port ${port}`;
	const why =
		code === '57P03'
			? `FATAL:  ${message}`
			: 'Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?';
	const details = `connection to ${server} failed: ${why}\n`;
	return retryable(refusal(503, 'PGRST000', 'Database connection error.', details));
}

function retryable(answer: RestAnswer): RestAnswer {
	return { ...answer, headers: { ...answer.headers, 'retry-after': '0' } };
}
