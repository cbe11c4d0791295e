import { findUserByEmail } from '../../../../../src/api/auth/admin/findUser';
import { listUsers, nextPage, userPages } from '../../../../../src/api/auth/admin/userPages';
import { updateUser } from '../../../../../src/api/auth/admin/users';
import type { ApiRequest, ApiResponse } from '../../../../../src/api/request';
import type { Send } from '../../../../../src/api/transport';
import { thrownBy } from '../../../thrown';

interface Page {
	readonly ids: readonly number[];
	readonly link?: string;
	readonly pagination?: object;
}

/** A server with these pages, by the text of the query that asks for each. */
function serving(pages: Readonly<Record<string, Page>>) {
	const asked: string[] = [];
	const send = async ({ query = [] }: ApiRequest): Promise<ApiResponse> => {
		const text = query.map((pair) => pair.join('=')).join('&');
		asked.push(text);
		await Promise.resolve();
		const page = pages[text];
		if (!page) throw new Error(`Nobody expects ${text}`);
		const users = page.ids.map((id) => ({ id, email: `u${id}@example.com` }));
		const headers = { ...(page.link && { link: page.link }) };
		return { status: 200, headers, body: { users, pagination: page.pagination } };
	};
	return { send: send as Send, asked };
}

const next = (page: number) =>
	`</admin/users?filter=a&page=${page}&per_page=2>; rel="next", </admin/users?page=123&per_page=2>; rel="last"`;

describe('the pages of a list', () => {
	it('are read by number to the last, whatever their length', async () => {
		const { send, asked } = serving({
			'page=1&per_page=2': { ids: [1], link: next(2) },
			'page=2&per_page=2': { ids: [2, 3], link: next(3) },
			'page=3&per_page=2': { ids: [4], link: '</admin/users?page=3&per_page=2>; rel="last"' },
		});
		const users = await listUsers(send, { perPage: 2 });
		expect(users.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
		expect(asked).toHaveLength(3);
	});

	it('are read by cursor where the server gives one', async () => {
		const { send, asked } = serving({
			'page=1&per_page=2&sort=created_at asc': {
				ids: [1, 2],
				pagination: { has_more: true, next_cursor: 'abc' },
			},
			'cursor=abc&limit=2&sort=created_at asc': {
				ids: [3],
				pagination: { has_more: true, next_cursor: 'def' },
			},
			'cursor=def&limit=2&sort=created_at asc': { ids: [4], pagination: { has_more: false } },
		});
		const users = await listUsers(send, { perPage: 2, order: 'asc' });
		expect(users.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
		expect(asked).toHaveLength(3);
	});

	it('give a user once who slides to the next page meanwhile', async () => {
		const { send } = serving({
			'page=1&per_page=2': { ids: [5, 4], link: next(2) },
			'page=2&per_page=2': { ids: [4, 3] },
		});
		expect((await listUsers(send, { perPage: 2 })).map(({ id }) => id)).toEqual([5, 4, 3]);
	});

	it.each([
		['the same page', { ids: [1], link: next(1) }],
		['a page before', { ids: [1], link: next(0) }],
		['more of an empty one', { ids: [], link: next(2) }],
	])('end where a server names %s as the next', async (_, page) => {
		const { send, asked } = serving({ 'page=1&per_page=2': page });
		await listUsers(send, { perPage: 2 });
		expect(asked).toHaveLength(1);
	});

	it('end where a server gives the same cursor again', async () => {
		const again = { ids: [1], pagination: { has_more: true, next_cursor: 'abc' } };
		const { send, asked } = serving({ 'page=1&per_page=2': again, 'cursor=abc&limit=2': again });
		await listUsers(send, { perPage: 2 });
		expect(asked).toHaveLength(2);
	});

	it('are not read beyond what is wanted', async () => {
		const { send, asked } = serving({ 'page=3&per_page=2': { ids: [1, 2], link: next(4) } });
		expect(await listUsers(send, { page: 3, perPage: 2 }, 2)).toHaveLength(2);
		expect(asked).toHaveLength(1);
	});

	it('come one after the other, so that a hundred thousand users are no one list before', async () => {
		const { send } = serving({ 'page=1&per_page=1000': { ids: [1], link: next(2) } });
		const pages = userPages(send);
		expect((await pages.next()).value).toHaveLength(1);
	});

	it.each([
		[next(12), 12],
		['</admin/users?page=10&per_page=5>; rel="last"', undefined],
		['', undefined],
		[undefined, undefined],
	])('number in %s', (link, page) => expect(nextPage(link)).toBe(page));
});

describe('a user by address', () => {
	const filter = 'filter=u7@example.com';

	it('is looked for in all pages of those that hold it', async () => {
		const { send, asked } = serving({
			[`page=1&per_page=1000&${filter}`]: { ids: [17, 27], link: next(2) },
			[`page=2&per_page=1000&${filter}`]: { ids: [7] },
		});
		expect(await findUserByEmail(send, 'U7@Example.com')).toMatchObject({ id: 7 });
		expect(asked).toHaveLength(2);
	});

	it('that nobody has is not the next best', async () => {
		const { send } = serving({ [`page=1&per_page=1000&${filter}`]: { ids: [17, 27] } });
		await expect(findUserByEmail(send, 'u7@example.com')).rejects.toMatchObject({
			code: 'user_not_found',
			status: 404,
			message: 'There is no user with the address u7@example.com',
		});
	});
});

it('a password hash is not sent where Auth takes no notice of it', () => {
	expect(thrownBy(() => updateUser('x', { password_hash: '$2a$10$x' })).message).toBe(
		'A password hash cannot be set for a user who is there already',
	);
});
