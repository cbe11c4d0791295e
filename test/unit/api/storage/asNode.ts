import { buffer } from 'node:stream/consumers';

import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Operation, Result, Run } from '../../../../src/n8n/operation';
import { parameterReader } from '../../../../src/n8n/parameters';
import { createBucket } from '../../../../nodes/Storage/bucket/create';
import { deleteBucket } from '../../../../nodes/Storage/bucket/delete';
import { emptyBucket } from '../../../../nodes/Storage/bucket/empty';
import { getBucket } from '../../../../nodes/Storage/bucket/get';
import { getBuckets } from '../../../../nodes/Storage/bucket/getAll';
import { updateBucket } from '../../../../nodes/Storage/bucket/update';
import { copyFile } from '../../../../nodes/Storage/file/copy';
import { createSignedUploadUrl } from '../../../../nodes/Storage/file/createSignedUploadUrl';
import { createSignedUrl } from '../../../../nodes/Storage/file/createSignedUrl';
import { createSignedUrls } from '../../../../nodes/Storage/file/createSignedUrls';
import { deleteFiles } from '../../../../nodes/Storage/file/delete';
import { downloadFile } from '../../../../nodes/Storage/file/download';
import { getFiles } from '../../../../nodes/Storage/file/getAll';
import { fileExists, getInfo } from '../../../../nodes/Storage/file/getInfo';
import { moveFile } from '../../../../nodes/Storage/file/move';
import { replaceFile } from '../../../../nodes/Storage/file/replace';
import { uploadFile } from '../../../../nodes/Storage/file/upload';
import { uploadToSignedUrl } from '../../../../nodes/Storage/file/uploadToSignedUrl';
import { pathOf, type Exchange } from './recorded';
import type { Send } from '../../../../src/api/transport';

/** An operation of the node, filled in. */
export interface Filled {
	readonly operation: Operation;
	readonly parameters: IDataObject;
}

export const ADDRESS = 'http://127.0.0.1:54321/storage/v1';

/** Runs an operation on one item, as the runner does, with a `send` of the test's own. */
export async function runFilled(
	{ operation, parameters }: Filled,
	send: Send,
): Promise<readonly Result[]> {
	const node = {
		getInputData: () => [{ json: {} }],
		getNodeParameter: (name: string, _item: number, fallback: unknown) =>
			parameters[name] ?? fallback,
	} as unknown as IExecuteFunctions;
	const run = {
		continueOnFail: true,
		hint() {},
		log() {},
		files: {
			store: async (content: NodeJS.ReadableStream, fileName: string, mimeType: string) => {
				const bytes = await buffer(content);
				return { data: bytes.toString('base64'), mimeType, fileName, bytes: bytes.length };
			},
		},
		addresses: { storage: ADDRESS },
	} as unknown as Run;
	const plan = operation.compile(parameterReader(node, operation.parameters)(0));
	return await operation.execute([{ item: 0, plan, send, sendAfterCancel: send } as never], run);
}

type Body = Record<string, unknown>;

/** How the node asks what was recorded; `undefined` for what it has no way to ask. */
export function filled(exchange: Exchange): Filled | undefined {
	// Where the client asked for something other than it was told, or was not asked at all.
	if (/client does not encode|leading space|^raw/.test(exchange.case)) return undefined;
	const asked = FORMS[exchange.op]?.(exchange);
	return asked && { ...asked, parameters: { ...defined(asked.parameters), ...runAs(exchange) } };
}

/** As n8n has it: what was not filled in is not there. */
function defined(values: IDataObject): IDataObject {
	return Object.fromEntries(
		Object.entries(values)
			.filter(([, value]) => value !== undefined)
			.map(([name, value]) => [name, name === 'options' ? defined(value as IDataObject) : value]),
	);
}

function runAs({ request: { headers } }: Exchange): IDataObject {
	const who = headers.authorization ?? '';
	if (/SECRET/.test(who)) return { runAs: 'serviceRole' };
	return /USER|FORGED/.test(who) ? { runAs: 'user', accessToken: 'x' } : { runAs: 'anonymous' };
}

