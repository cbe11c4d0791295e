import { createHash, randomUUID } from 'node:crypto';
import { createClient } from '@supabase/supabase-js';
import WebSocket from 'ws';

import { createUser, type SignedInUser } from '../stack/users';

const url = process.env.SUPABASE_URL ?? '';
const publishableKey = process.env.SUPABASE_PUBLISHABLE_KEY ?? '';
const secretKey = process.env.SUPABASE_SECRET_KEY ?? '';

function storageOf(key: string, accessToken?: string) {
	return createClient(url, key, {
		auth: { persistSession: false, autoRefreshToken: false },
		realtime: { transport: WebSocket as never },
		global: accessToken ? { headers: { Authorization: `Bearer ${accessToken}` } } : {},
	}).storage;
}

const service = storageOf(secretKey);
const anonymous = storageOf(publishableKey);
const bucketId = `test-${randomUUID()}`;
const files = service.from(bucketId);

beforeAll(async () => {
	expect((await service.createBucket(bucketId, { public: false })).error).toBeNull();
});

afterAll(async () => {
	await service.emptyBucket(bucketId);
	await service.deleteBucket(bucketId);
});

const textOf = async (answer: { data: Blob | null }) => await answer.data?.text();

describe('buckets, with the official client and the secret key', () => {
	it('makes, shows, changes, empties and deletes one', async () => {
		const name = `bucket ${randomUUID()}`;
		const made = await service.createBucket(name, {
			public: true,
			fileSizeLimit: '1KB',
			allowedMimeTypes: ['text/*'],
		});
		expect(made).toEqual({ data: { name }, error: null });
		expect((await service.getBucket(name)).data).toMatchObject({
			id: name,
			public: true,
			file_size_limit: 1000,
			allowed_mime_types: ['text/*'],
		});
		const listed = await service.listBuckets({ search: name, limit: 1 });
		expect(listed.data?.map(({ id }) => id)).toEqual([name]);
		await service.updateBucket(name, { public: false, fileSizeLimit: null });
		expect((await service.getBucket(name)).data).toMatchObject({
			public: false,
			file_size_limit: null,
			allowed_mime_types: ['text/*'],
		});
		await service.from(name).upload('a.txt', 'a', { contentType: 'text/plain' });
		expect((await service.deleteBucket(name)).error).toMatchObject({ statusCode: '409' });
		expect((await service.emptyBucket(name)).error).toBeNull();
		expect((await service.deleteBucket(name)).error).toBeNull();
		expect((await service.getBucket(name)).error).toMatchObject({ statusCode: '404' });
	});

	it('holds to the limits of a bucket', async () => {
		const limited = service.from('limited');
		const long = 'x'.repeat(1001);
		expect(
			(await limited.upload('a.txt', long, { contentType: 'text/plain' })).error,
		).toMatchObject({ statusCode: '413' });
		expect((await limited.upload('a.txt', new Blob([long]))).error).not.toBeNull();
		expect((await limited.upload('a.json', '{}')).error).toBeNull();
		expect(
			(await limited.upload('b.json', '{}', { contentType: 'application/json' })).error,
		).toMatchObject({ statusCode: '415', message: 'mime type application/json is not supported' });
		await limited.remove(['a.json']);
	});
});

