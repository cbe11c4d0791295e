import type { INodeProperties } from 'n8n-workflow';

import { jwtClaims } from '../../../src/api/keys';
import { bucketName, objectKey } from '../../../src/api/storage/key';
import { uploadTicket, type UploadTicket } from '../../../src/api/storage/sign';
import { uploadSigned } from '../../../src/api/storage/upload';
import { operation } from '../../../src/n8n/operation';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { makeNamesSafe } from '../fields';
import { contentOf, contentOptions, contentParameters } from './content';
import { storing, type StorePlan } from './store';

const BY = ['url', 'token'] as const;

const signedBy: INodeProperties = {
	displayName: 'Signed By',
	name: 'signedBy',
	type: 'options',
	options: [
		{ name: 'URL', value: 'url', description: 'Bucket, path and token are in it' },
		{ name: 'Token', value: 'token', description: 'For the bucket and path that it was made for' },
	],
	default: 'url',
	description: 'What Create Signed Upload URL gave',
};

const signedUrl: INodeProperties = {
	displayName: 'Signed Upload URL',
	name: 'signedUploadUrl',
	type: 'string',
	displayOptions: { show: { signedBy: ['url'] } },
	default: '',
	required: true,
	placeholder: 'e.g. {{ $json.signedUrl }}',
	description: 'What Create Signed Upload URL gave. Bucket and path are in it.',
};

const token: INodeProperties = {
	displayName: 'Token',
	name: 'token',
	type: 'string',
	typeOptions: { password: true },
	displayOptions: { show: { signedBy: ['token'] } },
	default: '',
	required: true,
	placeholder: 'e.g. {{ $json.token }}',
	description: 'What Create Signed Upload URL gave as token',
};

const signedBucket: INodeProperties = {
	displayName: 'Bucket',
	name: 'signedBucket',
	type: 'string',
	displayOptions: { show: { signedBy: ['token'] } },
	default: '',
	required: true,
	placeholder: 'e.g. {{ $json.bucket }}',
	description: 'The bucket that the token was made for',
};

const signedPath: INodeProperties = {
	displayName: 'Path',
	name: 'signedPath',
	type: 'string',
	displayOptions: { show: { signedBy: ['token'] } },
	default: '',
	required: true,
	placeholder: 'e.g. {{ $json.path }}',
	description: 'The path that the token was made for, as Create Signed Upload URL gave it',
};

/** Parameters of their own: those of the other operations show when a bucket is chosen. */
const content = contentParameters.map((parameter) => ({ ...parameter }));

const options = optionsOf([
	...contentOptions.filter((member) => member !== makeNamesSafe),
	...requestOptions,
]);

/** Who has the URL or the token needs no right of their own: any key of the credential will do. */
export const uploadToSignedUrl = operation<StorePlan & { readonly token: string }>({
	name: 'Upload to Signed URL',
	value: 'uploadToSignedUrl',
	action: 'Upload a file to a signed URL',
	description: 'Store a file with a URL that was signed for it, without any right of your own',
	writes: ['file', 'stored'],
	anyKey: true,
	parameters: [signedBy, signedUrl, signedBucket, signedPath, token, ...content, options],
	compile(get) {
		const { token: ticket, ...place } = ticketOf(get);
		const upsert = jwtClaims(ticket)?.upsert === true;
		return { about: place, place, ...contentOf(get), upsert, token: ticket };
	},
	execute: storing(
		{
			exists: 'have a URL made with Overwrite, or for another path',
		},
		{
			request: ({ place, token: ticket, options: about }, body) =>
				uploadSigned(place, ticket, body, about),
			// In parts the server overwrites whatever the token says, so only where it says so.
			inParts: ({ upsert }) => upsert,
		},
	),
});

function ticketOf(get: ItemParameters): UploadTicket {
	if ((get.oneOf('signedBy', BY) ?? 'url') === 'url') {
		return uploadTicket(get.required('signedUploadUrl'));
	}
	return {
		bucket: bucketName(get.required('signedBucket')),
		key: objectKey(get.field('signedPath').exact()),
		token: get.required('token'),
	};
}
