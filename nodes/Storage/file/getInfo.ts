import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { refusal, SupabaseApiError } from '../../../src/api/errors';
import { objectInfo } from '../../../src/api/storage/objects';
import { operation } from '../../../src/n8n/operation';
import { requestOptions } from '../../../src/n8n/requestOptions';
import { bucket, makeNamesSafe, path, placeOf, told } from '../fields';
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
	readonly place: ReturnType<typeof placeOf>;
}

export const getInfo = operation<Plan>({
	name: 'Get Info',
	value: 'getInfo',
	action: 'Get info on a file',
	description: "Read a file's size, type, times and metadata, without the file",
	parameters: [bucket, path, options],
	compile: (get) => ({ ...planOf(get), place: placeOf(get) }),
	execute: eachItem('file.getInfo', async ({ plan, send }) => {
		const { body } = await send<IDataObject>(objectInfo(plan.place));
		return { json: { ...told(plan.place), ...body } };
	}),
});

export const fileExists = operation<Plan>({
	name: 'Exists',
	value: 'exists',
	action: 'Check if a file exists',
	description: 'Tell whether there is a file that may be seen',
	parameters: [bucket, path, options],
	compile: (get) => ({ ...planOf(get), place: placeOf(get) }),
	execute: eachItem('file.exists', async ({ plan, send }) => {
		const answer = await send(objectInfo(plan.place)).catch(refusal);
		if (!(answer instanceof SupabaseApiError))
			return { json: { ...told(plan.place), exists: true } };
		// Only this says that the file is missing: anything else, such as a wrong key, is an error.
		const isMissing = answer.code ? answer.code === 'NoSuchKey' : answer.status === 404;
		if (!isMissing) throw answer;
		return { json: { ...told(plan.place), exists: false } };
	}),
});
