import type { INodeProperties } from 'n8n-workflow';

import { uploadTicket } from '../../../src/api/storage/sign';
import { jwtClaims } from '../../../src/api/keys';
import { uploadSigned } from '../../../src/api/storage/upload';
import { operation } from '../../../src/n8n/operation';
import { requestOptions } from '../../../src/n8n/requestOptions';
import { eachItem, FILES, planOf } from '../run';
import { contentOf, contentOptions, contentParameters } from './content';
import { storeFile, type StorePlan } from './store';

const signedUrl: INodeProperties = {
	displayName: 'Signed Upload URL',
	name: 'signedUploadUrl',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. {{ $json.signedUrl }}',
	description: 'What Create Signed Upload URL gave. Bucket and path are in it.',
};

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [...contentOptions.filter(({ name }) => name !== 'makeNamesSafe'), ...requestOptions],
};

export const uploadToSignedUrl = operation<StorePlan & { readonly token: string }>({
	name: 'Upload to Signed URL',
	value: 'uploadToSignedUrl',
	action: 'Upload a file to a signed URL',
	description: 'Store a file with a URL that was signed for it, without any right of your own',
	writes: ['file', 'stored'],
	parameters: [signedUrl, ...contentParameters, options],
	compile(get) {
		const { token, ...place } = uploadTicket(get.required('signedUploadUrl'));
		const upsert = jwtClaims(token)?.upsert === true;
		return { ...planOf(get), place, ...contentOf(get), upsert, token };
	},
	execute: eachItem(
		'file.uploadToSignedUrl',
		async (job, run) => {
			const { place, token, options: about, upsert } = job.plan;
			// In parts the server overwrites whatever the token says, so only where it says so.
			const request = (body: Parameters<typeof uploadSigned>[2]) =>
				uploadSigned(place, token, body, about);
			return await storeFile(job, run, request, upsert);
		},
		FILES,
	),
});
