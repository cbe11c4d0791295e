import type { Call } from './call';
import { checkKey } from './names';
import { findObject, mayWrite } from './objects';
import type { Field } from './schemas';
import { signObject } from './tokens';
import { transformFields, transformText } from './transform';
import { decodeMetadata } from './upload';

const EXPIRES_IN: Field = { type: 'integer', required: true, min: 1 };

/** Makes a URL that gives the object to whoever has it. */
export async function signUrl(call: Call): Promise<void> {
	const body = await call.body({
		expiresIn: EXPIRES_IN,
		transform: { type: 'object', fields: transformFields },
	});
	call.authenticate('key');
	checkKey(call.key);
	await findObject(call.db, call.bucket, call.key);
	const { settings, tokens } = call.service;
	const wanted = settings.imageTransformation ? transformText(body.transform) : '';
	const path = pathAsAsked(call);
	const token = signObject(
		{ ...(wanted ? { transformations: wanted } : {}), url: path, scope: 'download' },
		body.expiresIn as number,
		tokens,
	);
	const route = wanted ? '/render/image/sign' : '/object/sign';
	call.send(200, { signedURL: `${route}/${path}?token=${token}` });
}

/**
 * Bucket and key as the service reads them from the address that it was asked by: of that it decodes
 * all but `;/?:@&=+$,#`, so that with one of them encoded the link leads nowhere.
 */
function pathAsAsked({ request }: Call): string {
	const [path = ''] = (request.url ?? '').split('?');
	return decodeURI(path.slice(path.indexOf('/object/sign/') + '/object/sign/'.length));
}

/** The same for many objects; those that are not there have an error each. */
export async function signUrls(call: Call): Promise<void> {
	const body = await call.body({
		expiresIn: EXPIRES_IN,
		paths: { type: 'strings', required: true, minItems: 1, maxItems: 1000 },
	});
	call.authenticate('key');
	const paths = body.paths as string[];
	const rows = await call.db.run(
		async (tx) =>
			await tx<Array<{ name: string }>>`
			select name from storage.objects where bucket_id = ${call.bucket} and name = any(${paths})`,
	);
	const known = new Set(rows.map(({ name }) => name));
	const signed = paths.map((path) => {
		if (!known.has(path)) {
			const error = 'Either the object does not exist or you do not have access to it';
			return { error, path, signedURL: null };
		}
		const url = `${call.bucket}/${path}`;
		const claims = { url, scope: 'download' as const };
		const token = signObject(claims, body.expiresIn as number, call.service.tokens);
		return { error: null, path, signedURL: `/object/sign/${url}?token=${token}` };
	});
	call.send(200, signed);
}

/** Makes a URL by which whoever has it uploads that one object. */
export async function signUploadUrl(call: Call): Promise<void> {
	await call.json();
	call.authenticate('key');
	const { bucket, key, owner, isUpsert } = call;
	await mayWrite(
		call.db,
		{
			bucket,
			key,
			owner,
			metadata: { mimetype: call.header('content-type') },
			userMetadata: decodeMetadata(call.header('x-metadata')),
		},
		isUpsert,
	);
	const url = `${bucket}/${key}`;
	const { settings, tokens } = call.service;
	const token = signObject(
		{ owner, url, upsert: isUpsert, scope: 'upload' },
		settings.uploadUrlSeconds,
		tokens,
	);
	call.send(200, { url: `/object/upload/sign/${url}?token=${token}`, token });
}
