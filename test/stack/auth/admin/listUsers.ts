import type { Call, Reply } from '../call';
import { invalid } from '../errors';
import { endOf, plainUserJson } from '../user/userJson';
import type { UserRow } from '../user/users';
import { cursorAnswer, cursorPageOf, isByCursor, type Cursor } from './cursor';
import { pageOf, pagingHeaders } from './paging';

const PATH = '/admin/users';

type Listed = UserRow & { created_at_text: string };

/** Lists users, the newest first: by numbered pages or, where the project wants it, by cursor. */
export async function listUsers(call: Call): Promise<Reply> {
	return isByCursor(call) ? await listByCursor(call) : await listByPage(call);
}

async function listByPage(call: Call): Promise<Reply> {
	const page = pageOf(call);
	const { db } = call;
	const order = isAscending(call) ? db`created_at asc, id asc` : db`created_at desc, id desc`;
	const [count] = await db<[{ count: string }]>`
		select count(*) from auth.users where ${condition(call)}`;
	const users = await db<Listed[]>`
		select * from auth.users where ${condition(call)}
		order by ${order} limit ${page.perPage} offset ${page.offset}`;
	return {
		body: { users: users.map(listed), aud: call.audience },
		headers: pagingHeaders(call, PATH, page, Number(count.count)),
	};
}

async function listByCursor(call: Call): Promise<Reply> {
	const page = cursorPageOf(call);
	const { db } = call;
	const { created_at: time = null, id = null } = page.after ?? {};
	const users = await db<Listed[]>`
		select *, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as created_at_text
		from auth.users
		where ${condition(call)}
			and (${id}::uuid is null or (created_at, id) < (${time}::text::timestamptz, ${id}::uuid))
		order by created_at desc, id desc limit ${page.limit + 1}`;
	const shown = users.slice(0, page.limit);
	const last = users.length > page.limit ? shown.at(-1) : undefined;
	const next: Cursor | undefined = last && { created_at: last.created_at_text, id: last.id };
	const { pagination, headers } = cursorAnswer(call, PATH, page, next);
	return { body: { users: shown.map(listed), aud: call.audience, pagination }, headers };
}

/** Users of the audience; `filter` is a part of the address, or of the full name in the metadata. */
function condition({ db, query, audience }: Call) {
	const filter = query.get('filter') ?? '';
	const pattern = `%${filter}%`;
	return db`aud = ${audience} and (${filter} = ''
		or email like ${pattern} or raw_user_meta_data ->> 'full_name' ilike ${pattern})`;
}

function isAscending({ query }: Call): boolean {
	const [field = '', direction = 'desc'] = (query.get('sort') ?? 'created_at desc').split(' ');
	if (field !== 'created_at') throw badSort(`bad field for sort '${field}'`);
	const wanted = direction.toLowerCase();
	if (wanted !== 'asc' && wanted !== 'desc')
		throw badSort(`bad direction for sort '${direction}', only 'asc' and 'desc' allowed`);
	return wanted === 'asc';
}

function badSort(reason: string) {
	return invalid(`Bad Sort Parameters: ${reason}`);
}

/** A listed user comes without identities and factors. */
function listed(user: UserRow): Record<string, unknown> {
	return { ...plainUserJson(user), identities: null, ...endOf(user) };
}
