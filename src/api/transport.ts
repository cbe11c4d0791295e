import type { Readable } from 'node:stream';

import type { Dispatcher } from 'undici';

import { readErrorBody, SupabaseApiError, type ErrorParts, type Outcome } from './errors';
import { describeFault } from './faults';
import { didNotRun } from './functions/platform';
import { parseJson } from './json';
import { authorityHeaders, type Authority } from './keys';
import type { Project } from './project';
import { onlyReads, requestTarget, type ApiRequest, type ApiResponse } from './request';
import { openBody } from './requestBody';
import { withRepeats, type Attempt } from './retry';

/** How long a connection may take, in milliseconds. */
const CONNECT_TIMEOUT = 10_000;

/** How long the server may be silent unless the caller says otherwise, in milliseconds. */
const DEFAULT_TIMEOUT = 60_000;

/** PostgREST echoes the request's address in `Content-Location`. */
const MAX_HEADER_BYTES = 65_536;

/** A secret key sent with a browser's `User-Agent` is refused, hence a name of our own. */
const CLIENT_NAME = 'n8n-nodes-supabase-suite';

export interface SendOptions {
	readonly authority: Authority;
	/** How long the server may be silent, in milliseconds: before it answers, and between two parts of its answer. */
	readonly timeout?: number;
	/** Headers for this request alone; they cannot replace the keys. */
	readonly headers?: Readonly<Record<string, string>>;
	/** How often to repeat what may be repeated; 3 unless given. */
	readonly maxRepeats?: number;
	readonly signal?: AbortSignal;
}

/** Sends requests with one project, authority and set of options. */
export type Send = <Body = unknown>(request: ApiRequest) => Promise<ApiResponse<Body>>;

/** The pools are kept between executions: a connection is made once, not once an execution. */
const dispatchers = new Map<boolean, Promise<Dispatcher>>();

/**
 * The pool for all projects of one TLS setting; inside it undici keeps one for each origin. It is
 * loaded on first use, as it takes a while. Proxies come from the environment.
 */
async function dispatcherFor(ignoreTlsErrors: boolean): Promise<Dispatcher> {
	let dispatcher = dispatchers.get(ignoreTlsErrors);
	if (!dispatcher) {
		dispatcher = import('undici').then(({ EnvHttpProxyAgent }) => {
			const tls = { rejectUnauthorized: !ignoreTlsErrors };
			return new EnvHttpProxyAgent({
				connect: { ...tls, timeout: CONNECT_TIMEOUT },
				requestTls: tls,
				maxHeaderSize: MAX_HEADER_BYTES,
			});
		});
		dispatchers.set(ignoreTlsErrors, dispatcher);
	}
	return await dispatcher;
}

/** Binds a project and options to `send`. */
export function sender(project: Project, options: SendOptions): Send {
	return async (request) => await send(project, request, options);
}

/**
 * Sends a request and reads its answer. Repeats it where that does no harm, follows no redirects (a
 * key must not reach another server), keeps keys and tokens out of what it throws.
 *
 * @returns the answer, with its body as `request.expect` asks
 * @throws InvalidRequestError before anything is sent, when the request or its authority is unfit
 * @throws SupabaseApiError when the service refused, or its answer never came
 * @throws the reason of `options.signal` when it is aborted
 */
export async function send<Body>(
	project: Project,
	request: ApiRequest,
	options: SendOptions,
): Promise<ApiResponse<Body>> {
	const authority = authorityHeaders(project, request.service, options.authority);
	const headers = mergeHeaders(
		{ 'user-agent': CLIENT_NAME, 'x-client-info': CLIENT_NAME },
		project.headers,
		options.headers,
		request.headers,
		authority,
	);
	const address = project.services[request.service];
	const { origin } = new URL(address);
	const target = {
		origin,
		path: address.slice(origin.length) + requestTarget(request),
		dispatcher: await dispatcherFor(project.ignoreTlsErrors),
	};
	const secrets = [headers.apikey, headers.authorization].flatMap(
		(value) => value?.replace(/^Bearer /, '') || [],
	);
	const repeatable = request.repeatable ?? onlyReads(request);
	return await withRepeats(
		async () => await exchange<Body>(target, request, { ...options, headers }, secrets),
		{ repeatable, maxRepeats: options.maxRepeats, signal: options.signal },
	);
}

