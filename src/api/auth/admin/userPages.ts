import type { Send } from '../../transport';
import { listOf, type User } from '../answers';
import { authRequest } from '../request';

/** How many users at most come at once. */
export const MOST_USERS = 1000;

/** Which users, and in what order. */
export interface UserFilter {
	/** A part of the e-mail address, or of `full_name` in the user's metadata. */
	readonly filter?: string;
	/** By the time of their creation; the newest first unless told otherwise. */
	readonly order?: 'asc' | 'desc';
}

export interface UserPages extends UserFilter {
	/** The first page to ask for; 1 is the first of all. */
	readonly page?: number;
	readonly perPage?: number;
}

/**
 * Lists users page by page, to the last one, whichever way the server parts them.
 *
 * Numbers are always asked for, since without them some servers begin with a cursor; where one comes
 * all the same, it is followed. A user who slides to the next page, as others are made meanwhile, comes
 * once.
 *
 * @throws SupabaseApiError where a page cannot be had
 */
export async function* userPages(
	send: Send,
	{ filter, order, page = 1, perPage = MOST_USERS }: UserPages = {},
): AsyncGenerator<User[], void> {
	const rest = [
		['filter', filter],
		['sort', order && `created_at ${order}`],
	] as const;
	const seen = new Set<unknown>();
	let next: Next | undefined = { page };
	while (next) {
		const query = [...placeOf(next, perPage), ...rest];
		const request = authRequest('GET', ['admin', 'users'], { query });
		const { headers, body } = await send<{ users?: unknown }>(request);
		const users = listOf((Object(body) as { users?: unknown }).users);
		yield users.filter(({ id }) => !seen.has(id));
		for (const { id } of users) seen.add(id);
		next = users.length > 0 ? nextOf(headers.link, body, next) : undefined;
	}
}

/** Where a page is: by its number, or by what the server called it. */
type Next = { readonly page: number } | { readonly cursor: string };

function placeOf(next: Next, perPage: number): Array<readonly [string, string]> {
	return 'cursor' in next
		? [
				['cursor', next.cursor],
				['limit', String(perPage)],
			]
		: [
				['page', String(next.page)],
				['per_page', String(perPage)],
			];
}

/** What the server says comes next; never the same again. */
function nextOf(link: string | undefined, body: unknown, last: Next): Next | undefined {
	const { has_more: more, next_cursor: cursor } = Object(
		(Object(body) as { pagination?: unknown }).pagination,
	) as {
		has_more?: unknown;
		next_cursor?: unknown;
	};
	if (typeof cursor === 'string' && cursor && more !== false) {
		return 'cursor' in last && last.cursor === cursor ? undefined : { cursor };
	}
	const page = nextPage(link);
	return page !== undefined && 'page' in last && page > last.page ? { page } : undefined;
}

/** The number of the page that a header `link` calls the next one. */
export function nextPage(link = ''): number | undefined {
	const found = /<[^>]*[?&]page=(\d+)[^>]*>;\s*rel="next"/.exec(link)?.[1];
	return found === undefined ? undefined : Number(found);
}

/**
 * The first users of a list.
 *
 * @param most how many at most; all where it is left out
 */
export async function listUsers(send: Send, pages: UserPages, most = Infinity): Promise<User[]> {
	const users: User[] = [];
	for await (const page of userPages(send, pages)) {
		for (const user of page) {
			if (users.length >= most) break;
			users.push(user);
		}
		if (users.length >= most) break;
	}
	return users;
}
