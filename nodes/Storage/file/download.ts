import type { Readable } from 'node:stream';

import type { IBinaryData, IDataObject, INodeProperties } from 'n8n-workflow';

import { refusal, SupabaseApiError } from '../../../src/api/errors';
import type { ApiRequest, ApiResponse } from '../../../src/api/request';
import { download } from '../../../src/api/storage/download';
import { wholeDownload } from '../../../src/api/storage/downloadStream';
import { fileName as nameOnly, lastPart } from '../../../src/api/storage/key';
import { eachItem } from '../../../src/n8n/each';
import { operation, type Job, type Run, type Output } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { runAsOf } from '../../../src/n8n/runAs';
import { bucket, makeNamesSafe, path } from '../fields';
import { placeOf, told, type NamedPlace } from '../places';
import { explaining, type About } from '../refusals';
import { transform, transformOf } from '../transform';
import { FILES } from './store';

const outputField: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	required: true,
	hint: 'The name of the output field to put the file in',
	description: 'The name of the field of the output item that holds the file',
};

const options = optionsOf([
	{
		displayName: 'File Name',
		name: 'fileName',
		type: 'string',
		default: '',
		description: 'What the file is called in n8n. Where it is empty, as in Storage.',
	},
	transform,
	{
		displayName: 'Byte Range',
		name: 'range',
		type: 'string',
		default: '',
		placeholder: 'e.g. 0-499',
		description:
			'Only some of the bytes: 0-499 for the first 500, 500- for all after them, -500 for the last 500',
	},
	{
		displayName: 'If None Match',
		name: 'ifNoneMatch',
		type: 'string',
		default: '',
		placeholder: 'e.g. {{ $json.etag }}',
		description:
			'The ETag of what you have. If the file is still the same, nothing is downloaded and notModified is true.',
	},
	makeNamesSafe,
	...requestOptions,
]);

const rights = 'SELECT on storage.objects';

interface Plan {
	readonly about: About;
	readonly place: NamedPlace;
	readonly field: string;
	readonly fileName: string;
	readonly request: ApiRequest;
	/** The ETag of what the person has. */
	readonly ifNoneMatch?: string;
}

export const downloadFile = operation<Plan>({
	name: 'Download',
	value: 'download',
	action: 'Download a file',
	description: 'Read a file into a field of the item',
	rights,
	parameters: [bucket, path, outputField, options],
	compile(get) {
		const place = placeOf(get);
		const range = get.option('range').text() || undefined;
		const ifNoneMatch = get.option('ifNoneMatch').text() || undefined;
		return {
			about: { ...place, runAs: runAsOf(get) },
			place,
			field: get.required('binaryPropertyName'),
			fileName: get.option('fileName').text() || nameOnly(lastPart(place.original ?? place.key)),
			request: download(place, { transform: transformOf(get), range, ifNoneMatch }),
			ifNoneMatch,
		};
	},
	execute: eachItem(explaining({}, downloadOne), { width: FILES }),
});

async function downloadOne({ plan, send }: Job<Plan>, run: Run): Promise<Output> {
	const { request } = plan;
	const answer = await send<Readable>(request).catch(refusal);
	if (answer instanceof SupabaseApiError) {
		if (answer.status !== 304) throw answer;
		return { json: { ...told(plan.place), notModified: true, etag: plan.ifNoneMatch } };
	}
	const { 'content-type': type } = answer.headers;
	const content = wholeDownload({ send, signal: run.signal }, request, answer);
	const file = await run.files
		.store(content, plan.fileName, type ?? 'application/octet-stream')
		.finally(() => content.destroy());
	return { json: factsOf(plan, answer, file), binary: { [plan.field]: file } };
}

function factsOf(plan: Plan, { headers }: ApiResponse, file: IBinaryData): IDataObject {
	const facts = {
		...told(plan.place),
		fileName: file.fileName,
		size: file.bytes,
		contentType: headers['content-type'],
		etag: headers.etag,
		lastModified: headers['last-modified'],
		cacheControl: headers['cache-control'],
		contentRange: headers['content-range'],
	};
	return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}
