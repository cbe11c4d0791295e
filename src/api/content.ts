import type { Readable } from 'node:stream';

/** What is to be sent: in memory, or to be read from elsewhere, as often as it is wanted. */
export type Content =
	| { readonly size: number; readonly bytes: Uint8Array }
	| { readonly size: number; open(): Promise<Readable> };

/** Files up to this size are read whole, so that a request can be sent again. */
const KEPT_WHOLE = 1024 * 1024;

/**
 * Content as the body of one request: whole where it is small, else as a stream.
 *
 * Nothing at all is an empty body, as a stream that ends at once is no length to some servers.
 */
export async function bodyOf(content: Content): Promise<Uint8Array | Readable> {
	if ('bytes' in content) return content.bytes;
	if (content.size === 0) return new Uint8Array();
	const stream = await content.open();
	return content.size <= KEPT_WHOLE ? Buffer.concat(await stream.toArray()) : stream;
}
