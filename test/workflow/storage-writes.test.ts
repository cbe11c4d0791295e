import { stackControl } from '../stack/control';
import { byPath, credentials, held, openStorage, type StorageWorld } from './storage-helpers';

const control = stackControl();
let world: StorageWorld;

beforeAll(async () => {
	world = await openStorage();
});

afterEach(async () => await control.clearFaults());

afterAll(async () => await world.close());

type Told = { message: string; description: string } | undefined;

test('items that name the same file keep their order', async () => {
	const { only, inBucket, bucket, read } = world;
	const path = `/storage/v1/object/${bucket}/same.txt`;
	await control.addFault({ method: 'POST', path, action: { kind: 'delay', ms: 400 } });
	const options = { upsert: true };
	const items = ['first', 'second', 'third'].map((text) => held(text, 'same.txt'));
	const { error } = await only(
		'file',
		'upload',
		{ ...inBucket, path: byPath('/'), options },
		items,
	);
	expect(error).toBeUndefined();
	expect(await read('same.txt')).toBe('third');
});

test('moves that form a chain keep their order', async () => {
	const { only, inBucket, put, read } = world;
	await put('chain/0');
	await control.addFault({
		method: 'POST',
		contains: 'object/move',
		action: { kind: 'delay', ms: 300 },
	});
	const { error } = await only(
		'file',
		'move',
		{
			...inBucket,
			path: byPath('=chain/{{ $json.n }}'),
			toPath: byPath('=chain/{{ $json.n + 1 }}'),
		},
		[0, 1, 2].map((n) => ({ json: { n } })),
	);
	expect(error).toBeUndefined();
	expect(await read('chain/3')).toBe('in chain/0');
});

test('a file keeps its name in the folder that it is moved to', async () => {
	const { only, inBucket, put, read } = world;
	await put('from/name.txt');
	const { json } = await only('file', 'move', {
		...inBucket,
		path: byPath('from/name.txt'),
		toPath: byPath('to/'),
	});
	expect(json[0]?.path).toBe('to/name.txt');
	expect(await read('to/name.txt')).toBe('in from/name.txt');
});

const retried = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

test('Retry On Fail does not call missing what the first try deleted', async () => {
	const { only, inBucket, put } = world;
	await put('retry/a.txt', 'retry/b.txt');
	const { error } = await only(
		'file',
		'delete',
		{
			...inBucket,
			paths: ['retry/a.txt', 'retry/none.txt', 'retry/b.txt'],
			options: { failIfMissing: true },
		},
		undefined,
		retried,
	);
	const { message, description } = error as Told as { message: string; description: string };
	expect(message).toBe(`${world.bucket}/retry/none.txt was not deleted`);
	expect(description).toContain('2 files were deleted before');
	const exists = await only('file', 'exists', { ...inBucket, path: byPath('retry/a.txt') });
	expect(exists.json[0]?.exists).toBe(false);
});

test('what was deleted is not called missing when the answer is lost', async () => {
	const { only, inBucket, put, bucket } = world;
	await put('lost.txt');
	const path = `/storage/v1/object/${bucket}`;
	await control.addFault({ method: 'DELETE', path, action: { kind: 'resetAfter' } });
	const { error, json } = await only('file', 'delete', { ...inBucket, paths: 'lost.txt' });
	expect(json).toEqual([]);
	expect((error as Told)?.description).toMatch(/unknown/);
});

test('Retry On Fail does not store twice what was stored', async () => {
	const { only, inBucket, bucket } = world;
	await control.clearRequests();
	const items = [held('a', 'once.txt'), held('b', 'twice.txt')];
	const path = byPath('={{ $itemIndex ? "twice/../x" : "once.txt" }}');
	const { error } = await only('file', 'upload', { ...inBucket, path }, items, retried);
	expect(error?.message).toContain('".." cannot be part of an address');
	expect((error as Told)?.description).toContain('1 file was stored before');
	const stored = await control.requests(`/storage/v1/object/${bucket}/once.txt`);
	expect(stored.map(({ method }) => method)).toEqual(['POST']);
});

describe('a file that exists already', () => {
	test.each([
		['upload', {}, 'switch on Overwrite'],
		['createSignedUploadUrl', {}, 'switch on Overwrite'],
		[
			'copy',
			{ path: byPath('there/other.csv'), toPath: byPath('there/File.csv') },
			'switch on Overwrite',
		],
		[
			'move',
			{ path: byPath('there/other.csv'), toPath: byPath('there/File.csv') },
			'Move never overwrites, so choose another path or delete that one first',
		],
	])('is named by %s, with what to do', async (operation, parameters, mend) => {
		const { only, inBucket, bucket } = world;
		const all = { ...inBucket, path: byPath('there/File.csv'), ...parameters };
		const options = { upsert: true };
		await only('file', 'upload', { ...all, path: byPath('there/File.csv'), options }, [
			held('x', 'x'),
		]);
		await only('file', 'upload', { ...all, path: byPath('there/other.csv'), options }, [
			held('x', 'x'),
		]);
		const { error } = await only('file', operation, all, [held('x', 'x')]);
		expect(error?.message).toBe(`${bucket}/there/File.csv exists already: ${mend}`);
	});
});

