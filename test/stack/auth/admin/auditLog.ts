import type { Call, Reply } from '../call';
import { invalid } from '../errors';
import { pageOf, pagingHeaders } from './paging';

/** Where the log is searched, by the word before the colon of `query`. */
const SCOPES: Record<string, string[]> = {
	author: ['actor_username', 'actor_name'],
	action: ['action'],
	type: ['log_type'],
};

interface Entry {
	id: string;
	payload: unknown;
	created_at: Date;
	ip_address: string;
}

/** The audit log, the newest first. */
export async function listAudit(call: Call): Promise<Reply> {
	const { db } = call;
	const page = pageOf(call);
	const search = searchOf(call.query.get('query') ?? '');
	const condition = search
		? db`exists (select from unnest(${search.fields}::text[]) field
				where payload ->> field ilike ${`%${search.text}%`})`
		: db`true`;
	const [count] = await db<[{ count: string }]>`
		select count(*) from auth.audit_log_entries where ${condition}`;
	const entries = await db<Entry[]>`
		select id, payload, created_at, ip_address from auth.audit_log_entries where ${condition}
		order by created_at desc limit ${page.perPage} offset ${page.offset}`;
	return {
		body: entries.map(({ id, payload, created_at, ip_address }) => ({
			id,
			payload,
			created_at,
			ip_address,
		})),
		headers: pagingHeaders(call, '/admin/audit', page, Number(count.count)),
	};
}

function searchOf(query: string): { fields: string[]; text: string } | undefined {
	if (query === '') return undefined;
	const [scope = '', ...rest] = query.split(':');
	const fields = SCOPES[scope];
	if (!fields || rest.length === 0) throw invalid(`Invalid query scope: ${query}`);
	return { fields, text: rest.join(':') };
}
