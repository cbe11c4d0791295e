/** Counts the bytes that it is sent, and tells their SHA-256, as they come. */
import { createHash } from 'node:crypto';

Deno.serve(async (request) => {
	const hash = createHash('sha256');
	let bytes = 0;
	for await (const part of request.body ?? []) {
		bytes += part.length;
		hash.update(part);
	}
	return Response.json({
		bytes,
		sha256: hash.digest('hex'),
		length: request.headers.get('content-length'),
	});
});