describe('with a signed upload', () => {
	const onlyPublishable = {
		supabaseProjectApi: {
			url: credentials.supabaseProjectApi.url,
			publishableKey: credentials.supabaseProjectApi.publishableKey,
		},
	};

	async function signed(path: string, upsert = false) {
		const { only, inBucket } = world;
		const options = { upsert };
		const made = await only('file', 'createSignedUploadUrl', {
			...inBucket,
			path: byPath(path),
			options,
		});
		return made.json[0] as { signedUrl: string; token: string };
	}

	test.each(['serviceRole', 'anonymous', 'user', ''])(
		'the publishable key is enough, whatever Run As says: %j',
		async (runAs) => {
			const path = `signed/${runAs}.txt`;
			const { signedUrl } = await signed(path);
			const parameters = { signedUploadUrl: signedUrl, contentFrom: 'text', text: 'x', runAs };
			const put = await world.only('file', 'uploadToSignedUrl', parameters, undefined, {
				credentials: onlyPublishable,
			});
			expect(put.error?.message).toBeUndefined();
			expect(await world.read(path)).toBe('x');
		},
	);

	test('token and path are taken, too', async () => {
		const { token } = await signed('signed/by token, x.txt');
		const put = await world.only('file', 'uploadToSignedUrl', {
			signedBy: 'token',
			signedBucket: world.bucket,
			signedPath: 'signed/by token, x.txt',
			token,
			contentFrom: 'text',
			text: 'by token',
		});
		expect(put.error?.message).toBeUndefined();
		expect(await world.read('signed/by token, x.txt')).toBe('by token');
	});

	test('a large file goes in parts where the URL may overwrite, and at once elsewhere', async () => {
		await control.clearRequests();
		for (const upsert of [true, false]) {
			const path = `signed/parts-${upsert}.txt`;
			const { signedUrl } = await signed(path, upsert);
			const put = await world.only('file', 'uploadToSignedUrl', {
				signedUploadUrl: signedUrl,
				contentFrom: 'text',
				text: 'in parts',
				options: { resumableAbove: 0 },
			});
			expect([put.error?.message, put.json[0]?.resumable]).toEqual([undefined, upsert]);
			expect(await world.read(path)).toBe('in parts');
		}
		const requests = await control.requests('/storage/v1/');
		const sent = requests.filter(({ method }) => ['PUT', 'PATCH'].includes(method));
		expect(sent.map(({ method, path }) => [method, path.split('/')[3]])).toEqual([
			['PATCH', 'upload'],
			['PUT', 'object'],
		]);
		expect(sent[0]?.headers['x-signature']).toMatch(/\S{8,}/);
	});
});

describe('buckets', () => {
	afterEach(async () => await control.setStorage({ emptyDelayMs: 0 }));

	test('Empty waits unless told otherwise', async () => {
		const own = await openStorage();
		await own.put('a.txt');
		await control.setStorage({ emptyDelayMs: 600 });
		const { json } = await own.only('bucket', 'empty', own.inBucket);
		expect(json[0]).toMatchObject({ empty: true });
		const exists = await own.only('file', 'exists', { ...own.inBucket, path: byPath('a.txt') });
		expect(exists.json[0]?.exists).toBe(false);
		const off = { ...own.inBucket, options: { waitUntilEmpty: false } };
		expect((await own.only('bucket', 'empty', off)).json[0]).toMatchObject({ empty: false });
		await control.setStorage({ emptyDelayMs: 0 });
		await own.close();
	});

	test("a limit above the project's is not a file that is larger", async () => {
		const { only, inBucket, bucket } = world;
		const settings = { fileSizeLimit: '5000GB' };
		const { error } = await only('bucket', 'update', { ...inBucket, settings });
		expect(error?.message).toBe(
			`The File Size Limit of bucket "${bucket}" is above the project's own`,
		);
	});

	test.each([
		['fileSizeLimit', '={{ $json.none }}', 'File Size Limit is not a size'],
		['allowedMimeTypes', '={{ [] }}', 'Allowed MIME Types names none'],
		['public', '={{ $json.none }}', 'Public is not true or false'],
	])('an expression that gives nothing takes no limit away: %s', async (name, value, message) => {
		const { only, inBucket } = world;
		const { error } = await only('bucket', 'update', { ...inBucket, settings: { [name]: value } });
		expect(error?.message).toContain(message);
	});
});

test.each([
	['upsert', 'file', 'upload', 'Overwrite is not true or false'],
	['failIfMissing', 'file', 'delete', 'Fail if Missing is not true or false'],
	['emptyFirst', 'bucket', 'delete', 'Empty First is not true or false'],
	['makeNamesSafe', 'file', 'delete', 'Make Names Safe is not true or false'],
])('an option is checked, not ignored: %s', async (name, resource, operation, message) => {
	const { only, inBucket } = world;
	const parameters = {
		...inBucket,
		path: byPath('x'),
		paths: 'x',
		options: { [name]: '={{ null }}' },
	};
	const { error } = await only(resource, operation, parameters, [held('x', 'x')]);
	expect(error?.message).toBe(message);
});

test('"true" from an expression is true', async () => {
	const { only, inBucket, put, read } = world;
	await put('truth.txt');
	const options = { upsert: '={{ "true" }}' };
	const parameters = { ...inBucket, path: byPath('truth.txt'), options };
	const { error } = await only('file', 'upload', parameters, [held('new', 'x')]);
	expect(error?.message).toBeUndefined();
	expect(await read('truth.txt')).toBe('new');
});
test('a header that the node says itself is refused before anything is sent', async () => {
	const { only, inBucket } = world;
	const headers = { header: [{ name: 'Cache-Control', value: 'no-store' }] };
	const parameters = { ...inBucket, path: byPath('header.txt'), options: { headers } };
	const { error } = await only('file', 'upload', parameters, [held('x', 'x')]);
	expect(error?.message).toMatch(/cache-control/i);
	const exists = await only('file', 'exists', { ...inBucket, path: byPath('header.txt') });
	expect(exists.json[0]?.exists).toBe(false);
});
