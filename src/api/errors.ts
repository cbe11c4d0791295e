import { objectOf } from './json';
import type { Service } from './service';

/**
 * What is known of a request that failed:
 * - `notSent`: nothing reached the service;
 * - `refused`: the service answered, and did nothing;
 * - `unknown`: it was sent and the service did not answer, so it may have been carried out;
 * - `done`: the service answered that it was carried out, but the answer could not be read.
 */
export type Outcome = 'notSent' | 'refused' | 'unknown' | 'done';

/** The parts of an error that every service's answer is turned into. */
export interface ErrorParts {
	readonly message: string;
	/** The service's own code (`PGRST205`, `23505`, …), Node's or undici's for connection faults. */
	readonly code?: string;
	readonly status?: number;
	readonly details?: string;
	readonly hint?: string;
	readonly requestId?: string;
	/** What is wrong in our own words, where they are better than the service's message. */
	readonly title?: string;
	/** Message and hint are in our own words, not the service's. */
	readonly ours?: true;
	/** Of edge functions alone: all that was answered, which is a program's own word. */
	readonly answer?: Answer;
}

/** What a server answered, as it came; header names are in lower case. */
export interface Answer {
	readonly headers: Readonly<Record<string, string>>;
	readonly text: string;
}

/** A request that a Supabase service refused, or that never got its answer. */
export class SupabaseApiError extends Error {
	readonly code?: string;
	readonly status?: number;
	readonly details?: string;
	readonly hint?: string;
	readonly requestId?: string;
	readonly answer?: Answer;
	readonly title?: string;
	readonly ours?: true;

	constructor(
		readonly service: Service,
		readonly outcome: Outcome,
		{ message, ...parts }: ErrorParts,
		options?: ErrorOptions,
	) {
		super(message, options);
		this.name = 'SupabaseApiError';
		Object.assign(this, parts);
	}
}

/** Input that cannot become a request; thrown before anything is sent. */
export class InvalidRequestError extends Error {
	constructor(
		message: string,
		/** What to do about it. */
		readonly hint?: string,
	) {
		super(message);
		this.name = 'InvalidRequestError';
	}
}

/**
 * For `catch` of a promise: a service's refusal becomes its result, and anything else is thrown on.
 */
export function refusal(error: unknown): SupabaseApiError {
	if (error instanceof SupabaseApiError) return error;
	throw error;
}

/** The code that stands for the header `x-relay-error`, which has none. */
export const RELAY_ERROR = 'RELAY_ERROR';

/**
 * Reads the error body of any service or of the gateway before it.
 *
 * PostgREST answers `{code, message, details, hint}`, Auth `{code, message}` or `{error_code, msg}`
 * or `{error, error_description}`, with its code in `x-sb-error-code` as well, or PostgreSQL's
 * `{code, message, detail}`, Storage `{statusCode, error, message, code}`, the gateway
 * `{message, hint}` or a page of HTML. Edge functions answer what they like; their platform names
 * its own errors in `sb-error-code`, and what carries the calls in `x-relay-error`.
 *
 * @param status the HTTP status
 * @param headers the answer's headers, names in lower case
 * @param text the answer's body, whatever it is
 * @param service Storage answers most errors with status 400, and the real one as text in the body
 * @returns the same parts for all of them; never throws
 */
export function readErrorBody(
	status: number,
	headers: Readonly<Record<string, string>>,
	text: string,
	service?: Service,
): ErrorParts {
	const body = objectOf(text) ?? {};
	const code = first(
		headers['sb-error-code'],
		headers['x-relay-error'] === 'true' ? RELAY_ERROR : undefined,
		body.error_code,
		typeof body.code === 'string' ? body.code : headers['x-sb-error-code'],
		body.code,
		body.error_description && body.error,
		/error=(\w+)/.exec(headers['proxy-status'] ?? '')?.[1],
	);
	return dropEmpty({
		message:
			first(body.msg, body.message, body.error_description, nestedMessage(body.error)) ??
			readableText(text, headers['content-type']) ??
			`HTTP status ${status}`,
		code,
		status: (service === 'storage' && Number(body.statusCode)) || status,
		details: first(body.details, body.detail),
		hint: first(body.hint),
		requestId: first(headers['sb-request-id'], headers['x-request-id'], headers['cf-ray']),
	});
}

function nestedMessage(error: unknown): unknown {
	return typeof error === 'object' && error !== null
		? (error as { message?: unknown }).message
		: error;
}

/** The first value that says something, as text. */
function first(...values: unknown[]): string | undefined {
	for (const value of values) {
		if (value === undefined || value === null || value === '') continue;
		return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number);
	}
	return undefined;
}

/** A page of HTML says nothing to a person but its title. */
function readableText(text: string, contentType = ''): string | undefined {
	const isHtml = contentType.includes('html') || /^\s*<(!doctype|html)/i.test(text);
	const readable = isHtml ? /<title>([^<]*)<\/title>/i.exec(text)?.[1] : text;
	return readable?.trim().slice(0, 500) || undefined;
}

function dropEmpty(parts: ErrorParts): ErrorParts {
	return Object.fromEntries(
		Object.entries(parts).filter(([, value]) => value !== undefined),
	) as unknown as ErrorParts;
}
