import type { INodeProperties } from 'n8n-workflow';

import { publicAddress, type PublicUrlOptions } from '../../../src/api/storage/sign';
import { operation } from '../../../src/n8n/operation';
import { bucket, downloadAs, downloadAsOf, makeNamesSafe, path, placeOf, told } from '../fields';
import { eachItem, planOf, type StoragePlan } from '../run';
import { transform, transformOf } from '../transform';

const notice: INodeProperties = {
	displayName:
		'The URL works for a public bucket only. Nothing is asked of the server: whether there is such a file is not checked.',
	name: 'publicUrlNotice',
	type: 'notice',
	default: '',
};

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [downloadAs, makeNamesSafe, transform],
};

interface Plan extends StoragePlan {
	readonly place: ReturnType<typeof placeOf>;
	readonly options: PublicUrlOptions;
}

export const getPublicUrl = operation<Plan>({
	name: 'Get Public URL',
	value: 'getPublicUrl',
	action: 'Get a public URL',
	description: 'Tell the URL of a file in a public bucket',
	parameters: [notice, bucket, path, options],
	compile: (get) => ({
		...planOf(get),
		place: placeOf(get),
		options: { download: downloadAsOf(get), transform: transformOf(get) },
	}),
	execute: eachItem('file.getPublicUrl', async ({ plan }, { addresses }) => ({
		json: {
			...told(plan.place),
			publicUrl: publicAddress(addresses.storage, plan.place, plan.options),
		},
	})),
});
