import { totalCount } from '../api/database/contentRange';
import { InvalidRequestError, SupabaseApiError } from '../api/errors';
import { onlyReads, type ApiRequest, type ApiResponse } from '../api/request';
import type { Send } from '../api/transport';

/** What a node has written so far, whatever has been thrown since. */
export interface Ledger {
	/** How many rows, files or calls the services said that they had carried out. */
	readonly written: number;
	/** Of how many requests the outcome is not known, those under way included. */
	readonly unknown: number;
	/** Whether there is something of it that may not be done again. */
	readonly isFinal: boolean;
	/** The same `send`, with an entry here for everything that it writes. */
	readonly kept: (send: Send) => Send;
}

/** A ledger without entries. */
export function openLedger(): Ledger {
	let written = 0;
	let unknown = 0;
	let final = 0;
	return {
		get written() {
			return written;
		},
		get unknown() {
			return unknown;
		},
		get isFinal() {
			return final > 0;
		},
		kept(send) {
			return async <Body>(request: ApiRequest) => {
				if (onlyReads(request)) return await send<Body>(request);
				const ofThis = isSafeAgain(request) ? 0 : 1;
				unknown++;
				final += ofThis;
				const answer = await send<Body>(request).catch((error: unknown) => {
					if (wasNotCarriedOut(error)) {
						unknown--;
						final -= ofThis;
					}
					throw error;
				});
				const amount = amountOf(request, answer);
				unknown--;
				written += amount;
				if (amount === 0) final -= ofThis;
				return answer;
			};
		},
	};
}

/** What a function does is known to the person alone, call by call; others know it by their operation. */
function isSafeAgain({ service, repeatable = false }: ApiRequest): boolean {
	return service === 'functions' && repeatable;
}

/** Any other failure, such as a cancellation, may have come after the service had done its work. */
function wasNotCarriedOut(error: unknown): boolean {
	if (error instanceof SupabaseApiError) return ['refused', 'notSent'].includes(error.outcome);
	return error instanceof InvalidRequestError;
}

/** How much one answered request wrote: the rows that it tells of, or one. */
function amountOf(request: ApiRequest, { headers, body }: ApiResponse): number {
	const { service, path, tellsAmount } = request;
	if ((headers['preference-applied'] ?? '').includes('tx=rollback')) return 0;
	if (tellsAmount && !Array.isArray(body)) return Number(body) || 0;
	if (service === 'rest' && path[0] === 'rpc' && !tellsAmount) return 1;
	return totalCount(headers) ?? (Array.isArray(body) ? body.length : 1);
}

/**
 * Says what stands, for the error of something that failed later.
 *
 * @param what one of it and what was done with it: `['row', 'written']`
 * @param told of how many requests the error itself says that their outcome is not known
 * @returns nothing where nothing was written
 */
export function whatStands(
	{ written, unknown: all }: Pick<Ledger, 'written' | 'unknown'>,
	[noun, done]: readonly [string, string] = ['request', 'carried out'],
	told = 0,
): string | undefined {
	const unknown = all - told;
	const said: string[] = [];
	if (written === 1) said.push(`1 ${noun} was ${done} before, and that stays.`);
	if (written > 1) said.push(`${written} ${noun}s were ${done} before, and that stays.`);
	if (unknown > 0) {
		const many = unknown === 1 ? '1 request' : `${unknown} requests`;
		said.push(
			`Whether ${many} that got no answer did anything is unknown: look before you run it again.`,
		);
	}
	return said.join(' ') || undefined;
}
