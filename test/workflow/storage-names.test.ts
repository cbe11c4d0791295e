import { byPath, held, openStorage, type StorageWorld } from './storage-helpers';

let world: StorageWorld;

beforeAll(async () => {
	world = await openStorage({ public: true });
});

afterAll(async () => await world.close());

const odd = [...'&=+@:;,$?', "'", '!', '*', '()', ' '].map((sign) => `odd/a${sign}b.txt`);

const textAt = async (url: unknown) => await (await fetch(String(url as string))).text();

/** Every kind of link to a file, which is of as many bytes as `content`. */
async function expectLinksToWork(path: string, content: string): Promise<void> {
	const { only, inBucket } = world;
	const place = { ...inBucket, path: byPath(path) };
	const signed = await only('file', 'createSignedUrl', { ...place, expiresIn: 60 });
	expect([path, signed.error?.message]).toEqual([path, undefined]);
	expect([path, await textAt(signed.json[0]?.signedUrl)]).toEqual([path, content]);
	const open = await only('file', 'getPublicUrl', place);
	expect([path, await textAt(open.json[0]?.publicUrl)]).toEqual([path, content]);
	const saved = await only('file', 'createSignedUrl', { ...place, options: { download: true } });
	const answer = await fetch(String(saved.json[0]?.signedUrl as string));
	expect(answer.headers.get('content-disposition')).toMatch(/^attachment/);
	if (path.includes('?')) return;
	const options = { transform: { image: { width: 10, quality: 80 } } };
	const changed = await only('file', 'createSignedUrl', { ...place, options });
	expect([path, await textAt(changed.json[0]?.signedUrl)]).toEqual([path, content]);
}

test('every kind of link to a file with an odd name leads to it', async () => {
	await world.put(...odd);
	for (const path of odd) await expectLinksToWork(path, `in ${path}`);
	const { json } = await world.only('file', 'createSignedUrls', {
		...world.inBucket,
		paths: odd,
		expiresIn: 60,
	});
	const texts = await Promise.all(json.map(async ({ signedUrl }) => await textAt(signedUrl)));
	expect(texts).toEqual(odd.map((path) => `in ${path}`));
});

test('a changed image whose name holds a question mark is refused, as no link to it works', async () => {
	const { error } = await world.only('file', 'createSignedUrl', {
		...world.inBucket,
		path: byPath('odd/a?b.txt'),
		options: { transform: { image: { width: 10 } } },
	});
	expect(error?.message).toContain('whose path holds "?"');
});

test('a signed upload works for every odd name', async () => {
	const { only, inBucket } = world;
	for (const path of odd) {
		const place = { ...inBucket, path: byPath(path) };
		const made = await only('file', 'createSignedUploadUrl', {
			...place,
			options: { upsert: true },
		});
		const { signedUrl: signedUploadUrl } = made.json[0] as { signedUrl: string };
		const parameters = { signedUploadUrl, contentFrom: 'text', text: `again ${path}` };
		const put = await only('file', 'uploadToSignedUrl', parameters);
		expect([path, put.error?.message]).toEqual([path, undefined]);
		expect(await world.read(path)).toBe(`again ${path}`);
	}
});

test('a name that Storage does not allow is made safe, and back, wherever it is used', async () => {
	const { only, inBucket } = world;
	const path = 'safe/Übung #1~=?!.txt';
	const safe = 'safe/!C3!9Cbung !231!7E!3D!3F!21.txt';
	const parameters = { ...inBucket, path: byPath(path) };
	const refused = await only('file', 'upload', parameters, [held('x', 'x')]);
	expect(refused.error?.message).toContain('holds "Ü"');
	const options = { makeNamesSafe: true };
	const stored = await only('file', 'upload', { ...parameters, options }, [held('x', 'x')]);
	expect(stored.json[0]).toMatchObject({ path: safe, originalPath: path });
	await expectLinksToWork(safe, 'x');

	const read = await only('file', 'download', { ...parameters, options });
	expect(read.json[0]).toMatchObject({ fileName: 'Übung #1~=?!.txt', size: 1 });
	const listed = await only('file', 'getAll', { ...inBucket, folder: byPath('safe'), options });
	expect(listed.json[0]).toMatchObject({ path: safe, originalPath: path });
	const toPath = byPath('safe/Größe/');
	const copied = await only('file', 'copy', { ...parameters, toPath, options });
	expect(copied.json[0]).toMatchObject({ originalPath: 'safe/Größe/Übung #1~=?!.txt' });
	const moved = await only('file', 'move', {
		...inBucket,
		path: byPath('safe/Größe/Übung #1~=?!.txt'),
		toPath: byPath('safe/Straße.txt'),
		options,
	});
	expect(moved.json[0]).toMatchObject({ path: 'safe/Stra!C3!9Fe.txt' });
	const gone = await only('file', 'delete', { ...inBucket, paths: path, options });
	expect(gone.json).toMatchObject([{ path: safe, deleted: true }]);
});

