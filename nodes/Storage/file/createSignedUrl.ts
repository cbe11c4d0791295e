import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { signedAddress, signUrl, type DownloadAs } from '../../../src/api/storage/sign';
import type { Transform } from '../../../src/api/storage/transform';
import { operation } from '../../../src/n8n/operation';
import { requestOptions } from '../../../src/n8n/requestOptions';
import {
	bucket,
	downloadAs,
	downloadAsOf,
	expiresIn,
	expiresInOf,
	makeNamesSafe,
	path,
	placeOf,
	told,
} from '../fields';
import { eachItem, planOf, type StoragePlan } from '../run';
import { transform, transformOf } from '../transform';

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [downloadAs, makeNamesSafe, ...requestOptions, transform],
};

interface Plan extends StoragePlan {
	readonly place: ReturnType<typeof placeOf>;
	readonly expiresIn: number;
	readonly download?: DownloadAs;
	readonly transform?: Transform;
}

export const createSignedUrl = operation<Plan>({
	name: 'Create Signed URL',
	value: 'createSignedUrl',
	action: 'Create a signed URL',
	description: 'Make a URL by which anybody can read a file for some time',
	parameters: [bucket, path, expiresIn, options],
	compile: (get) => ({
		...planOf(get),
		place: placeOf(get),
		expiresIn: expiresInOf(get),
		download: downloadAsOf(get),
		transform: transformOf(get),
	}),
	execute: eachItem('file.createSignedUrl', async ({ plan, send }, { addresses }) => {
		const { place, expiresIn: seconds } = plan;
		const { body } = await send<IDataObject>(signUrl(place, seconds, plan.transform));
		const signed = String(body.signedURL as string);
		const expiresAt = new Date(Date.now() + seconds * 1000).toISOString();
		return {
			json: {
				...told(place),
				signedUrl: signedAddress(addresses.storage, signed, plan.download),
				expiresAt,
			},
		};
	}),
});