describe('objects, with the official client and the secret key', () => {
	it.each([
		['text', 'hello'],
		['bytes', Buffer.from('hello')],
		['a blob, as a form', new Blob(['hello'])],
		['a form', formOf('hello')],
	])('uploads %s and gives it back', async (_, body) => {
		const path = `up/${randomUUID()}.txt`;
		const options = { contentType: 'text/plain', cacheControl: '60', metadata: { colour: 'red' } };
		const first = await files.upload(path, body, options);
		expect(first).toMatchObject({ error: null, data: { path, fullPath: `${bucketId}/${path}` } });
		expect(await textOf(await files.download(path))).toBe('hello');
		const info = await files.info(path);
		expect(info.data).toMatchObject({ size: 5, id: first.data?.id, cacheControl: 'max-age=60' });
		expect((await files.upload(path, body, options)).error).toMatchObject({ statusCode: '409' });
		const second = await files.upload(path, 'again', { ...options, upsert: true });
		expect(second.data?.id).toBe(first.data?.id);
		expect((await files.update(path, 'third')).error).toBeNull();
		expect(await textOf(await files.download(path))).toBe('third');
	});

	it('streams a large form as it comes in', async () => {
		const bytes = Buffer.alloc(8 * 1024 ** 2, Buffer.from('\r\n--boundary'));
		await files.upload('large.bin', new Blob([bytes]), { upsert: true });
		const { data } = await files.download('large.bin');
		const received = Buffer.from((await data?.arrayBuffer()) ?? new ArrayBuffer(0));
		const hash = (content: Buffer) => createHash('md5').update(content).digest('hex');
		expect(hash(received)).toBe(hash(bytes));
		const info = await files.info('large.bin');
		expect(info.data?.etag).toBe(`"${hash(bytes)}"`);
	});

	it('lists folders and files, in pages', async () => {
		for (const name of ['b.txt', 'A.txt', 'sub/x.txt', 'sub/y.txt'])
			await files.upload(`list/${name}`, name);
		const names = (answer: { data: Array<{ name: string }> | null }) =>
			answer.data?.map(({ name }) => name);
		expect(names(await files.list('list'))).toEqual(['A.txt', 'b.txt', 'sub']);
		expect(names(await files.list('list', { limit: 1, offset: 1 }))).toEqual(['b.txt']);
		expect(names(await files.list('list', { search: 'SU' }))).toEqual(['sub']);
		const first = await files.listV2({ prefix: 'list/', limit: 3 });
		expect(first.data).toMatchObject({ hasNext: true, objects: [{}, {}, {}] });
		const cursor = first.data?.nextCursor;
		const rest = await files.listV2({ prefix: 'list/', limit: 3, cursor });
		expect(rest.data?.objects.map(({ name }) => name)).toEqual(['list/sub/y.txt']);
		const tree = await files.listV2({ prefix: 'list/', with_delimiter: true });
		expect(tree.data?.folders.map(({ name }) => name)).toEqual(['list/sub/']);
	});

	it('copies, moves and removes', async () => {
		await files.upload('one.txt', 'one');
		expect((await files.copy('one.txt', 'two.txt')).error).toBeNull();
		expect((await files.move('two.txt', 'three.txt', { destinationBucket: 'private' })).error).toBe(
			null,
		);
		expect(await textOf(await service.from('private').download('three.txt'))).toBe('one');
		expect((await service.from('private').remove(['three.txt', 'no.txt'])).data).toHaveLength(1);
		expect((await files.exists('one.txt')).data).toBe(true);
		expect((await files.exists('two.txt')).data).toBe(false);
	});

	it('signs downloads and uploads', async () => {
		await files.upload('signed/a b.txt', 'signed');
		const { data } = await files.createSignedUrl('signed/a b.txt', 60, { download: 'ä.txt' });
		const answer = await fetch(data?.signedUrl ?? '');
		expect(await answer.text()).toBe('signed');
		expect(answer.headers.get('content-disposition')).toContain('attachment; filename=');
		const many = await files.createSignedUrls(['signed/a b.txt', 'no.txt'], 60);
		expect(many.data?.map(({ error }) => error === null)).toEqual([true, false]);
		const tampered = await fetch(`${data?.signedUrl.replace('token=', 'token=x')}`);
		expect(await tampered.json()).toMatchObject({ code: 'InvalidJWT' });

		const upload = await files.createSignedUploadUrl('signed/new.txt');
		const token = upload.data?.token ?? '';
		const sent = await anonymous.from(bucketId).uploadToSignedUrl('signed/new.txt', token, 'new');
		expect(sent.error).toBeNull();
		const again = await anonymous.from(bucketId).uploadToSignedUrl('signed/new.txt', token, 'x');
		expect(again.error).toMatchObject({ statusCode: '409' });
	});

	it('serves parts, and nothing that is known already', async () => {
		await files.upload('range.txt', '0123456789', { upsert: true });
		const address = `${url}/storage/v1/object/${bucketId}/range.txt`;
		const get = async (headers: Record<string, string>) =>
			await fetch(address, { headers: { apikey: secretKey, ...headers } });
		const part = await get({ range: 'bytes=2-4' });
		expect([part.status, await part.text()]).toEqual([206, '234']);
		expect(part.headers.get('content-range')).toBe('bytes 2-4/10');
		const etag = part.headers.get('etag') ?? '';
		expect((await get({ 'if-none-match': etag, 'cache-control': 'no-cache' })).status).toBe(304);
		expect((await get({ range: 'bytes=20-' })).status).toBe(416);
	});

	it('serves the original of an image, but checks what was wanted of it', async () => {
		await files.upload('i.png', Buffer.from('png'), { contentType: 'image/png' });
		expect(await textOf(await files.download('i.png', { transform: { width: 10 } }))).toBe('png');
		const { data } = await files.createSignedUrl('i.png', 60, { transform: { width: 10 } });
		expect(data?.signedUrl).toContain('/render/image/sign/');
		expect(await (await fetch(data?.signedUrl ?? '')).text()).toBe('png');
		const wrong = await files.download('i.png', { transform: { quality: 5 } });
		expect(wrong.error?.message).toMatch(/quality/);
	});
});