const FORMS: Readonly<Record<string, (exchange: Exchange) => Filled | undefined>> = {
	'bucket.create'({ request }) {
		const body = request.body as Body;
		if (typeof body !== 'object' || body.id !== body.name || typeof body.public !== 'boolean')
			return undefined;
		const options = settings(body);
		return { operation: createBucket, parameters: { bucketName: body.id as string, options } };
	},
	'bucket.get': onBucket(getBucket),
	'bucket.list'(exchange) {
		const { limit, ...options } = Object.fromEntries(pathOf(exchange).query);
		if (limit === '0' || options.sortColumn === 'public') return undefined;
		return {
			operation: getBuckets,
			parameters: {
				returnAll: limit === undefined,
				limit: Number(limit ?? 1),
				options: { ...options, ...(options.offset && { offset: Number(options.offset) }) },
			},
		};
	},
	'bucket.update': (exchange) =>
		onBucket(updateBucket)(exchange, { settings: settings(exchange.request.body as Body) }),
	'bucket.delete': onBucket(deleteBucket),
	'bucket.empty': (exchange) =>
		onBucket(emptyBucket)(exchange, { options: { waitUntilEmpty: false } }),
	'file.upload': (exchange) => {
		const { 'x-upsert': upsert } = exchange.request.headers;
		return content(uploadFile, exchange, 1, upsert === 'true' ? { upsert: true } : {});
	},
	'file.replace': (exchange) => content(replaceFile, exchange, 1),
	'file.uploadToSignedUrl': (exchange) => content(uploadToSignedUrl, exchange, 3),
	'file.download'(exchange) {
		const { range, 'if-none-match': ifNoneMatch } = exchange.request.headers;
		if (pathOf(exchange).segments[1] === 'authenticated') return undefined;
		const options = { range: range?.replace('bytes=', ''), ifNoneMatch };
		return onFile(downloadFile, 1)(exchange, { binaryPropertyName: 'data', options });
	},
	'file.transform'(exchange) {
		const { segments, query } = pathOf(exchange);
		if (segments[2] !== 'authenticated') return undefined;
		const image = Object.fromEntries(
			[...query].map(([name, value]) => [name, /^\d+$/.test(value) ? Number(value) : value]),
		);
		const options = { transform: { image } };
		return onFile(downloadFile, 3)(exchange, { binaryPropertyName: 'data', options });
	},
	'file.list'(exchange) {
		const { prefix, sortBy, limit, offset, search } = exchange.request.body as Body;
		const { column, order } = (sortBy ?? {}) as Record<string, string>;
		if (limit === undefined || offset !== 0 || limit === 0 || order === 'sideways')
			return undefined;
		const options = { sortBy: column, sortOrder: order, search };
		return {
			operation: getFiles,
			parameters: {
				bucket: pathOf(exchange).segments[2],
				folder: prefix as string,
				limit: limit as number,
				options: options as IDataObject,
			},
		};
	},
	'file.listV2'(exchange) {
		const { prefix = '', sortBy, limit, with_delimiter, cursor } = exchange.request.body as Body;
		const folder = prefix as string;
		if (cursor !== undefined || limit === 0 || (folder && !folder.endsWith('/'))) return undefined;
		const { column, order } = (sortBy ?? {}) as Record<string, string>;
		if (column === 'last_accessed_at') return undefined;
		const options = { recursive: !with_delimiter, sortBy: column, sortOrder: order };
		return {
			operation: getFiles,
			parameters: {
				bucket: pathOf(exchange).segments[2],
				folder,
				returnAll: limit === undefined,
				limit: (limit ?? 1) as number,
				options: options as IDataObject,
			},
		};
	},
	'file.info'(exchange) {
		const open = ['authenticated', 'public'].includes(pathOf(exchange).segments[2] ?? '');
		return open ? undefined : onFile(getInfo, 2)(exchange);
	},
	'file.copy'(exchange) {
		const { copyMetadata, metadata = {} } = exchange.request.body as Body;
		const { 'x-upsert': upsert, 'x-metadata': own } = exchange.request.headers;
		const { cacheControl, mimetype } = metadata as Record<string, string>;
		if (copyMetadata === false && !mimetype) return undefined;
		const options = {
			upsert: upsert === 'true',
			...(mimetype && { contentType: mimetype }),
			...(cacheControl && { cacheControl: Number(cacheControl.replace('max-age=', '')) }),
			...(own && { metadata: Buffer.from(own, 'base64').toString() }),
		};
		return between(copyFile, exchange, options);
	},
	'file.move': (exchange) =>
		exchange.request.headers['x-upsert'] ? undefined : between(moveFile, exchange, {}),
	'file.signUrl'(exchange) {
		const { expiresIn, transform } = exchange.request.body as Body;
		// Without a transformation the node asks as for many.
		if (!transform) return undefined;
		const options = { transform: { image: transform as IDataObject } };
		return onFile(createSignedUrl, 2)(exchange, { expiresIn: expiresIn as number, options });
	},
	'file.signUrls'(exchange) {
		const { expiresIn, paths } = exchange.request.body as Body;
		if (!Array.isArray(paths) || !paths.length || new Set(paths).size < paths.length)
			return undefined;
		if (paths.length > 1000 || typeof expiresIn !== 'number') return undefined;
		return onBucket(createSignedUrls, 2)(exchange, { paths, expiresIn });
	},
	'file.signUploadUrl'(exchange) {
		const { 'x-upsert': upsert, 'content-type': type } = exchange.request.headers;
		if (!type || !exchange.request.body) return undefined;
		return onFile(createSignedUploadUrl, 3)(exchange, { options: { upsert: upsert === 'true' } });
	},
	'file.remove'(exchange) {
		const { prefixes } = exchange.request.body as { prefixes: string[] };
		const plain = new Set(prefixes).size === prefixes.length && prefixes.length <= 1000;
		if (!plain || !prefixes.length || prefixes[0]?.startsWith('/')) return undefined;
		return onBucket(deleteFiles, 1)(exchange, { paths: prefixes });
	},
	'file.exists': (exchange) =>
		exchange.request.method === 'HEAD' ? undefined : onFile(fileExists, 2)(exchange),
};

