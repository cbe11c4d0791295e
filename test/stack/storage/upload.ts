import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';

import { findRules, type BucketRules } from './buckets';
import type { Call } from './call';
import { invalidMimeType, invalidParameter, noSuchBucket, tooLarge } from './errors';
import { readForm } from './multipart';
import { checkKey, checkMimeType, checkSegments, isPlaceholder } from './names';
import { mayWrite, metadataOf, record, type ObjectRow, type UserMetadata } from './objects';
import { verifyObject } from './tokens';

interface Incoming {
	body: Readable;
	mimeType: string;
	cacheControl: string;
	userMetadata: UserMetadata | undefined;
	isTruncated: () => boolean;
}

/** `POST` makes an object, `PUT` makes or replaces it. */
export async function uploadObject(call: Call): Promise<void> {
	checkContentType(call);
	call.authenticate('key');
	const row = await receive(call, call.isUpsert || call.request.method === 'PUT', call.owner);
	call.send(200, { Key: `${call.bucket}/${row.name}`, Id: row.id });
}

/** Upload with a token instead of a key: it says who owns the object and whether it may replace one. */
export async function uploadSigned(call: Call): Promise<void> {
	checkContentType(call);
	const claims = verifyObject(
		call.token(),
		`${call.bucket}/${call.key}`,
		'upload',
		call.service.tokens,
	);
	call.db = call.db.asService();
	const owner = typeof claims.owner === 'string' ? claims.owner : undefined;
	const row = await receive(call, claims.upsert === true, owner);
	call.send(200, { Key: `${call.bucket}/${row.name}` });
}

async function receive(call: Call, upsert: boolean, owner?: string): Promise<ObjectRow> {
	const { bucket, db } = call;
	const rules = await findRules(db, bucket);
	if (!rules) throw noSuchBucket();
	const incoming = await read(call, rules);
	try {
		return await store(call, incoming, upsert, owner);
	} catch (error) {
		// The rest of a form that nobody wants is let through, not waited for.
		if (incoming.body !== call.request) incoming.body.destroy();
		throw error;
	}
}

async function store(
	call: Call,
	incoming: Incoming,
	upsert: boolean,
	owner?: string,
): Promise<ObjectRow> {
	const { bucket, key, db } = call;
	checkKey(key);
	checkSegments(bucket, key);
	const { files } = call.service;
	const version = randomUUID();
	const rehearsed = {
		bucket,
		key,
		owner,
		metadata: { mimetype: incoming.mimeType },
		userMetadata: incoming.userMetadata,
	};
	await mayWrite(db, rehearsed, upsert);
	const facts = await files.write(incoming.body, version);
	try {
		if (incoming.isTruncated()) throw tooLarge();
		const metadata = metadataOf(facts, incoming.mimeType, incoming.cacheControl);
		const robots = call.header('x-robots-tag');
		if (robots) metadata.xRobotsTag = robots;
		const userMetadata = incoming.userMetadata ?? {};
		const { row, replaced } = await record(db, {
			...rehearsed,
			version,
			metadata,
			userMetadata,
		});
		await files.remove(replaced);
		return row;
	} catch (error) {
		await files.remove(version);
		throw error;
	}
}

async function read(call: Call, rules: BucketRules): Promise<Incoming> {
	const { settings } = call.service;
	const most = isPlaceholder(call.key)
		? 0
		: Math.min(
				rules.file_size_limit ?? Infinity,
				settings.standardSizeLimit ?? Infinity,
				settings.fileSizeLimit,
			);
	const checkType = (type: string) => {
		if (!isPlaceholder(call.key)) checkMimeType(type, rules.allowed_mime_types);
	};
	const type = call.header('content-type');
	if (type?.startsWith('multipart/form-data')) {
		const form = await readForm(call.request, most);
		const mimeType = form.fields.contentType || form.mimeType;
		try {
			checkType(mimeType);
		} catch (error) {
			form.file.destroy();
			throw error;
		}
		const seconds = form.fields.cacheControl;
		return {
			body: form.file,
			mimeType,
			cacheControl: seconds ? `max-age=${seconds}` : 'no-cache',
			userMetadata: parseObject(form.fields.metadata ?? form.fields.userMetadata),
			isTruncated: form.isTruncated,
		};
	}
	const mimeType = type ?? 'application/octet-stream';
	checkType(mimeType);
	// As in the service, only a size that was announced is checked: a chunked body passes.
	if (Number(call.header('content-length') ?? 0) > most) throw tooLarge();
	return {
		body: call.request,
		mimeType,
		cacheControl: call.header('cache-control') ?? 'no-cache',
		userMetadata: decodeMetadata(call.header('x-metadata')),
		isTruncated: () => false,
	};
}

/** User metadata in a header: JSON in base64. What is neither is ignored, as the service does. */
export function decodeMetadata(header: string | undefined): UserMetadata | undefined {
	return parseObject(header && Buffer.from(header, 'base64').toString('utf8'));
}

/** User metadata as JSON; undefined for none and for what is no JSON. */
export function parseObject(json: string | undefined): UserMetadata | undefined {
	if (!json) return undefined;
	let value: unknown;
	try {
		value = JSON.parse(json);
	} catch {
		return undefined;
	}
	if (Array.isArray(value)) throw invalidParameter('value', 'invalid input syntax for type json');
	return value as UserMetadata;
}

function checkContentType(call: Call): void {
	const type = call.header('content-type');
	if (type !== undefined && !/^[^/\s]+\/[^/\s]/.test(type))
		throw invalidMimeType(type, 'Invalid Content-Type header');
}
