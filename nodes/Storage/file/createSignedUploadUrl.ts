import type { IDataObject } from 'n8n-workflow';

import { signedAddress, signUploadUrl, uploadTicket } from '../../../src/api/storage/sign';
import { eachItem } from '../../../src/n8n/each';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { runAsOf } from '../../../src/n8n/runAs';
import { bucket, makeNamesSafe, path, upsert } from '../fields';
import { newPlaceOf, told, type NamedPlace } from '../places';
import { explaining, type About } from '../refusals';

const options = optionsOf([upsert, makeNamesSafe, ...requestOptions]);

const rights = 'INSERT on storage.objects, and to overwrite SELECT and UPDATE, too';

interface Plan {
	readonly about: About;
	readonly place: NamedPlace;
	readonly upsert: boolean;
}

export const createSignedUploadUrl = operation<Plan>({
	name: 'Create Signed Upload URL',
	value: 'createSignedUploadUrl',
	action: 'Create a signed upload URL',
	description: 'Make a URL by which anybody can store one file for two hours',
	rights,
	parameters: [bucket, path, options],
	compile(get) {
		const place = newPlaceOf(get);
		const about = { ...place, runAs: runAsOf(get) };
		return { about, place, upsert: get.option('upsert').boolean() };
	},
	execute: eachItem(
		explaining({ exists: 'switch on Overwrite' }, async ({ plan, send }, { addresses }) => {
			const { body } = await send<IDataObject>(signUploadUrl(plan.place, plan.upsert));
			const signedUrl = signedAddress(addresses.storage, String(body.url as string));
			const { token } = uploadTicket(signedUrl);
			return { json: { ...told(plan.place), signedUrl, token } };
		}),
	),
});
