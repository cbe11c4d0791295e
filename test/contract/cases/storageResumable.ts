import type { SupabaseClient } from '@supabase/supabase-js';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { Upload, type UploadOptions } from 'tus-js-client';

import { discardUpload, PART_BYTES } from '../../../src/api/storage/resumable';
import type { ContractCase } from '../case';
import { jwt } from '../keys';
import type { Answer } from '../recorder';
import { at, storing } from './storage';

const large = 'a'.repeat(PART_BYTES + 5);
const small = 'hello';
const id = 'YXZhdGFycy9hIGIucG5nL3Yx';
const token = jwt({ url: 'avatars/a b.png', upsert: true });

const begun = (path: string): Answer => ({
	to: path,
	status: 201,
	headers: { location: `${path}/${id}` },
});
const received = (path: string, offset: number, rest: Partial<Answer> = {}): Answer => ({
	to: `${path}/${id}`,
	status: 204,
	headers: { 'upload-offset': String(offset) },
	...rest,
});
const plain = '/storage/v1/upload/resumable';
const signed = `${plain}/sign`;

/** What the documentation of Supabase tells people to do with tus-js-client. */
async function tus(
	client: SupabaseClient,
	content: string,
	{
		path = plain,
		headers = {},
		metadata = {},
		...options
	}: Partial<UploadOptions> & { path?: string },
): Promise<void> {
	const { supabaseUrl, supabaseKey } = client as unknown as Record<string, string>;
	const keys = { apikey: supabaseKey ?? '', authorization: `Bearer ${supabaseKey}` };
	await new Promise<void>((resolve, reject) => {
		new Upload(Buffer.from(content), {
			endpoint: `${supabaseUrl}${path}`,
			headers: { ...keys, ...headers },
			metadata: {
				bucketName: 'avatars',
				objectName: 'a b.png',
				contentType: 'image/png',
				cacheControl: '3600',
				metadata: JSON.stringify({}),
				...metadata,
			},
			chunkSize: PART_BYTES,
			retryDelays: [0],
			onSuccess: () => resolve(),
			onError: reject,
			...options,
		}).start();
	});
}

function uploading(content: string, operation: string, parameters: INodeParameters) {
	const item: INodeExecutionData = {
		json: {},
		binary: { data: { data: Buffer.from(content).toString('base64'), mimeType: 'image/png' } },
	};
	return storing('file', operation, { ...at('avatars', 'a b.png'), ...parameters }, [item]);
}

export const storageResumableCases: ContractCase[] = [
	{
		name: 'resumable.parts',
		official: async (client) => await tus(client, large, {}),
		ours: uploading(large, 'upload', {}),
		answers: [begun(plain), received(plain, PART_BYTES), received(plain, large.length)],
	},
	{
		name: 'resumable.upsert',
		official: async (client) =>
			await tus(client, small, {
				headers: { 'x-upsert': 'true' },
				metadata: { cacheControl: '60', metadata: JSON.stringify({ k: 'é' }) },
			}),
		ours: uploading(small, 'upload', {
			options: { upsert: true, cacheControl: 60, metadata: '{"k":"é"}', resumableAbove: 0 },
		}),
		answers: [begun(plain), received(plain, small.length)],
	},
	{
		name: 'resumable.goesOn',
		official: async (client) => await tus(client, small, {}),
		ours: uploading(small, 'upload', { options: { resumableAbove: 0 } }),
		answers: [
			begun(plain),
			received(plain, 0, { status: 500, headers: {} }),
			received(plain, 2, { status: 200, headers: { 'upload-offset': '2', 'upload-length': '5' } }),
			received(plain, small.length),
		],
	},
	{
		name: 'resumable.replace',
		official: async (client) => await tus(client, small, { headers: { 'x-upsert': 'true' } }),
		ours: uploading(small, 'replace', { options: { resumableAbove: 0 } }),
		answers: [begun(plain), received(plain, small.length)],
	},
	{
		name: 'resumable.signed',
		runAs: 'anonymous',
		official: async (client) =>
			await tus(client, small, {
				path: signed,
				headers: { 'x-signature': token, 'x-upsert': 'true' },
			}),
		ours: uploading(small, 'uploadToSignedUrl', {
			signedUploadUrl: `https://x.example/storage/v1/object/upload/sign/avatars/a%20b.png?token=${token}`,
			options: { resumableAbove: 0 },
		}),
		answers: [begun(signed), received(signed, small.length)],
	},
	{
		name: 'resumable.discard',
		async official(client) {
			const { supabaseUrl, supabaseKey } = client as unknown as Record<string, string>;
			await Upload.terminate(`${supabaseUrl}${plain}/${id}`, {
				headers: { apikey: supabaseKey ?? '', authorization: `Bearer ${supabaseKey}` },
			});
		},
		ours: () => [
			discardUpload({
				path: ['upload', 'resumable', id],
				headers: { 'tus-resumable': '1.0.0' },
			}),
		],
		answers: [received(plain, 0)],
	},
];
