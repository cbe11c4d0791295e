import type { DataStore, Server, Upload } from '@tus/server';

import { findRules } from './buckets';
import type { Call, StorageService } from './call';
import { invalidSignature, noSuchBucket, StorageError } from './errors';
import { checkMimeType } from './names';
import { mayWrite, metadataOf, record } from './objects';
import { verifyObject } from './tokens';
import { formatUploadId, newUploadId, parseUploadId, type UploadId } from './uploadId';
import { parseObject } from './upload';

export const RESUMABLE_PATH = '/storage/v1/upload/resumable';

/** Resumable uploads: the protocol is `@tus/server`'s, who may do what is decided here. */
export interface Resumable {
	/** Whether a request is one of them. */
	answers(method: string, path: string): boolean;
	handle(call: Call): Promise<void>;
}

/** A request as `@tus/server` hands it to its hooks. */
interface HookRequest {
	runtime?: { node?: { req: object } };
}

/** What the hooks of one request share. */
interface Visit {
	call: Call;
	signed: boolean;
	upsert: boolean;
	owner?: string;
	/** Set as soon as it is known which upload is meant. */
	id?: UploadId;
}

const METHODS = ['POST', 'PUT', 'PATCH', 'HEAD', 'DELETE', 'OPTIONS'];

export async function startResumable(service: StorageService): Promise<Resumable> {
	// Both are ES modules only.
	const [{ Server }, { FileStore }] = await Promise.all([
		import('@tus/server'),
		import('@tus/file-store'),
	]);
	const visits = new WeakMap<object, Visit>();
	const datastore = new FileStore({ directory: service.files.directory });
	const hooks = new Hooks(service, datastore, visits);
	const server: Server = new Server({
		path: RESUMABLE_PATH,
		datastore,
		disableTerminationForFinishedUploads: true,
		allowedHeaders: ['Authorization', 'X-Upsert', 'Upload-Expires', 'ApiKey', 'x-signature'],
		maxSize: async (request) => await hooks.maxSize(request),
		namingFunction: (request, metadata) => hooks.name(request, metadata),
		generateUrl: (request, { proto, host }) => hooks.location(request, `${proto}://${host}`),
		getFileIdFromRequest: (request, last) => hooks.version(request, last),
		onIncomingRequest: async (request, version) => await hooks.admit(request, version),
		onUploadCreate: async (request, upload) => await hooks.create(request, upload),
		onUploadFinish: async (request, upload) => await hooks.finish(request, upload),
		onResponseError: (_request, error) =>
			error instanceof StorageError
				? { status_code: error.statusCode, body: error.message }
				: undefined,
	});
	return {
		answers: (method, path) => METHODS.includes(method) && /^\/upload\/resumable(\/|$)/.test(path),
		handle: async (call) => {
			const { request, response } = call;
			const signed = /\/resumable\/sign(\/|$)/.test(request.url ?? '');
			try {
				if (!signed && request.method !== 'OPTIONS') call.authenticate('token');
			} catch (error) {
				if (!(error instanceof StorageError)) throw error;
				return call.send(error.httpStatus, error.body());
			}
			visits.set(request, { call, signed, upsert: call.isUpsert, owner: call.owner });
			await server.handle(request, response);
		},
	};
}

/** What storage adds to the protocol: names, limits, rights, and the object at the end. */
class Hooks {
	constructor(
		private readonly service: StorageService,
		private readonly store: Pick<DataStore, 'getUpload'>,
		private readonly visits: WeakMap<object, Visit>,
	) {}

	name(request: HookRequest, metadata: Upload['metadata']): string {
		const visit = this.visit(request);
		visit.id = newUploadId(metadata);
		return visit.id.version;
	}

	location(request: HookRequest, origin: string): string {
		const { id, signed } = this.visit(request);
		const path = signed ? `${RESUMABLE_PATH}/sign` : RESUMABLE_PATH;
		return `${origin}${path}/${id ? formatUploadId(id) : ''}`;
	}

	/** Files are stored by version; bucket and key are read off the address again. */
	version(request: HookRequest, last: string | undefined): string | undefined {
		if (!last || RESUMABLE_PATH.includes(last) || last === 'sign') return undefined;
		const visit = this.visit(request);
		visit.id = parseUploadId(last);
		return visit.id.version;
	}

	async maxSize(request: HookRequest): Promise<number> {
		const { call, id } = this.visit(request);
		const { fileSizeLimit } = this.service.settings;
		if (!id) return fileSizeLimit;
		const rules = await findRules(call.db, id.bucket);
		if (!rules) throw noSuchBucket();
		return Math.min(rules.file_size_limit ?? fileSizeLimit, fileSizeLimit);
	}

	/** By a token of a signed URL, or else by what the policies let the caller write. */
	async admit(request: HookRequest, version: string): Promise<void> {
		const visit = this.visit(request);
		const { call, id } = visit;
		if (!id) return;
		if (visit.signed) {
			const token = call.header('x-signature');
			if (!token) throw invalidSignature('Missing x-signature header');
			const claims = verifyObject(token, `${id.bucket}/${id.key}`, 'upload', this.service.tokens);
			visit.owner = typeof claims.owner === 'string' ? claims.owner : undefined;
			visit.upsert = claims.upsert === true;
			return;
		}
		// Whoever has any key may ask how far an upload is.
		if (call.request.method === 'HEAD') return;
		const metadata =
			call.request.method === 'POST' ? id.metadata : (await this.store.getUpload(version)).metadata;
		const object = {
			bucket: id.bucket,
			key: id.key,
			owner: visit.owner,
			metadata: { mimetype: metadata?.contentType ?? undefined },
			userMetadata: parseObject(metadata?.metadata ?? undefined),
		};
		await mayWrite(call.db, object, visit.upsert);
	}

	async create(request: HookRequest, upload: Upload): Promise<{ metadata: Upload['metadata'] }> {
		const { call, id } = this.visit(request);
		const rules = id && (await findRules(call.db, id.bucket));
		if (!rules) throw noSuchBucket();
		const { contentType, cacheControl } = upload.metadata ?? {};
		if (contentType) checkMimeType(contentType, rules.allowed_mime_types);
		const seconds = /^-?\d+$/.test(cacheControl ?? '');
		return {
			metadata: {
				...upload.metadata,
				cacheControl: seconds ? `max-age=${cacheControl}` : 'no-cache',
			},
		};
	}

	async finish(request: HookRequest, upload: Upload): Promise<{ headers: Record<string, string> }> {
		const { call, id, owner } = this.visit(request);
		if (!id) throw noSuchBucket();
		const { files } = this.service;
		const { contentType, cacheControl, metadata } = upload.metadata ?? {};
		const facts = await files.inspect(id.version);
		const { replaced } = await record(call.db, {
			bucket: id.bucket,
			key: id.key,
			version: id.version,
			owner,
			metadata: metadataOf(
				facts,
				contentType ?? 'application/octet-stream',
				cacheControl ?? 'no-cache',
			),
			userMetadata: parseObject(metadata ?? undefined),
		});
		if (replaced !== id.version) await files.remove(replaced);
		return { headers: { 'Tus-Complete': '1' } };
	}

	private visit(request: HookRequest): Visit {
		const node = request.runtime?.node?.req;
		const visit = node && this.visits.get(node);
		if (!visit) throw new Error('A resumable upload that did not come through the server');
		return visit;
	}
}
