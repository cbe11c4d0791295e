import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import type { ContractCase } from '../case';
import { jwt } from '../keys';
import { at, storing } from './storage';

const answers = [{ body: { Key: 'avatars/a.png', Id: 'x' } }];
const png: INodeExecutionData = {
	json: {},
	binary: {
		data: {
			data: Buffer.from('bytes').toString('base64'),
			mimeType: 'image/png',
			fileName: 'a.png',
		},
	},
};
const token = jwt({ url: 'avatars/a b.png', upsert: false });

function uploading(operation: string, parameters: INodeParameters, path = 'folder/a b.png') {
	return storing('file', operation, { ...at('avatars', path), ...parameters }, [png]);
}

export const storageUploadCases: ContractCase[] = [
	{
		name: 'file.upload.binary',
		official: (client) =>
			client.storage
				.from('avatars')
				.upload('folder/a.png', Buffer.from('bytes'), { contentType: 'image/png' }),
		ours: uploading('upload', {}, 'folder/'),
		answers,
	},
	{
		name: 'file.upload.options',
		official: (client) =>
			client.storage.from('avatars').upload('folder/a b.png', Buffer.from('bytes'), {
				contentType: 'image/x-png',
				cacheControl: '60',
				upsert: true,
				metadata: { k: 'v', é: 1 },
			}),
		ours: uploading('upload', {
			options: {
				contentType: 'image/x-png',
				cacheControl: 60,
				upsert: true,
				metadata: '{"k": "v", "é": 1}',
			},
		}),
		answers,
	},
	{
		name: 'file.upload.text',
		official: (client) => client.storage.from('avatars').upload('/a/b.txt', ' héllo\n'),
		ours: uploading('upload', { contentFrom: 'text', text: ' héllo\n' }, '/a/b.txt'),
		answers,
	},
	{
		name: 'file.upload.json',
		official: (client) =>
			client.storage
				.from('avatars')
				.upload('a.json', '{"a":[1,null]}', { contentType: 'application/json' }),
		ours: uploading('upload', { contentFrom: 'json', json: '{ "a": [1, null] }' }, 'a.json'),
		answers,
	},
	{
		name: 'file.upload.base64',
		official: (client) =>
			client.storage.from('avatars').upload('a.gif', Buffer.from('GIF'), {
				contentType: 'image/gif',
			}),
		ours: uploading(
			'upload',
			{ contentFrom: 'base64', base64: 'data:image/gif;base64,R0lG' },
			'a.gif',
		),
		answers,
	},
	{
		name: 'file.upload.empty',
		official: (client) => client.storage.from('avatars').upload('a.txt', ''),
		ours: uploading('upload', { contentFrom: 'text', text: '' }, 'a.txt'),
		answers,
	},
	{
		name: 'file.replace',
		official: (client) =>
			client.storage
				.from('avatars')
				.update('folder/a b.png', Buffer.from('bytes'), { contentType: 'image/png' }),
		ours: uploading('replace', {}),
		answers,
	},
	{
		name: 'file.uploadToSignedUrl',
		runAs: 'anonymous',
		official: (client) =>
			client.storage
				.from('avatars')
				.uploadToSignedUrl('folder/a b.png', token, Buffer.from('bytes'), {
					contentType: 'image/png',
					metadata: { k: 'v' },
				}),
		ours: storing(
			'file',
			'uploadToSignedUrl',
			{
				signedUploadUrl: `https://x.example/storage/v1/object/upload/sign/avatars/folder/a%20b.png?token=${token}`,
				options: { metadata: { k: 'v' } as never },
			},
			[png],
		),
		answers,
	},
	{
		name: 'file.uploadToSignedUrl.token',
		runAs: 'anonymous',
		official: (client) =>
			client.storage.from('avatars').uploadToSignedUrl('a b.png', token, Buffer.from('bytes'), {
				contentType: 'image/png',
			}),
		ours: storing(
			'file',
			'uploadToSignedUrl',
			{ signedBy: 'token', signedBucket: 'avatars', signedPath: 'a b.png', token },
			[png],
		),
		answers,
	},
];