function onBucket(operation: Operation, at = 1) {
	return (exchange: Exchange, more: IDataObject = {}): Filled => ({
		operation,
		parameters: { bucket: pathOf(exchange).segments[at], ...more },
	});
}

function onFile(operation: Operation, at: number) {
	return (exchange: Exchange, more: IDataObject = {}): Filled => {
		const [bucket, ...key] = pathOf(exchange).segments.slice(at);
		return { operation, parameters: { bucket, path: key.join('/'), ...more } };
	};
}

function between(operation: Operation, { request }: Exchange, options: IDataObject) {
	const body = request.body as Record<string, string>;
	if (!body.sourceKey) return undefined;
	return {
		operation,
		parameters: {
			bucket: body.bucketId,
			path: body.sourceKey,
			toBucket: body.destinationBucket,
			toPath: body.destinationKey,
			options,
		},
	};
}

function settings({ public: open, file_size_limit: size, allowed_mime_types: types }: Body) {
	return {
		...(open !== undefined && { public: open }),
		...(size !== undefined && { fileSizeLimit: size ?? '' }),
		...(types !== undefined && { allowedMimeTypes: types ?? '' }),
	} as IDataObject;
}

/** Those that storage-js sent as they are: with a type and a lifetime, and of a known content. */
function content(operation: Operation, exchange: Exchange, at: number, more: IDataObject = {}) {
	const { headers, body, path } = exchange.request;
	const { 'content-type': contentType, 'cache-control': lifetime, 'x-metadata': own } = headers;
	const base64 = typeof body === 'object' && body !== null && 'base64' in body ? body.base64 : null;
	if (!lifetime || !contentType || headers['transfer-encoding']) return undefined;
	if (typeof body !== 'string' && !base64) return undefined;
	const from = base64
		? { contentFrom: 'base64', base64: base64 as string }
		: { contentFrom: 'text', text: body as string };
	return onFile(operation, at)(exchange, {
		...from,
		signedUploadUrl: path,
		options: {
			...more,
			contentType,
			cacheControl: Number(lifetime.replace('max-age=', '')),
			...(own && { metadata: Buffer.from(own, 'base64').toString() }),
		},
	});
}
