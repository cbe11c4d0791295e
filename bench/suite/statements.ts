/**
 * A REST server that costs little: the local Supabase's takes so long that it hides what clients
 * cost. It answers simple requests with the transactions that PostgREST sends, on the same database,
 * and passes all others on to the local Supabase.
 *
 * @see https://docs.postgrest.org/en/stable/references/transactions.html
 */
import {
	createServer,
	request as httpRequest,
	type IncomingMessage,
	type ServerResponse,
} from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { Pool } from 'pg';

/** What the parent process says first. */
export interface StatementsSettings {
	readonly stackUrl: string;
	readonly databaseUrl: string;
	readonly secretKey: string;
}

/** PostgREST's default. */
const CONNECTIONS = 10;

type ColumnTypes = ReadonlyMap<string, string>;

interface Statement {
	readonly text: string;
	readonly values: readonly string[];
	/** The first row that is read. */
	readonly offset: number;
}

const COMPARISONS: Readonly<Record<string, string>> = { eq: '=', gt: '>', gte: '>=', lt: '<' };
const KNOWN_PREFERENCES = new Set([
	'return=representation',
	'resolution=merge-duplicates',
	'count=exact',
	'missing=default',
]);

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** The statement for a request, unless it asks for more than is known here. */
export function statementOf(
	method: string,
	url: URL,
	prefer: ReadonlySet<string>,
	body: string,
	types: ColumnTypes,
	maxRows: number,
): Statement | undefined {
	const table = /^\/rest\/v1\/(\w+)$/.exec(url.pathname)?.[1];
	const select = url.searchParams.get('select') ?? '*';
	if (table === undefined || [...prefer].some((each) => !KNOWN_PREFERENCES.has(each))) return;
	const from = `public.${quoted(table)}`;
	const values: string[] = body === '' ? [] : [body];
	const conditions: string[] = [];
	let order = '';
	let limit = maxRows;
	let offset = 0;
	for (const [name, value] of url.searchParams) {
		if (name === 'select' || name === 'columns' || name === 'on_conflict') continue;
		if (name === 'limit') limit = Math.min(limit, Number(value));
		else if (name === 'offset') offset = Number(value);
		else if (name === 'order') {
			const [, column = '', direction = ''] = /^(\w+)(\.asc|\.desc)?$/.exec(value) ?? [];
			if (!types.has(column)) return;
			order = ` order by ${quoted(column)} ${direction.slice(1)}`;
		} else {
			const [, operator = '', operand = ''] = /^(\w+)\.(.*)$/s.exec(value) ?? [];
			const comparison = operator === 'in' ? '= any' : COMPARISONS[operator];
			if (!types.has(name) || comparison === undefined) return;
			values.push(operator === 'in' ? `{${operand.slice(1, -1)}}` : operand);
			const type = `${types.get(name)}${operator === 'in' ? '[]' : ''}`;
			conditions.push(`${from}.${quoted(name)} ${comparison} ($${values.length}::${type})`);
		}
	}
	const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
	const columns = selected(select, from, types);
	if (columns === undefined) return;
	const source = sourceOf();
	if (source === undefined) return;
	const total =
		prefer.has('count=exact') && method === 'GET'
			? `(select count(*) from (select 1 from ${from}${where}) _all)`
			: 'count(_postgrest_t)';
	return {
		text: `with pgrst_source as (${source}) select ${total}::int as total,
			count(_postgrest_t)::int as page_total, coalesce(json_agg(_postgrest_t), '[]')::text as body
			from (select * from pgrst_source) _postgrest_t`,
		values,
		offset,
	};

	function sourceOf(): string | undefined {
		if (method === 'GET') {
			return `select ${columns} from ${from}${where}${order} limit ${limit} offset ${offset}`;
		}
		if (!prefer.has('return=representation')) return;
		if (method === 'DELETE') return `delete from ${from}${where} returning ${columns}`;
		const named = (url.searchParams.get('columns')?.split(',') ?? columnsOf(body)).map((column) =>
			column.replace(/^"(.*)"$/, '$1'),
		);
		const list = named.map(quoted).join();
		const typed = named.map((column) => `${quoted(column)} ${types.get(column)}`).join();
		if (method === 'PATCH') {
			const sets = named.map((column) => `${quoted(column)} = pgrst_body.${quoted(column)}`);
			return `update ${from} set ${sets.join()} from (select ${list} from
				json_to_record($1::json) as _(${typed})) pgrst_body${where} returning ${columns}`;
		}
		if (method !== 'POST') return;
		const key = url.searchParams.get('on_conflict') ?? 'id';
		const sets = named.map((column) => `${quoted(column)} = excluded.${quoted(column)}`);
		const conflict = prefer.has('resolution=merge-duplicates')
			? `on conflict (${key}) do update set ${sets.join()}`
			: '';
		// No column has a default, but this is how PostgREST looks for them.
		const rows = prefer.has('missing=default')
			? `jsonb_to_recordset((select jsonb_agg(jsonb_build_object() || each)
				from jsonb_array_elements($1::jsonb) each))`
			: 'json_to_recordset($1::json)';
		return `insert into ${from}(${list}) select ${list} from
			${rows} as _(${typed}) ${conflict} returning ${columns}`;
	}
}

