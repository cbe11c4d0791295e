import * as buckets from './buckets';
import type { Call } from './call';
import * as change from './change';
import * as downloads from './download';
import { StorageError } from './errors';
import { listObjects } from './list';
import { listObjectsV2 } from './listV2';
import * as sign from './sign';
import { render, renderPublic, renderSigned } from './transform';
import { uploadObject, uploadSigned } from './upload';

export interface Route {
	methods: string[];
	/** `:bucket` is one segment, `*` all the rest, which may be empty. */
	path: string;
	operation: string;
	handle(call: Call): Promise<void>;
}

const READ = ['GET', 'HEAD'];

/** Nothing is cached here, and the service says the same when it has no cache before it. */
async function purgeCache(call: Call): Promise<void> {
	await call.json(true);
	call.authenticate('key');
	const name = 'CDN_PURGE_ENDPOINT_URL is not set';
	const message = `Missing Required Parameter ${name}`;
	throw new StorageError({ statusCode: 400, code: 'MissingParameter', message });
}

async function status(call: Call): Promise<void> {
	call.response.writeHead(200).end();
}

const route = (
	methods: string | string[],
	path: string,
	operation: string,
	handle: Route['handle'],
): Route => ({
	methods: [methods].flat(),
	path,
	operation: `storage.${operation}`,
	handle,
});

/** Everything but resumable uploads. The first that fits answers. */
export const routes: Route[] = [
	route('POST', 'bucket', 'bucket.create', buckets.createBucket),
	route('GET', 'bucket', 'bucket.list', buckets.listBuckets),
	route('GET', 'bucket/:bucket', 'bucket.get', buckets.getBucket),
	route('PUT', 'bucket/:bucket', 'bucket.update', buckets.updateBucket),
	route('DELETE', 'bucket/:bucket', 'bucket.delete', buckets.deleteBucket),
	route('POST', 'bucket/:bucket/empty', 'bucket.empty', buckets.emptyBucket),

	route('POST', 'object/list/:bucket', 'object.list', listObjects),
	route('POST', 'object/list-v2/:bucket', 'object.list_v2', listObjectsV2),
	route('POST', 'object/move', 'object.move', change.moveObject),
	route('POST', 'object/copy', 'object.copy', change.copyObject),
	route('POST', 'object/sign/:bucket', 'object.sign_many', sign.signUrls),
	route('POST', 'object/sign/:bucket/*', 'object.sign', sign.signUrl),
	route('POST', 'object/upload/sign/:bucket/*', 'object.sign_upload_url', sign.signUploadUrl),
	route('PUT', 'object/upload/sign/:bucket/*', 'object.upload_signed', uploadSigned),
	route(READ, 'object/sign/:bucket/*', 'object.get_signed', downloads.downloadSigned),
	route(READ, 'object/public/:bucket/*', 'object.get_public', downloads.downloadPublic),
	route(
		READ,
		'object/authenticated/:bucket/*',
		'object.get_authenticated',
		downloads.download('key'),
	),
	route(READ, 'object/info/public/:bucket/*', 'object.info_public', downloads.infoPublic),
	route(
		READ,
		'object/info/authenticated/:bucket/*',
		'object.info_authenticated',
		downloads.info('key'),
	),
	route(READ, 'object/info/:bucket/*', 'object.info', downloads.info('optional')),
	route(READ, 'object/:bucket/*', 'object.get_authenticated', downloads.download('optional')),
	route('POST', 'object/:bucket/*', 'object.upload', uploadObject),
	route('PUT', 'object/:bucket/*', 'object.upload_update', uploadObject),
	route('DELETE', 'object/:bucket', 'object.delete_many', change.removeObjects),
	route('DELETE', 'object/:bucket/*', 'object.delete', change.removeObject),

	route(READ, 'render/image/public/:bucket/*', 'render.image_public', renderPublic),
	route(
		READ,
		'render/image/authenticated/:bucket/*',
		'render.image_authenticated',
		render('token'),
	),
	route(READ, 'render/image/sign/:bucket/*', 'render.image_sign', renderSigned),

	route('DELETE', 'cdn/*', 'cdn.purge', purgeCache),
	route('GET', 'status', 'status', status),
];

/** A route, and what its path says. */
export interface Match {
	route: Route;
	bucket: string;
	key: string;
}

/** The route of a path below `/storage/v1/`, which is still encoded. */
export function matchRoute(method: string, path: string): Match | undefined {
	const segments = path.split('/');
	for (const route of routes) {
		if (!route.methods.includes(method)) continue;
		const match = fit(route.path.split('/'), segments);
		if (match) return { route, ...match };
	}
	return undefined;
}

function fit(pattern: string[], segments: string[]): { bucket: string; key: string } | undefined {
	let bucket = '';
	for (const [index, part] of pattern.entries()) {
		const segment = segments[index];
		if (segment === undefined) return undefined;
		if (part === '*') return { bucket, key: decodeURIComponent(segments.slice(index).join('/')) };
		if (part === ':bucket') {
			if (segment === '') return undefined;
			bucket = decodeURIComponent(segment);
		} else if (part !== segment) return undefined;
	}
	return segments.length === pattern.length ? { bucket, key: '' } : undefined;
}
