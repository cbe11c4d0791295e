import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { moveObject } from '../../../src/api/storage/objects';
import { operation } from '../../../src/n8n/operation';
import { requestOptions } from '../../../src/n8n/requestOptions';
import {
	bucket,
	destinationOf,
	makeNamesSafe,
	path,
	placeOf,
	toBucket,
	told,
	toPath,
} from '../fields';
import { eachItem, planOf, type StoragePlan } from '../run';

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [makeNamesSafe, ...requestOptions],
};

interface Plan extends StoragePlan {
	readonly from: ReturnType<typeof placeOf>;
	readonly to: ReturnType<typeof destinationOf>;
}

export const moveFile = operation<Plan>({
	name: 'Move',
	value: 'move',
	action: 'Move a file',
	description: 'Rename a file, or move it to another folder or bucket; it never overwrites',
	writes: ['file', 'moved'],
	parameters: [bucket, path, toBucket, toPath, options],
	compile: (get) => ({ ...planOf(get), from: placeOf(get), to: destinationOf(get) }),
	execute: eachItem('file.move', async ({ plan: { from, to }, send }) => {
		const { body } = await send<IDataObject>(moveObject(from, to));
		return { json: { ...told(to), from: `${from.bucket}/${from.key}`, ...body } };
	}),
});
