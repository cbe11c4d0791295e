import type { Readable } from 'node:stream';

import type { OpenBody } from './request';

/** What is to be sent: in memory, or to be read from elsewhere, as often as it is wanted. */
export type Content =
	| { readonly size: number; readonly bytes: Uint8Array }
	| { readonly size: number; open(): Promise<Readable> };

/**
 * Content as the body of one request, which may be sent again: a stream is opened for each attempt.
 *
 * Nothing at all is an empty body, as a stream that ends at once is no length to some servers.
 */
export function bodyOf(content: Content): Uint8Array | OpenBody {
	if ('bytes' in content) return content.bytes;
	return content.size === 0 ? new Uint8Array() : async () => await content.open();
}
