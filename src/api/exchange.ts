import type { Readable } from 'node:stream';

import type { Dispatcher } from 'undici';

import { retryAfterIn } from './auth/rateLimit';
import { readErrorBody, SupabaseApiError, type ErrorParts, type Outcome } from './errors';
import { describeFault } from './faults';
import { didNotRun } from './functions/platform';
import type { Headers } from './headers';
import { objectOf, parseJson } from './json';
import { parseExactly } from './numbers';
import type { ProxyUse } from './proxy';
import { onlyReads, type ApiRequest, type ApiResponse } from './request';
import { openBody } from './requestBody';
import type { Attempt } from './retry';
import type { Service } from './service';

/** No error has more to say than this, in characters. */
const LONGEST_ERROR = 256 * 1024;

/** Where a request goes, and how. */
export interface Target {
	readonly origin: string;
	/** Path and query. Never resolved: dot segments were refused when it was made. */
	readonly path: string;
	readonly headers: Headers;
	readonly dispatcher: Dispatcher;
	/** The proxy that leads there, if one does. */
	readonly proxy?: ProxyUse;
	/** How long the server may be silent, in milliseconds. */
	readonly timeout: number;
	readonly signal?: AbortSignal;
	/** Hides the secrets of the request in a text. */
	readonly hide: (text: string) => string;
}

/**
 * One attempt at a request: its answer, or what went wrong.
 *
 * @throws only what is no fault of the exchange: the signal's reason, and what the source of the
 * body failed with
 */
export async function exchange<Body>(
	{ origin, path, dispatcher, headers, proxy, timeout, signal, hide }: Target,
	request: ApiRequest,
): Promise<{ value: ApiResponse<Body> } | Attempt> {
	const { service, method, body, expect = 'json' } = request;
	const fail = (outcome: Outcome, parts: ErrorParts, retryAfter?: string): Attempt => ({
		error: new SupabaseApiError(service, outcome, redacted(parts, hide)),
		retryAfter,
	});
	const isRead = onlyReads(request);
	const sent = await openBody(body, timeout, signal);
	let status: number | undefined;
	let open: Readable | undefined;
	try {
		const answer = await dispatcher.request({
			origin,
			path,
			method,
			headers: sent.headers ? { ...headers, ...sent.headers } : headers,
			body: sent.options.body,
			signal: sent.options.signal,
			headersTimeout: sent.options.headersTimeout,
			bodyTimeout: timeout,
		});
		sent.answered();
		const answerHeaders = flattenHeaders(answer.headers);
		status = answer.statusCode;
		if (status >= 300 || isRefusal(answerHeaders)) {
			const text = hide((await answer.body.text()).slice(0, LONGEST_ERROR));
			const parts =
				redirectParts(status, answerHeaders.location) ??
				readErrorBody(status, answerHeaders, text, service);
			// What a function answers is its own word, whatever the status: it is kept as it came.
			const kept = service === 'functions' && { answer: { headers: answerHeaders, text } };
			const said = service === 'auth' && status === 429 ? retryAfterIn(parts.message) : undefined;
			const retryAfter = answerHeaders['retry-after'] ?? said;
			// PostgREST answers 400 with an empty code where the connection to the database broke.
			const isBreak = service === 'rest' && objectOf(text)?.code === '';
			const outcome = isBreak && !isRead ? 'unknown' : refusedOr(parts.code);
			return fail(outcome, { ...parts, ...kept }, retryAfter);
		}
		if (expect === 'stream') open = answer.body;
		const value = open ?? (await answer.body.text());
		if (typeof value === 'string' && expect !== 'text') {
			const json = parseJson(value, expect === 'exactJson' ? parseExactly : undefined);
			if (json === undefined && value !== '') {
				const isOurs = answerHeaders['content-type']?.includes('json');
				const outcome = isRead ? 'refused' : isOurs ? 'done' : 'unknown';
				// Half a session holds tokens, of which nothing in the request could tell.
				const isPage = /^\s*</.test(value);
				const told = service === 'auth' && !isPage ? '' : hide(value.slice(0, 1000));
				return fail(outcome, notJson(status, answerHeaders, told));
			}
			return { value: { status, headers: answerHeaders, body: json as Body } };
		}
		return { value: { status, headers: answerHeaders, body: value as Body } };
	} catch (error) {
		signal?.throwIfAborted();
		const failure = sent.failure();
		if (failure) throw failure;
		const { outcome, parts } = describeFault(error, proxy);
		return fail(outcomeOfBroken(outcome), { ...parts, status });
	} finally {
		if (open) open.once('close', () => sent.close());
		else sent.close();
	}

	/** What became of a request whose answer broke off, by as much as came of it. */
	function outcomeOfBroken(outcome: Outcome): Outcome {
		if (status === undefined) return outcome;
		if (status >= 300) return refusedOr(undefined);
		return isRead ? outcome : 'done';
	}

	/**
	 * A gateway answers 5xx also when it did reach the service and got no answer: only the service's
	 * own code proves that a write was refused.
	 */
	function refusedOr(code = ''): Outcome {
		const isAnswer = (status ?? 0) >= 300 && (status ?? 0) < 500;
		return isRead || isAnswer || PROVES_REFUSAL[service](code) ? 'refused' : 'unknown';
	}
}