function formOf(content: string): FormData {
	const form = new FormData();
	form.append('cacheControl', '60');
	form.append('any name', new Blob([content], { type: 'text/plain' }), 'local.txt');
	return form;
}

describe('policies', () => {
	let user: SignedInUser;
	let other: SignedInUser;
	beforeAll(async () => {
		[user, other] = await Promise.all([createUser(), createUser()]);
	});
	const as = ({ accessToken }: SignedInUser) => storageOf(publishableKey, accessToken);

	it('give each user the folder of that name in the private bucket', async () => {
		const path = `${user.id}/mine.txt`;
		const mine = as(user).from('private');
		const theirs = as(other).from('private');
		expect((await mine.upload(path, 'mine')).error).toBeNull();
		expect(await textOf(await mine.download(path))).toBe('mine');
		expect((await mine.list(user.id)).data).toHaveLength(1);
		expect((await mine.createSignedUrl(path, 60)).error).toBeNull();

		expect((await theirs.upload(path, 'x', { upsert: true })).error?.message).toContain('policy');
		expect((await theirs.info(path)).error).toMatchObject({ statusCode: '404' });
		expect((await theirs.list(user.id)).data).toEqual([]);
		expect((await theirs.remove([path])).data).toEqual([]);
		expect((await theirs.move(path, `${other.id}/a`)).error).toMatchObject({ statusCode: '404' });
		expect((await anonymous.from('private').info(path)).error).not.toBeNull();
		expect((await mine.remove([path])).data).toMatchObject([{ name: path, owner_id: user.id }]);
	});

	it('let anybody read a public bucket, and users write to it', async () => {
		const path = `${randomUUID()}.txt`;
		const mine = as(user).from('avatars');
		expect((await anonymous.from('avatars').upload(path, 'x')).error).not.toBeNull();
		expect((await mine.upload(path, 'face')).error).toBeNull();
		const { data } = anonymous.from('avatars').getPublicUrl(path);
		expect(await (await fetch(data.publicUrl)).text()).toBe('face');
		expect((await as(other).from('avatars').remove([path])).data).toEqual([]);
		expect((await mine.remove([path])).data).toHaveLength(1);
	});

	it('let anybody put into the inbox, and nobody look', async () => {
		const inbox = anonymous.from('inbox');
		const path = `${randomUUID()}.txt`;
		expect((await inbox.upload(path, 'letter')).error).toBeNull();
		expect((await inbox.upload(path, 'letter')).error).toMatchObject({ statusCode: '409' });
		expect((await inbox.download(path)).error).not.toBeNull();
		await service.from('inbox').remove([path]);
	});

	it('say of a wrong key what the service says', async () => {
		const wrong = storageOf('sb_secret_wrong');
		expect((await wrong.listBuckets()).error?.message).toBe('Invalid Compact JWS');
		expect((await wrong.from('private').info('x')).error?.message).toBe('Bucket not found');
	});
});
