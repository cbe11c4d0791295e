import { randomUUID } from 'node:crypto';

import type { Call } from './call';
import { accessDenied, invalidRequest } from './errors';
import { checkKey, checkSegments } from './names';
import {
	findObject,
	mayWrite,
	presentRow,
	record,
	type FileMetadata,
	type ObjectRow,
} from './objects';
import type { Fields } from './schemas';
import { decodeMetadata } from './upload';

const FROM_TO: Fields = {
	sourceKey: { type: 'string', required: true },
	bucketId: { type: 'string', required: true },
	destinationKey: { type: 'string', required: true },
	destinationBucket: { type: 'string' },
};

/** Copies an object: the source as the caller sees it, the target as the caller may write it. */
export async function copyObject(call: Call): Promise<void> {
	const body = await call.body({
		...FROM_TO,
		copyMetadata: { type: 'boolean' },
		metadata: {
			type: 'object',
			fields: { cacheControl: { type: 'string' }, mimetype: { type: 'string' } },
		},
	});
	call.authenticate('key');
	const { from, to } = ends(body);
	checkKey(to.key);
	const { files } = call.service;
	const source = await findObject(call.db, from.bucket, from.key);
	const keep = (body.copyMetadata as boolean | undefined) ?? true;
	const metadata = {
		...source.metadata,
		...(keep ? {} : (body.metadata as FileMetadata | undefined)),
	};
	const userMetadata = keep
		? source.user_metadata
		: (decodeMetadata(call.header('x-metadata')) ?? null);
	const target = { ...to, owner: call.owner, metadata, userMetadata };
	await mayWrite(call.db, target, call.isUpsert);
	checkSegments(to.bucket, to.key);
	const version = randomUUID();
	metadata.lastModified = await files.copy(source.version, version);
	try {
		const { row, replaced } = await record(call.db, { ...target, version });
		await files.remove(replaced);
		call.send(200, { Key: `${to.bucket}/${to.key}`, Id: row.id, ...presentRow(row) });
	} catch (error) {
		await files.remove(version);
		throw error;
	}
}

/** Moves an object, which keeps its id. There is no overwriting. */
export async function moveObject(call: Call): Promise<void> {
	const body = await call.body(FROM_TO);
	call.authenticate('key');
	const { from, to } = ends(body);
	checkKey(to.key);
	const { files } = call.service;
	const version = randomUUID();
	const owner = call.owner === undefined ? {} : { owner_id: call.owner };
	const changes = { name: to.key, bucket_id: to.bucket, version, ...owner };
	await findObject(call.db, from.bucket, from.key);
	await call.db.rehearse(
		async (tx) =>
			await tx`
			update storage.objects set ${tx(changes)}
			where bucket_id = ${from.bucket} and name = ${from.key}`,
	);
	checkSegments(to.bucket, to.key);
	const source = await findObject(call.db.asService(), from.bucket, from.key);
	if (from.bucket !== to.bucket || from.key !== to.key) {
		await call.db.asService().run(async (tx) => {
			const metadata = { ...source.metadata, lastModified: new Date().toISOString() };
			await tx`
				update storage.objects set ${tx({ ...changes, metadata: tx.json(metadata) })}
				where id = ${source.id}`;
			await files.move(source.version, version);
		});
	}
	call.send(200, { message: 'Successfully moved' });
}

/** Removes by names; those that are not there, or not the caller's, are left out of the answer. */
export async function removeObjects(call: Call): Promise<void> {
	const body = await call.body({ prefixes: { type: 'strings', required: true, minItems: 1 } });
	call.authenticate('key');
	const names = body.prefixes as string[];
	if (call.service.settings.hardLimits && names.length > 1000) {
		const message = 'Bulk object requests are limited to 1000 objects per request.';
		throw invalidRequest(message, 'InvalidRequest');
	}
	const rows = await call.db.run(
		async (tx) =>
			await tx<ObjectRow[]>`
			delete from storage.objects
			where bucket_id = ${call.bucket} and name = any(${names}) returning *`,
	);
	await call.service.files.remove(...rows.map(({ version }) => version));
	// Neither in the order that was asked for nor by name: as the table mostly holds them.
	rows.sort((a, b) => a.created_at.getTime() - b.created_at.getTime());
	call.send(200, rows.map(presentRow));
}

export async function removeObject(call: Call): Promise<void> {
	await call.json();
	call.authenticate('key');
	const row = await findObject(call.db.asService(), call.bucket, call.key);
	const { count } = await call.db.run(
		async (tx) => await tx`delete from storage.objects where id = ${row.id}`,
	);
	if (count === 0) throw accessDenied();
	await call.service.files.remove(row.version);
	call.send(200, { message: 'Successfully deleted' });
}

function ends(body: Record<string, unknown>) {
	const bucket = body.bucketId as string;
	return {
		from: { bucket, key: body.sourceKey as string },
		to: {
			bucket: (body.destinationBucket as string | undefined) || bucket,
			key: body.destinationKey as string,
		},
	};
}