/** The columns to return, such as `*,key:id::text`. */
function selected(select: string, from: string, types: ColumnTypes): string | undefined {
	const columns = select.split(',').map((element) => {
		if (element === '*') return `${from}.*`;
		const [, alias, column = '', type] = /^(?:(\w+):)?(\w+)(?:::(\w+))?$/.exec(element) ?? [];
		if (!types.has(column)) return undefined;
		const value = `${from}.${quoted(column)}`;
		return `${type ? `cast(${value} as ${type})` : value} as ${quoted(alias ?? column)}`;
	});
	return columns.includes(undefined) ? undefined : columns.join();
}

/** The columns of the first row, as PostgREST takes them where a request does not name them. */
function columnsOf(body: string): string[] {
	const [first] = [JSON.parse(body) as object | object[]].flat();
	return Object.keys(first ?? {});
}

async function serve(settings: StatementsSettings): Promise<string> {
	const pool = new Pool({ connectionString: settings.databaseUrl, max: CONNECTIONS });
	const known = new Map<string, Promise<ColumnTypes>>();
	let maxRows = 1000;
	process.on('message', (message: { maxRows: number }) => ({ maxRows } = message));

	const typesOf = async (path: string): Promise<ColumnTypes> => {
		const { rows } = await pool.query<{ name: string; type: string }>(
			`select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
			where attrelid = to_regclass($1) and attnum > 0 and not attisdropped`,
			[`public.${path.split('/').at(-1)}`],
		);
		return new Map(rows.map(({ name, type }) => [name, type]));
	};

	const answer = async (incoming: IncomingMessage, response: ServerResponse) => {
		const { method = 'GET', headers } = incoming;
		const url = new URL(incoming.url ?? '/', 'http://bench');
		const prefer = new Set([headers.prefer ?? []].flat().join().split(/,\s*/).filter(Boolean));
		const body = await text(incoming);
		let types = known.get(url.pathname);
		if (!types) known.set(url.pathname, (types = typesOf(url.pathname)));
		const statement =
			headers.apikey === settings.secretKey &&
			statementOf(method, url, prefer, body, await types, maxRows);
		if (!statement) return passOn(incoming, body, response);
		const { rows } = await transaction(incoming, statement);
		const { total = 0, page_total: count = 0, body: found = '[]' } = rows[0] ?? {};
		const from = statement.offset;
		const range = method === 'POST' || count === 0 ? '*' : `${from}-${from + count - 1}`;
		response.writeHead(method === 'POST' ? 201 : 200, {
			'content-type': 'application/json; charset=utf-8',
			'content-range': `${range}/${prefer.has('count=exact') ? total : '*'}`,
			...(prefer.size && { 'preference-applied': [...prefer].join(', ') }),
		});
		response.end(found);
	};

	const transaction = async (
		{ method, url, headers }: IncomingMessage,
		{ text, values }: Statement,
	) => {
		const client = await pool.connect();
		try {
			await client.query(`begin ${method === 'GET' ? 'read only' : ''}`);
			await client.query({
				name: 'settings',
				text: `select set_config('search_path', '"public"', true),
					set_config('role', 'service_role', true), set_config('request.jwt.claims', $1, true),
					set_config('request.method', $2, true), set_config('request.path', $3, true),
					set_config('request.headers', $4, true), set_config('request.cookies', '{}', true)`,
				values: ['{"role":"service_role"}', method, url, JSON.stringify(headers)],
			});
			const result = await client.query<{ total: number; page_total: number; body: string }>({
				name: nameOf(text),
				text,
				values: [...values],
			});
			await client.query('commit');
			return result;
		} catch (error) {
			await client.query('rollback');
			throw error;
		} finally {
			client.release();
		}
	};

	const passOn = (incoming: IncomingMessage, body: string, response: ServerResponse) => {
		const { method, headers } = incoming;
		const onward = httpRequest(`${settings.stackUrl}${incoming.url}`, { method, headers });
		onward.on('response', (back) => {
			response.writeHead(back.statusCode ?? 502, back.headers);
			back.pipe(response);
		});
		onward.on('error', () => response.writeHead(502).end());
		onward.end(body);
	};

	const server = createServer({ maxHeaderSize: 128 * 1024, keepAliveTimeout: 60_000 });
	server.on('request', (incoming: IncomingMessage, response: ServerResponse) => {
		answer(incoming, response).catch((error: unknown) => {
			response.writeHead(500, { 'content-type': 'application/json' });
			response.end(JSON.stringify({ message: String(error) }));
		});
	});
	await once(server.listen(0, '127.0.0.1'), 'listening');
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A prepared statement's name; the same text is prepared once for each connection. */
const names = new Map<string, string>();
function nameOf(text: string): string {
	let name = names.get(text);
	if (name === undefined) names.set(text, (name = `s${names.size}`));
	return name;
}

process.once('disconnect', () => process.exit());
process.once('message', (settings: StatementsSettings) => {
	void serve(settings).then((url) => process.send?.({ url }));
});
