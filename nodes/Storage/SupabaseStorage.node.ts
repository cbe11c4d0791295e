import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { testProject } from '../../src/n8n/credentialTest';
import { nodeProperties, type Resource } from '../../src/n8n/operation';
import { runAsCredentials, runAsProperties } from '../../src/n8n/runAs';
import { runNode } from '../../src/n8n/runner';
import { subtitleOf } from '../../src/n8n/subtitle';
import { asTool } from '../../src/n8n/tool';
import { testUserSession } from '../../src/n8n/userSessionTest';
import { createBucket } from './bucket/create';
import { deleteBucket } from './bucket/delete';
import { emptyBucket } from './bucket/empty';
import { getBucket } from './bucket/get';
import { getBuckets } from './bucket/getAll';
import { updateBucket } from './bucket/update';
import { copyFile } from './file/copy';
import { createSignedUploadUrl } from './file/createSignedUploadUrl';
import { createSignedUrl } from './file/createSignedUrl';
import { createSignedUrls } from './file/createSignedUrls';
import { deleteFiles } from './file/delete';
import { downloadFile } from './file/download';
import { fileExists, getInfo } from './file/getInfo';
import { getFiles } from './file/getAll';
import { getPublicUrl } from './file/getPublicUrl';
import { moveFile } from './file/move';
import { replaceFile } from './file/replace';
import { uploadFile } from './file/upload';
import { uploadToSignedUrl } from './file/uploadToSignedUrl';
import { storageListSearch } from './lists';

const resources: Resource[] = [
	{
		name: 'File',
		value: 'file',
		operations: [
			copyFile,
			createSignedUploadUrl,
			createSignedUrl,
			createSignedUrls,
			deleteFiles,
			downloadFile,
			fileExists,
			getInfo,
			getFiles,
			getPublicUrl,
			moveFile,
			replaceFile,
			uploadFile,
			uploadToSignedUrl,
		],
		defaultOperation: 'upload',
		on: 'bucket',
	},
	{
		name: 'Bucket',
		value: 'bucket',
		operations: [createBucket, deleteBucket, emptyBucket, getBucket, getBuckets, updateBucket],
		defaultOperation: getBuckets.value,
	},
];

const properties = nodeProperties(resources, runAsProperties);

export class SupabaseStorage implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Supabase Storage',
		name: 'supabaseStorage',
		icon: {
			light: 'file:../icons/supabase-storage.svg',
			dark: 'file:../icons/supabase-storage.dark.svg',
		},
		group: ['input'],
		version: 1,
		subtitle: subtitleOf(resources, 'bucket'),
		description: 'Store and read files of a Supabase project',
		defaults: { name: 'Supabase Storage' },
		usableAsTool: asTool(resources, properties, 'bucket', 'path'),
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: runAsCredentials,
		properties,
	};

	methods = {
		credentialTest: { testProject, testUserSession },
		listSearch: storageListSearch,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runNode(this, resources);
	}
}
