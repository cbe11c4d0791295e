import type { IDataObject } from 'n8n-workflow';

import { SupabaseApiError } from '../../../src/api/errors';
import {
	hasTransform,
	signedAddress,
	signImageUrl,
	signUrls,
	type DownloadAs,
	type SignedPath,
} from '../../../src/api/storage/sign';
import type { Transform } from '../../../src/api/storage/transform';
import type { Send } from '../../../src/api/transport';
import { eachItem } from '../../../src/n8n/each';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { runAsOf } from '../../../src/n8n/runAs';
import { bucket, makeNamesSafe, path } from '../fields';
import { downloadAsOf, expiresIn, expiresInOf, linkOptions } from '../links';
import { placeOf, told, type NamedPlace } from '../places';
import { explaining, type About } from '../refusals';
import { transform, transformOf } from '../transform';

const options = optionsOf([...linkOptions, transform, makeNamesSafe, ...requestOptions]);

const rights = 'SELECT on storage.objects';

interface Plan {
	readonly about: About;
	readonly place: NamedPlace;
	readonly expiresIn: number;
	readonly download?: DownloadAs;
	readonly transform?: Transform;
}

export const createSignedUrl = operation<Plan>({
	name: 'Create Signed URL',
	value: 'createSignedUrl',
	action: 'Create a signed URL',
	description: 'Make a URL by which anybody can read a file for some time',
	rights,
	parameters: [bucket, path, expiresIn, options],
	compile(get) {
		const place = placeOf(get);
		return {
			about: { ...place, runAs: runAsOf(get) },
			place,
			expiresIn: expiresInOf(get),
			download: downloadAsOf(get),
			transform: transformOf(get),
		};
	},
	execute: eachItem(
		explaining({}, async ({ plan, send }, { addresses }) => {
			const expiresAt = new Date(Date.now() + plan.expiresIn * 1000).toISOString();
			const signed = await signedPath(plan, send);
			const signedUrl = signedAddress(addresses.storage, signed, plan.download);
			return { json: { ...told(plan.place), signedUrl, expiresAt } };
		}),
	),
});

/** By a request whose address holds the path the service signs names that it has half decoded. */
async function signedPath(plan: Plan, send: Send): Promise<string> {
	const { place, expiresIn: seconds, transform: image } = plan;
	if (hasTransform(image)) {
		const { body } = await send<IDataObject>(signImageUrl(place, seconds, image));
		return String(body.signedURL as string);
	}
	const { body } = await send<SignedPath[]>(signUrls(place.bucket, [place.key], seconds));
	const [outcome] = body;
	if (outcome?.signedURL) return outcome.signedURL;
	throw new SupabaseApiError('storage', 'refused', {
		message: outcome?.error ?? 'The answer holds no signed URL',
		code: 'NoSuchKey',
		status: 404,
	});
}