test('names that were made safe in the older way are told', async () => {
	await world.put('older/Gr=C3=B6=C3=9Fe.txt');
	const { json } = await world.only('file', 'getAll', {
		...world.inBucket,
		folder: byPath('older'),
		options: { makeNamesSafe: true },
	});
	expect(json[0]).toMatchObject({ originalPath: 'older/Größe.txt' });
});

test('the name of a downloaded file is decoded only where it was made safe, and ends no line', async () => {
	const { only, inBucket } = world;
	await world.put('n/a!0Ab=C3=B6.txt');
	const plain = await only('file', 'download', { ...inBucket, path: byPath('n/a!0Ab=C3=B6.txt') });
	expect(plain.json[0]?.fileName).toBe('a!0Ab=C3=B6.txt');
	const options = { makeNamesSafe: true };
	const parameters = { ...inBucket, path: byPath('n/c:\\d\ne.txt'), options };
	await only('file', 'upload', parameters, [held('x', 'x')]);
	const read = await only('file', 'download', parameters);
	expect(read.json[0]?.fileName).toBe('d_e.txt');
});

test('a key is never trimmed or squeezed: with another blank or slash it is another file', async () => {
	const { only, inBucket } = world;
	await world.put('k/a.txt', 'k/a.txt ', ' k/a.txt', 'k//a.txt');
	expect(await world.read('k//a.txt')).toBe('in k//a.txt');
	expect(await world.read('k/a.txt ')).toBe('in k/a.txt ');
	const items = [{ json: { path: 'k/a.txt ' } }];
	const gone = await only('file', 'delete', { ...inBucket, paths: '={{ $json.path }}' }, items);
	expect(gone.json).toMatchObject([{ path: 'k/a.txt ', deleted: true }]);
	const lines = { json: { paths: ' k/a.txt\nk//a.txt' } };
	const others = await only('file', 'delete', { ...inBucket, paths: '={{ $json.paths }}' }, [
		lines,
	]);
	expect(others.json.map(({ path }) => path)).toEqual([' k/a.txt', 'k//a.txt']);
	expect(await world.read('k/a.txt')).toBe('in k/a.txt');
});

test.each([
	['on one line with commas between', ' p/a.txt, p/b.txt ,p/c.txt', 3],
	['on lines, to which their commas belong', 'p/a.txt\n p/b.txt, p/c.txt ', 2],
])('several paths are typed %s', async (_, paths, count) => {
	await world.put('p/a.txt', 'p/b.txt', 'p/c.txt', 'p/b.txt, p/c.txt');
	const { only, inBucket } = world;
	const { json } = await only('file', 'delete', { ...inBucket, paths });
	expect(json.map(({ deleted }) => deleted)).toEqual(Array(count).fill(true));
	await only('file', 'delete', {
		...inBucket,
		paths: ['p/a.txt', 'p/b.txt', 'p/c.txt', 'p/b.txt, p/c.txt'],
	});
});

test('a comma in what an expression gives belongs to the path', async () => {
	await world.put('Smith', 'Smith, John.txt');
	const { only, inBucket } = world;
	const items = [{ json: { path: 'Smith, John.txt' } }];
	const { json } = await only('file', 'delete', { ...inBucket, paths: '={{ $json.path }}' }, items);
	expect(json).toMatchObject([{ path: 'Smith, John.txt', deleted: true }]);
	expect(await world.read('Smith')).toBe('in Smith');
});

test('Download As * is no name', async () => {
	const { error } = await world.only('file', 'getPublicUrl', {
		...world.inBucket,
		path: byPath('a.txt'),
		options: { downloadAs: '*' },
	});
	expect(error?.message).toContain('not the name of a file');
});
