import { pipeline } from 'node:stream/promises';

import { findRules } from './buckets';
import type { Access, Call } from './call';
import { noSuchBucket, noSuchKey } from './errors';
import { checkKey } from './names';
import { findObject, type ObjectRow } from './objects';
import { parseRange } from './ranges';
import { verifyObject } from './tokens';

/** The content of an object, or only its headers. */
export const download =
	(access: Access) =>
	async (call: Call): Promise<void> =>
		await sendFile(call, await visibleObject(call, access));

/** The content of an object of a public bucket, whoever asks. */
export async function downloadPublic(call: Call): Promise<void> {
	await sendFile(call, await publicObject(call));
}

/** The content of an object by a signed URL. */
export async function downloadSigned(call: Call): Promise<void> {
	const path = `${call.bucket}/${call.key}`;
	const { exp } = verifyObject(call.token(), path, 'download', call.service.tokens);
	const row = await findObject(call.db.asService(), call.bucket, call.key);
	await sendFile(call, row, new Date(Number(exp) * 1000));
}

/** What is known of an object. */
export const info =
	(access: Access) =>
	async (call: Call): Promise<void> =>
		sendInfo(call, await visibleObject(call, access));

export async function infoPublic(call: Call): Promise<void> {
	sendInfo(call, await publicObject(call));
}

/** An object of a public bucket, or one that the caller's policies show. */
export async function visibleObject(call: Call, access: Access): Promise<ObjectRow> {
	call.authenticate(access);
	const rules = await findRules(call.db, call.bucket);
	if (!rules || (!rules.public && !call.claims)) throw noSuchBucket();
	checkKey(call.key);
	return await findObject(rules.public ? call.db.asService() : call.db, call.bucket, call.key);
}

export async function publicObject(call: Call): Promise<ObjectRow> {
	const rules = await findRules(call.db, call.bucket);
	// In the service both are looked up at once, and which one is missed first shows.
	if (rules && !rules.public) throw noSuchBucket();
	return await findObject(call.db.asService(), call.bucket, call.key);
}

function sendInfo(call: Call, row: ObjectRow): void {
	const { metadata } = row;
	const body = {
		id: row.id,
		name: row.name,
		version: row.version,
		bucket_id: row.bucket_id,
		size: metadata?.size ?? null,
		content_type: metadata?.mimetype ?? null,
		cache_control: metadata?.cacheControl ?? null,
		etag: metadata?.eTag ?? null,
		metadata: row.user_metadata,
		last_modified: row.updated_at,
		created_at: row.created_at,
	};
	call.send(200, body, {
		etag: metadata?.eTag ?? '',
		'last-modified': lastModified(row),
		'cache-control': metadata?.cacheControl ?? 'no-cache',
	});
}

/**
 * Streams a file, or the part that was asked for.
 *
 * @param expires when the URL that it was asked by ends
 */
export async function sendFile(call: Call, row: ObjectRow, expires?: Date): Promise<void> {
	const { metadata } = row;
	const { response } = call;
	const size = metadata?.size ?? 0;
	const etag = metadata?.eTag ?? '';
	const known = call.header('if-none-match');
	const headers: Record<string, string | number> = {
		'accept-ranges': 'bytes',
		'content-type': servedType(metadata?.mimetype),
		etag,
		'x-robots-tag': metadata?.xRobotsTag ?? 'none',
		'last-modified': lastModified(row),
		...(expires
			? { expires: expires.toUTCString() }
			: { 'cache-control': cacheControl(metadata?.cacheControl, known, etag) }),
		...disposition(call.query.get('download')),
	};
	if (known === etag) {
		response.writeHead(304, headers).end();
		return;
	}
	const asked = call.request.method === 'HEAD' ? undefined : call.header('range');
	const range = asked === undefined ? undefined : parseRange(asked, size);
	if (range) headers['content-range'] = `bytes ${range.start}-${range.end}/${size}`;
	headers['content-length'] = range ? range.end - range.start + 1 : size;
	if (call.request.method === 'HEAD') {
		response.writeHead(200, headers).end();
		return;
	}
	const file = call.service.files.read(row.version, range);
	await new Promise((resolve, reject) => {
		// Whoever overwrote or removed the object meanwhile took the file with it.
		file.once('open', resolve).once('error', () => reject(noSuchKey()));
	});
	response.writeHead(range ? 206 : 200, headers);
	// A client that goes away ends the copying; that is its own affair.
	await pipeline(file, response).catch(() => response.destroy());
}

/** A page is never served as one: it could run scripts on the project's own origin. */
function servedType(type = 'application/octet-stream'): string {
	return type.includes('text/html') ? 'text/plain' : type;
}

function cacheControl(stored = 'no-cache', known: string | undefined, etag: string): string {
	return known !== undefined && known !== etag ? `${stored}, stale-while-revalidate=30` : stored;
}

function disposition(name: string | null): Record<string, string> {
	if (name === null) return {};
	const encoded = encodeURIComponent(name);
	return {
		'content-disposition':
			name === '' ? 'attachment;' : `attachment; filename=${encoded}; filename*=UTF-8''${encoded}`,
	};
}

function lastModified(row: ObjectRow): string {
	return new Date(row.metadata?.lastModified ?? row.updated_at).toUTCString();
}
