import { dispatcherFor } from './dispatcher';
import { exchange } from './exchange';
import { checkHeaders, withOwnHeaders, type Headers } from './headers';
import { authorityHeaders, type Authority } from './keys';
import type { Project } from './project';
import { proxyFor, type ProxyUse } from './proxy';
import { redactor, secretsOf } from './redaction';
import { onlyReads, requestTarget, type ApiRequest, type ApiResponse } from './request';
import { withRepeats } from './retry';
import type { Service } from './service';

/** How long the server may be silent unless the caller says otherwise, in milliseconds. */
const DEFAULT_TIMEOUT = 60_000;

/** The longest time that a timer of Node.js can wait, in milliseconds. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** A secret key sent with a browser's `User-Agent` is refused, hence a name of our own. */
const CLIENT_NAME = 'n8n-nodes-supabase-suite';

/** How this client names itself. */
export const CLIENT = { 'user-agent': CLIENT_NAME, 'x-client-info': CLIENT_NAME };

export interface SendOptions {
	readonly authority: Authority;
	/** How long nothing may move, in milliseconds: neither of the request nor of its answer. */
	readonly timeout?: number;
	/** Headers that a person wants for this request. */
	readonly headers?: Headers;
	/** How often to repeat what may be repeated; 3 unless given. */
	readonly maxRepeats?: number;
	readonly signal?: AbortSignal;
}

/** Sends requests with one project, authority and set of options. */
export type Send = <Body = unknown>(request: ApiRequest) => Promise<ApiResponse<Body>>;

/**
 * Binds a project and options to `send`.
 *
 * @throws InvalidRequestError for headers that cannot be sent
 */
export function sender(project: Project, options: SendOptions): Send {
	const { signal, maxRepeats, timeout = DEFAULT_TIMEOUT } = options;
	const theirs = { ...CLIENT, ...project.headers, ...headersOf(options) };
	const gates = new Map<Service, Gate>();

	function gateTo(service: Service): Gate {
		const gate = gates.get(service) ?? gateOf(project, service, options.authority);
		gates.set(service, gate);
		return gate;
	}

	return async <Body>(request: ApiRequest) => {
		const { origin, path, proxy, authority } = gateTo(request.service);
		const headers = withOwnHeaders({ ...request.headers, ...authority }, theirs);
		const target = {
			origin,
			path: path + requestTarget(request),
			headers,
			proxy,
			dispatcher: await dispatcherFor(project.ignoreTlsErrors, proxy),
			timeout: Math.min(timeout, LONGEST_TIMEOUT),
			signal,
			hide: hiderOf(project, headers, request),
		};
		const repeatable = request.repeatable ?? onlyReads(request);
		return await withRepeats(async () => await exchange<Body>(target, request), {
			repeatable,
			maxRepeats,
			signal,
		});
	};
}

/** What all requests to one service have in common. */
interface Gate {
	readonly origin: string;
	/** The path of its address. */
	readonly path: string;
	readonly proxy: ProxyUse | undefined;
	readonly authority: Headers;
}

function gateOf(project: Project, service: Service, authority: Authority): Gate {
	const headers = authorityHeaders(project, service, authority);
	const address = project.services[service];
	const { origin } = new URL(address);
	return {
		origin,
		path: address.slice(origin.length),
		proxy: proxyFor(origin),
		authority: headers,
	};
}

/**
 * Sends a request and reads its answer. Repeats it where that does no harm, follows no redirects (a
 * key must not reach another server), keeps keys, tokens and the values of headers out of what it
 * throws.
 *
 * @returns the answer, with its body as `request.expect` asks
 * @throws InvalidRequestError before anything is sent, when the request, its headers, its authority
 * or the proxy are unfit
 * @throws SupabaseApiError when the service refused, or its answer never came
 * @throws the reason of `options.signal` when it is aborted
 */
export async function send<Body>(
	project: Project,
	request: ApiRequest,
	options: SendOptions,
): Promise<ApiResponse<Body>> {
	return await sender(project, options)<Body>(request);
}

function headersOf({ headers = {}, authority }: SendOptions): Headers {
	return checkHeaders(Object.entries(headers), 'in Options', authority.role === 'none');
}

/** Made when it is needed: most requests succeed. */
function hiderOf(
	{ publishableKey = '', secretKey = '' }: Project,
	headers: Headers,
	{ query }: ApiRequest,
): (text: string) => string {
	let hide: ((text: string) => string) | undefined;
	return (text) => {
		hide ??= redactor([publishableKey, secretKey, ...secretsOf(headers, query)]);
		return hide(text);
	};
}
