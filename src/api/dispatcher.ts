import type { Dispatcher, Pool } from 'undici';

import type { ProxyUse } from './proxy';

/** How long a connection may take, in milliseconds. */
const CONNECT_TIMEOUT = 10_000;

/** PostgREST echoes the request's address in `Content-Location`. */
const MAX_HEADER_BYTES = 65_536;

/** The pools are kept between executions: a connection is made once, not once an execution. */
const dispatchers = new Map<string, Promise<Dispatcher>>();

/**
 * The pool for all projects of one TLS setting and one proxy; inside it undici keeps one for each
 * origin. It is loaded on first use, as it takes a while.
 */
export async function dispatcherFor(
	ignoreTlsErrors: boolean,
	proxy: ProxyUse | undefined,
): Promise<Dispatcher> {
	const key = `${ignoreTlsErrors} ${proxy?.uri}`;
	let dispatcher = dispatchers.get(key);
	if (!dispatcher) {
		dispatcher = openDispatcher({ rejectUnauthorized: !ignoreTlsErrors }, proxy);
		dispatchers.set(key, dispatcher);
	}
	return await dispatcher;
}

async function openDispatcher(
	tls: { readonly rejectUnauthorized: boolean },
	proxy: ProxyUse | undefined,
): Promise<Dispatcher> {
	const { Agent, Pool, ProxyAgent } = await import('undici');
	const limits = { maxHeaderSize: MAX_HEADER_BYTES };
	if (!proxy) return new Agent({ ...limits, connect: { ...tls, timeout: CONNECT_TIMEOUT } });
	return new ProxyAgent({
		...limits,
		uri: proxy.uri,
		requestTls: { ...tls, timeout: CONNECT_TIMEOUT },
		clientFactory: (origin, options) =>
			toProxy(new Pool(origin, { ...options, headersTimeout: CONNECT_TIMEOUT })),
	});
}

/** What fails on the way to a proxy, or at it, is told apart from what fails behind it. */
function toProxy(pool: Pool): Pool {
	const connect = pool.connect.bind(pool) as (options: unknown) => Promise<unknown>;
	return Object.assign(pool, {
		connect: async (options: unknown) =>
			await connect(options).catch((cause: unknown) => {
				throw new Error('The proxy connection failed', { cause });
			}),
	});
}
