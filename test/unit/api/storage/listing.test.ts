import { SupabaseApiError } from '../../../../src/api/errors';
import type { FolderPage, FolderRow, KeyPage } from '../../../../src/api/storage/list';
import { listFiles, type ListingOptions } from '../../../../src/api/storage/listing';
import type { Send } from '../../../../src/api/transport';

const byName = { column: 'name', order: 'asc' } as const;
const all: ListingOptions = { folder: '', recursive: true, sort: byName };

const row = (name: string): FolderRow => ({ name, id: `id of ${name}` });

/** A server with these keys, of the newer or of the older kind. */
function server(keys: readonly string[], { isOlder = false, cap = 1000 } = {}) {
	const asked: Array<KeyPage & FolderPage> = [];
	const send = async (request: { path: readonly string[]; body?: unknown }) => {
		const page = JSON.parse(request.body as string) as KeyPage & FolderPage;
		asked.push(page);
		if (request.path[1] === 'list') return { body: folderPage(keys, page, cap) };
		if (isOlder) throw new SupabaseApiError('storage', 'refused', ROUTE);
		return { body: keyPage(keys, page, cap) };
	};
	return { send: send as never as Send, asked };
}

const ROUTE = { status: 404, message: 'Route POST:/object/list-v2/b not found' };

function keyPage(keys: readonly string[], page: KeyPage, cap: number) {
	const found = keys.filter((key) => key.startsWith(page.prefix));
	if (page.sortBy.order === 'desc') found.reverse();
	const from = page.cursor === undefined ? 0 : Number(page.cursor);
	const end = from + Math.min(page.limit, cap);
	const hasNext = end < found.length;
	return {
		hasNext,
		...(hasNext && { nextCursor: String(end) }),
		folders: [],
		objects: found.slice(from, end).map(row),
	};
}

function folderPage(keys: readonly string[], { prefix, offset, limit }: FolderPage, cap: number) {
	const below = prefix && `${prefix}/`;
	const names = keys
		.filter((key) => key.startsWith(below))
		.map((key) => key.slice(below.length).split('/'));
	const rows = new Map(
		names.map(([name = '', ...rest]) => [name, rest.length ? { name, id: null } : row(name)]),
	);
	return [...rows.values()].slice(offset, offset + Math.min(limit, cap));
}

const many = Array.from({ length: 2500 }, (_, n) => `many/${String(n).padStart(4, '0')}.txt`);

test.each([
	['newer', {}],
	['older', { isOlder: true }],
	['older, which gives fewer than asked for', { isOlder: true, cap: 100 }],
] as const)('with a limit a recursive listing loses nothing on the %s server', async (_, kind) => {
	const keys = [...many, 'other/b.txt'];
	const { send } = server(keys, kind);
	const found = await listFiles(send, 'b', { ...all, search: 'B', limit: 1 });
	expect(found.map(({ path }) => path)).toEqual(['other/b.txt']);
	const some = await listFiles(send, 'b', { ...all, offset: 1990, limit: 20 });
	expect(some.map(({ path }) => path)).toEqual(keys.slice(1990, 2010));
});

test('what was not wanted is not asked for', async () => {
	const newer = server(many);
	await listFiles(newer.send, 'b', { ...all, offset: 990, limit: 20 });
	expect(newer.asked.map(({ limit }) => limit)).toEqual([1000, 10]);
	const older = server(many, { isOlder: true });
	await listFiles(older.send, 'b', { ...all, folder: 'many', recursive: false, limit: 3 });
	expect(older.asked.map(({ limit }) => limit)).toEqual([3, 3]);
});

test('by name descending a recursive listing pages, and one of a folder is turned round', async () => {
	const sort = { column: 'name', order: 'desc' } as const;
	const { send, asked } = server(many);
	const last = await listFiles(send, 'b', { ...all, sort, limit: 2 });
	expect(last.map(({ name }) => name)).toEqual(['many/2499.txt', 'many/2498.txt']);
	expect(asked).toHaveLength(1);
	const older = server(many, { isOlder: true });
	const there = await listFiles(older.send, 'b', { ...all, sort, limit: 2 });
	expect(there.map(({ name }) => name)).toEqual(['many/2499.txt', 'many/2498.txt']);
});

test('files are found by what their path begins with', async () => {
	const keys = ['list/deep/a.txt', 'list/delta.txt', 'list/other.txt'];
	for (const isOlder of [false, true]) {
		const { send } = server(keys, { isOlder });
		const found = await listFiles(send, 'b', { ...all, folder: 'list', start: 'de' });
		expect(found.map(({ path }) => path)).toEqual(['list/deep/a.txt', 'list/delta.txt']);
	}
});

describe('a listing that leads round in a circle ends with an error', () => {
	test.each([
		['the same cursor again', { hasNext: true, nextCursor: 'a', objects: [row('a')] }],
		['more, but no cursor', { hasNext: true, objects: [row('a')] }],
	])('%s', async (_, body) => {
		const send = (async () => ({ body })) as never as Send;
		await expect(listFiles(send, 'b', all)).rejects.toMatchObject({ code: 'LISTING_CIRCLE' });
	});

	test('cursors that take turns', async () => {
		let asked = 0;
		const send = (async () => {
			asked += 1;
			return { body: { hasNext: true, nextCursor: asked % 2 ? 'a' : 'b', objects: [row('a')] } };
		}) as never as Send;
		await expect(listFiles(send, 'b', all)).rejects.toMatchObject({ code: 'LISTING_CIRCLE' });
	});

	test('an older server that knows no offset', async () => {
		const send = (async ({ path }: { path: string[] }) => {
			if (path[1] === 'list-v2') throw new SupabaseApiError('storage', 'refused', ROUTE);
			return { body: [row('a')] };
		}) as never as Send;
		await expect(listFiles(send, 'b', all)).rejects.toMatchObject({ code: 'LISTING_CIRCLE' });
	});
});
