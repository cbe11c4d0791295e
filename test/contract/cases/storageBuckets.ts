import type { ContractCase } from '../case';
import { named, storing } from './storage';

const bucket = named('avatars');
const buckets = [{ id: 'a' }, { id: 'b' }];
const emptied = [{ body: { message: 'Empty bucket has been queued.' } }];

export const storageBucketCases: ContractCase[] = [
	{
		name: 'bucket.create',
		official: (client) => client.storage.createBucket('avatars'),
		ours: storing('bucket', 'create', { bucketName: 'avatars' }),
	},
	{
		name: 'bucket.create.settings',
		official: (client) =>
			client.storage.createBucket('avatars', {
				public: true,
				fileSizeLimit: '20MB',
				allowedMimeTypes: ['image/*', 'application/pdf'],
			}),
		ours: storing('bucket', 'create', {
			bucketName: 'avatars',
			options: {
				public: true,
				fileSizeLimit: '20 mb',
				allowedMimeTypes: 'image/*, application/pdf',
			},
		}),
	},
	{
		name: 'bucket.get',
		official: (client) => client.storage.getBucket('my avatars'),
		ours: storing('bucket', 'get', { bucket: named('my avatars') }),
		answers: [{ body: {} }],
	},
	{
		name: 'bucket.getAll',
		official: (client) => client.storage.listBuckets(),
		ours: storing('bucket', 'getAll', { returnAll: true }),
	},
	{
		name: 'bucket.getAll.options',
		official: (client) =>
			client.storage.listBuckets({
				limit: 10,
				offset: 20,
				search: 'prod',
				sortColumn: 'created_at',
				sortOrder: 'desc',
			}),
		ours: storing('bucket', 'getAll', {
			limit: 10,
			options: { offset: 20, search: 'prod', sortColumn: 'created_at', sortOrder: 'desc' },
		}),
		answers: [{ body: buckets }],
	},
	{
		name: 'bucket.update',
		official: (client) =>
			client.storage.updateBucket('avatars', {
				public: false,
				fileSizeLimit: 1024,
				allowedMimeTypes: ['image/png'],
			}),
		ours: storing('bucket', 'update', {
			bucket,
			settings: { public: false, fileSizeLimit: '1024', allowedMimeTypes: 'image/png' },
		}),
	},
	{
		name: 'bucket.update.clear',
		official: (client) =>
			client.storage.updateBucket('avatars', {
				public: true,
				fileSizeLimit: null,
				allowedMimeTypes: null,
			}),
		ours: storing('bucket', 'update', {
			bucket,
			settings: { public: true, fileSizeLimit: '', allowedMimeTypes: '' },
		}),
	},
	{
		name: 'bucket.empty',
		official: (client) => client.storage.emptyBucket('avatars'),
		ours: storing('bucket', 'empty', { bucket, options: { waitUntilEmpty: false } }),
		answers: emptied,
	},
	{
		name: 'bucket.empty.wait',
		async official(client) {
			await client.storage.emptyBucket('avatars');
			await client.storage.from('avatars').list('', { limit: 1 });
			await client.storage.from('avatars').list('', { limit: 1 });
		},
		ours: storing('bucket', 'empty', { bucket }),
		answers: [...emptied, { body: [{ name: 'left.txt', id: 'x' }] }, { body: [] }],
	},
	{
		name: 'bucket.delete',
		official: (client) => client.storage.deleteBucket('avatars'),
		ours: storing('bucket', 'delete', { bucket }),
	},
	{
		name: 'bucket.delete.emptyFirst',
		async official(client) {
			await client.storage.emptyBucket('avatars');
			await client.storage.from('avatars').list('', { limit: 1 });
			await client.storage.deleteBucket('avatars');
		},
		ours: storing('bucket', 'delete', { bucket, options: { emptyFirst: true } }),
		answers: [...emptied, { body: [] }],
	},
];