/** Later ones win, whatever the case of their names. */
function mergeHeaders(
	...all: Array<Readonly<Record<string, string>> | undefined>
): Record<string, string> {
	return Object.fromEntries(
		all.flatMap((headers) =>
			Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const),
		),
	);
}

interface Target {
	readonly origin: string;
	/** Never resolved: dot segments were refused when it was made. */
	readonly path: string;
	readonly dispatcher: Dispatcher;
}

/** One attempt: an answer, or what went wrong. Throws only what is no fault of the exchange. */
async function exchange<Body>(
	{ dispatcher, ...target }: Target,
	{ service, method, body, expect = 'json' }: ApiRequest,
	{ headers, timeout = DEFAULT_TIMEOUT, signal }: Omit<SendOptions, 'authority'>,
	secrets: readonly string[],
): Promise<{ value: ApiResponse<Body> } | Attempt> {
	const fail = (outcome: Outcome, parts: ErrorParts, retryAfter?: string): Attempt => ({
		error: new SupabaseApiError(service, outcome, redact(parts, secrets)),
		retryAfter,
	});
	const isRead = method === 'GET' || method === 'HEAD';
	const sent = await openBody(body, timeout, signal);
	let status: number | undefined;
	let open: Readable | undefined;
	try {
		const answer = await dispatcher.request({
			...target,
			...sent.options,
			method,
			headers: { ...sent.headers, ...headers },
			bodyTimeout: timeout,
		});
		sent.answered();
		const answerHeaders = flattenHeaders(answer.headers);
		status = answer.statusCode;
		if (status >= 300 || isRefusal(answerHeaders)) {
			const text = hide(await answer.body.text(), secrets);
			const parts =
				redirectParts(status, answerHeaders.location) ??
				readErrorBody(status, answerHeaders, text, service);
			// What a function answers is its own word, whatever the status: it is kept as it came.
			const kept = service === 'functions' && { answer: { headers: answerHeaders, text } };
			return fail(refusedOr(parts.code), { ...parts, ...kept }, answerHeaders['retry-after']);
		}
		if (expect === 'stream') open = answer.body;
		const value = open ?? (await answer.body.text());
		if (typeof value === 'string' && expect === 'json') {
			const json = parseJson(value);
			if (json === undefined && value !== '') {
				const isOurs = answerHeaders['content-type']?.includes('json');
				const outcome = isRead ? 'refused' : isOurs ? 'done' : 'unknown';
				return fail(outcome, notJson(status, answerHeaders, hide(value, secrets)));
			}
			return { value: { status, headers: answerHeaders, body: json as Body } };
		}
		return { value: { status, headers: answerHeaders, body: value as Body } };
	} catch (error) {
		signal?.throwIfAborted();
		const failure = sent.failure();
		if (failure) throw failure;
		const { outcome, parts } = describeFault(error);
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
	 * own code proves that a write was refused. A function's own code proves nothing: it did run.
	 */
	function refusedOr(code = ''): Outcome {
		const isProven = service === 'functions' ? didNotRun(code) : code !== '';
		const isAnswer = (status ?? 0) >= 300 && (status ?? 0) < 500;
		return isRead || isProven || isAnswer ? 'refused' : 'unknown';
	}
}

/**
 * Whether an answer with a status of success is none: a database function may raise an error with
 * such a status, which PostgREST names all the same, and what carries calls to edge functions says in
 * a header alone that it failed.
 */
function isRefusal(headers: Readonly<Record<string, string>>): boolean {
	return /error=/.test(headers['proxy-status'] ?? '') || headers['x-relay-error'] === 'true';
}

function flattenHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]),
	);
}

function notJson(
	status: number,
	headers: Readonly<Record<string, string>>,
	text: string,
): ErrorParts {
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

/** A server may quote what it was sent. */
function redact(parts: ErrorParts, secrets: readonly string[]): ErrorParts {
	return Object.fromEntries(
		Object.entries(parts).map(([name, value]) => [
			name,
			typeof value === 'string' ? hide(value, secrets) : (value as number),
		]),
	) as unknown as ErrorParts;
}

/** Done before a text is cut, as half a key would not be found in it. */
function hide(text: string, secrets: readonly string[]): string {
	return secrets.reduce((rest, secret) => rest.replaceAll(secret, '[hidden]'), text);
}
