import type { ContractCase } from '../case';
import type { Answer } from '../recorder';
import { at, byPath, named, storing } from './storage';

const odd = "folder name/it's (1) $&@=;:+,!* .png";
const info = { body: { id: 'x', name: 'a.png' } };
const signed: Answer = { body: { signedURL: '/object/sign/avatars/a.png?token=t' } };
const file: Answer = { headers: { 'content-type': 'image/png' }, body: 'bytes' };
const image = { width: 100, height: 80, resize: 'contain', quality: 70, format: 'origin' } as const;
const page = (keys: string[], rest: object = {}): Answer => ({
	body: { hasNext: false, folders: [], objects: keys.map((name) => ({ name, id: name })), ...rest },
});
const by = { column: 'name', order: 'asc' } as const;

export const storageFileCases: ContractCase[] = [
	{
		name: 'file.download',
		official: (client) => client.storage.from('avatars').download('folder/avatar1.png'),
		ours: storing('file', 'download', at('avatars', 'folder/avatar1.png')),
		answers: [file],
	},
	{
		name: 'file.download.transform',
		official: (client) =>
			client.storage.from('avatars').download('avatar1.png', { transform: image }),
		ours: storing('file', 'download', {
			...at('avatars', 'avatar1.png'),
			options: { transform: { image } },
		}),
		answers: [file],
	},
	{
		name: 'file.download.transform.said',
		official: (client) =>
			client.storage
				.from('avatars')
				.download('avatar1.png', { transform: { width: 9, resize: 'cover', quality: 80 } }),
		ours: storing('file', 'download', {
			...at('avatars', 'avatar1.png'),
			options: { transform: { image: { width: 9, resize: 'cover', quality: 80 } } },
		}),
		answers: [file],
	},
	{
		name: 'file.getAll.folder',
		official: (client) =>
			client.storage
				.from('avatars')
				.listV2({ prefix: 'folder/', limit: 50, with_delimiter: true, sortBy: by }),
		ours: storing('file', 'getAll', { ...at('avatars'), folder: byPath('/folder/') }),
		answers: [page(['folder/a.png'])],
	},
	{
		name: 'file.getAll.recursive',
		async official(client) {
			const options = { prefix: '', limit: 1000, with_delimiter: false, sortBy: by };
			await client.storage.from('avatars').listV2(options);
			await client.storage.from('avatars').listV2({ ...options, cursor: 'next' });
		},
		ours: storing('file', 'getAll', {
			...at('avatars'),
			returnAll: true,
			options: { recursive: true },
		}),
		answers: [page(['a', 'b'], { hasNext: true, nextCursor: 'next' }), page(['c'])],
	},
	{
		name: 'file.getAll.older',
		official: (client) =>
			client.storage.from('avatars').list('folder', {
				limit: 10,
				offset: 0,
				search: 'jon',
				sortBy: { column: 'created_at', order: 'desc' },
			}),
		ours: storing('file', 'getAll', {
			...at('avatars'),
			folder: byPath('folder'),
			limit: 10,
			options: { search: 'jon', sortBy: 'created_at', sortOrder: 'desc' },
		}),
		answers: [{ body: Array.from({ length: 10 }, (_, n) => ({ name: `jon${n}`, id: `${n}` })) }],
	},
	{
		name: 'file.move',
		official: (client) => client.storage.from('avatars').move('a.png', 'private/b.png'),
		ours: storing('file', 'move', { ...at('avatars', 'a.png'), toPath: byPath('private/b.png') }),
	},
	{
		name: 'file.move.bucket',
		official: (client) =>
			client.storage.from('avatars').move('a.png', 'b.png', { destinationBucket: 'avatars2' }),
		ours: storing('file', 'move', {
			...at('avatars', 'a.png'),
			toBucket: named('avatars2'),
			toPath: byPath('b.png'),
		}),
	},
	{
		name: 'file.copy',
		official: (client) => client.storage.from('avatars').copy(odd, 'private/b.png'),
		ours: storing('file', 'copy', { ...at('avatars', odd), toPath: byPath('private/b.png') }),
	},
	{
		name: 'file.copy.options',
		official: (client) =>
			client.storage.from('avatars').copy('a.png', 'b.png', {
				destinationBucket: 'avatars2',
				copyMetadata: false,
				metadata: { cacheControl: 'max-age=60', mimetype: 'image/png' },
			}),
		ours: storing('file', 'copy', {
			...at('avatars', 'a.png'),
			toBucket: named('avatars2'),
			toPath: byPath('b.png'),
			options: { cacheControl: 60, contentType: 'image/png' },
		}),
	},
	{
		name: 'file.delete',
		official: (client) => client.storage.from('avatars').remove(['folder/a.png', odd, 'b.png']),
		ours: storing('file', 'delete', { ...at('avatars'), paths: '={{ $json.paths }}' }, [
			{ json: { paths: ['folder/a.png', odd] } },
			{ json: { paths: 'b.png' } },
		]),
		answers: [{ body: [{ name: 'b.png' }] }],
	},
	{
		name: 'file.createSignedUrl',
		official: (client) => client.storage.from('avatars').createSignedUrl(odd, 60),
		ours: storing('file', 'createSignedUrl', { ...at('avatars', odd), expiresIn: 60 }),
		answers: [{ body: [{ path: odd, signedURL: '/object/sign/avatars/a.png?token=t' }] }],
	},
	{
		name: 'file.createSignedUrl.transform',
		official: (client) =>
			client.storage
				.from('avatars')
				.createSignedUrl('a.png', 60, { download: 'n.png', transform: { width: 100, height: 80 } }),
		ours: storing('file', 'createSignedUrl', {
			...at('avatars', 'a.png'),
			expiresIn: 60,
			options: { downloadAs: 'n.png', transform: { image: { width: 100, height: 80 } } },
		}),
		answers: [signed],
	},
	{
		name: 'file.createSignedUrl.transform.odd',
		official: (client) =>
			client.storage.from('avatars').createSignedUrl(odd, 60, { transform: { width: 100 } }),
		ours: storing('file', 'createSignedUrl', {
			...at('avatars', odd),
			expiresIn: 60,
			options: { transform: { image: { width: 100 } } },
		}),
		answers: [signed],
	},
	{
		name: 'file.createSignedUrls',
		official: (client) => client.storage.from('avatars').createSignedUrls(['a.png', odd], 60),
		ours: storing('file', 'createSignedUrls', {
			...at('avatars'),
			paths: `a.png\n${odd}`,
			expiresIn: 60,
		}),
	},
	{
		name: 'file.createSignedUploadUrl',
		official: (client) => client.storage.from('avatars').createSignedUploadUrl('a/b.png'),
		ours: storing('file', 'createSignedUploadUrl', at('avatars', 'a/b.png')),
		answers: [{ body: { url: '/object/upload/sign/avatars/a/b.png?token=t', token: 't' } }],
	},
	{
		name: 'file.createSignedUploadUrl.upsert',
		official: (client) =>
			client.storage.from('avatars').createSignedUploadUrl('a/b.png', { upsert: true }),
		ours: storing('file', 'createSignedUploadUrl', {
			...at('avatars', 'a/b.png'),
			options: { upsert: true },
		}),
		answers: [{ body: { url: '/object/upload/sign/avatars/a/b.png?token=t', token: 't' } }],
	},
	{
		name: 'file.getPublicUrl',
		official: async (client) => {
			const { data } = client.storage
				.from('avatars')
				.getPublicUrl('a b.png', { transform: { width: 100 } });
			await fetch(data.publicUrl);
		},
		ours: {
			...storing('file', 'getPublicUrl', {
				...at('avatars', 'a b.png'),
				options: { transform: { image: { width: 100 } } },
			}),
			follow: 'publicUrl',
		},
	},
	{
		name: 'file.getInfo',
		official: (client) => client.storage.from('avatars').info(odd),
		ours: storing('file', 'getInfo', at('avatars', odd)),
		answers: [info],
	},
	{
		name: 'file.getInfo.mark',
		official: (client) => client.storage.from('avatars').info('what?.png'),
		ours: storing('file', 'getInfo', at('avatars', 'what?.png')),
		answers: [info],
	},
	{
		name: 'file.exists',
		official: (client) => client.storage.from('avatars').exists('a.png'),
		ours: storing('file', 'exists', at('avatars', 'a.png')),
		answers: [info],
	},
];
