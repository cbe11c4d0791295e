import type { INodeProperties } from 'n8n-workflow';

import { publicAddress, type PublicUrlOptions } from '../../../src/api/storage/sign';
import { eachItem } from '../../../src/n8n/each';
import { operation } from '../../../src/n8n/operation';
import { optionsOf } from '../../../src/n8n/requestOptions';
import { bucket, makeNamesSafe, path } from '../fields';
import { downloadAsOf, linkOptions } from '../links';
import { placeOf, told, type NamedPlace } from '../places';
import { transform, transformOf } from '../transform';

const notice: INodeProperties = {
	displayName:
		'The URL works for a public bucket only. Nothing is asked of the server: whether there is such a file is not checked.',
	name: 'publicUrlNotice',
	type: 'notice',
	default: '',
};

const options = optionsOf([...linkOptions, transform, makeNamesSafe]);

interface Plan {
	readonly place: NamedPlace;
	readonly options: PublicUrlOptions;
}

export const getPublicUrl = operation<Plan>({
	name: 'Get Public URL',
	value: 'getPublicUrl',
	action: 'Get a public URL',
	description: 'Tell the URL of a file in a public bucket',
	anyKey: true,
	parameters: [notice, bucket, path, options],
	compile: (get) => ({
		place: placeOf(get),
		options: { download: downloadAsOf(get), transform: transformOf(get) },
	}),
	execute: eachItem(async ({ plan: { place, options: wanted } }, { addresses }) => ({
		json: { ...told(place), publicUrl: publicAddress(addresses.storage, place, wanted) },
	})),
});
