import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { signedAddress, signUploadUrl, uploadTicket } from '../../../src/api/storage/sign';
import { operation } from '../../../src/n8n/operation';
import { requestOptions } from '../../../src/n8n/requestOptions';
import { bucket, makeNamesSafe, newPlaceOf, path, told, upsert } from '../fields';
import { eachItem, planOf, type StoragePlan } from '../run';

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [makeNamesSafe, upsert, ...requestOptions],
};

interface Plan extends StoragePlan {
	readonly place: ReturnType<typeof newPlaceOf>;
	readonly upsert: boolean;
}

export const createSignedUploadUrl = operation<Plan>({
	name: 'Create Signed Upload URL',
	value: 'createSignedUploadUrl',
	action: 'Create a signed upload URL',
	description: 'Make a URL by which anybody can store one file for two hours',
	parameters: [bucket, path, options],
	compile: (get) => ({
		...planOf(get),
		place: newPlaceOf(get),
		upsert: get.object('options').upsert === true,
	}),
	execute: eachItem('file.createSignedUploadUrl', async ({ plan, send }, { addresses }) => {
		const { body } = await send<IDataObject>(signUploadUrl(plan.place, plan.upsert));
		const signedUrl = signedAddress(addresses.storage, String(body.url as string));
		const { token } = uploadTicket(signedUrl);
		return { json: { ...told(plan.place), signedUrl, token } };
	}),
});
