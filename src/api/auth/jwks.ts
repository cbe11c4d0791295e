import type { JsonWebKey } from 'node:crypto';

import type { Send } from '../transport';
import { listOf } from './answers';
import { authRequest } from './request';

/** A published key of a project. */
export type PublishedKey = JsonWebKey & { readonly kid?: string; readonly alg?: string };

/** How long keys are kept where the answer does not say, in seconds: as long as auth-js keeps them. */
const USUALLY_KEPT = 600;

/** How many projects' keys are kept. */
const MOST = 100;

/** So long an ID is not asked for anew that no key had, in milliseconds: anybody can make one up. */
const PATIENCE = 5000;

interface Keys {
	readonly found: readonly PublishedKey[];
	/** In milliseconds since 1970. */
	readonly from: number;
	readonly until: number;
}

interface Kept {
	readonly keys: Promise<Keys>;
	isSettled: boolean;
}

const kept = new Map<string, Kept>();

/**
 * The key of that ID which a project publishes (`GET /.well-known/jwks.json`). Keys are kept as long
 * as the answer's `cache-control` says, and all who ask meanwhile wait for the same. A key that is
 * not among those kept is asked for anew, since a project may have begun to use another.
 *
 * @param address of the project's Auth
 * @returns `undefined` where the project has none of that ID
 */
export async function publishedKey(
	address: string,
	kid: string,
	send: Send,
	now = Date.now,
): Promise<PublishedKey | undefined> {
	const wasKept = kept.get(address);
	const held = wasKept && (await wasKept.keys.catch(() => undefined));
	if (held && now() < held.until) {
		const known = held.found.find((key) => key.kid === kid);
		if (known || now() < held.from + PATIENCE) return known;
	}
	// Others may have asked anew while this one waited.
	let latest = kept.get(address);
	if (!latest || latest.isSettled) {
		latest = asked(send, now);
		if (kept.size >= MOST) kept.delete(kept.keys().next().value ?? '');
		kept.set(address, latest);
	}
	const { found } = await latest.keys;
	return found.find((key) => key.kid === kid);
}

function asked(send: Send, now: () => number): Kept {
	const made: Kept = { keys: read(send, now), isSettled: false };
	const settle = () => (made.isSettled = true);
	made.keys.then(settle, settle);
	return made;
}

async function read(send: Send, now: () => number): Promise<Keys> {
	const from = now();
	const { headers, body } = await send(authRequest('GET', ['.well-known', 'jwks.json']));
	const found = listOf((body as { keys?: unknown } | undefined)?.keys) as PublishedKey[];
	return { found, from, until: from + keptFor(headers['cache-control']) * 1000 };
}

/** For how many seconds an answer may be kept. */
function keptFor(cacheControl = ''): number {
	if (/\b(no-store|no-cache)\b/i.test(cacheControl)) return 0;
	const [, seconds] = /\bmax-age=(\d+)/i.exec(cacheControl) ?? [];
	return seconds === undefined ? USUALLY_KEPT : Number(seconds);
}