/**
 * The codes by which a service says itself that it carried nothing out: those of PostgREST and
 * PostgreSQL, but for a connection that broke while they worked (a commit may have been under way), of Storage (`DatabaseTimeout`), of Auth (`unexpected_failure`, not of its time limit) and of the platform of
 * edge functions. A function's own code proves nothing: it did run.
 */
const PROVES_REFUSAL: Record<Service, (code: string) => boolean> = {
	rest: (code) =>
		/^(PGRST\w+|[0-9A-Z]{5})$/.test(code) && !/^(PGRST001|57P0[12]|08...|40003)$/.test(code),
	storage: (code) => /^([A-Z][a-z0-9]*){2,}$/.test(code),
	auth: (code) => code !== 'request_timeout' && /^([a-z]+(_[a-z]+)+|[0-9A-Z]{5})$/.test(code),
	functions: didNotRun,
	realtime: () => false,
};

/**
 * Whether an answer with a status of success is none: a database function may raise an error with
 * such a status, which PostgREST names all the same, and what carries calls to edge functions says in
 * a header alone that it failed.
 */
function isRefusal(headers: Headers): boolean {
	return /error=/.test(headers['proxy-status'] ?? '') || headers['x-relay-error'] === 'true';
}

function flattenHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
	const flat: Record<string, string> = {};
	for (const [name, value = ''] of Object.entries(headers)) {
		flat[name] = typeof value === 'string' ? value : value.join(', ');
	}
	return flat;
}

function notJson(status: number, headers: Headers, text: string): ErrorParts {
	return {
		...readErrorBody(status, headers, text),
		message: 'The answer is not JSON',
		details: text.trim().slice(0, 200),
		hint: 'A web page or another program answered. Check the Project URL in the credential.',
		code: 'NOT_JSON',
	};
}

/** PostgREST answers some errors with 300, which has no location. */
function redirectParts(status: number, location: string | undefined): ErrorParts | undefined {
	if (status >= 400 || !location) return undefined;
	const origin = URL.canParse(location)
		? new URL(location).origin
		: 'another path of the same server';
	return {
		status,
		code: 'REDIRECT',
		message: `The server redirects to ${origin}`,
		hint: 'Redirects are not followed, since they would carry the key along. Enter the final address as Project URL.',
	};
}

/** A server may quote what it was sent, at any place. */
function redacted<T>(value: T, hide: (text: string) => string): T {
	if (typeof value === 'string') return hide(value) as T;
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, each]) => [name, redacted<unknown>(each, hide)]),
	) as T;
}
