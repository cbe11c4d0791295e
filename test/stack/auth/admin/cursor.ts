import type { Call } from '../call';
import { UUID } from '../body';
import { badPaging, linkOf, wholeNumber } from './paging';

/** How far a list has been read: its last row. Times keep their microseconds, as text. */
export interface Cursor {
	created_at: string;
	id: string;
}

/** What a list that is read on by cursor asks for. */
export interface CursorPage {
	limit: number;
	after: Cursor | undefined;
}

const LIMIT = 50;
const MOST = 1000;

/** Lists are read by cursor where the project wants it, and where no page is asked for. */
export function isByCursor({ settings, query }: Call): boolean {
	return settings.cursorLists && !query.get('page') && !query.get('per_page');
}

export function cursorPageOf({ query }: Call): CursorPage {
	const cursor = query.get('cursor');
	return {
		limit: Math.min(wholeNumber(query.get('limit')) || LIMIT, MOST),
		after: cursor ? decode(cursor) : undefined,
	};
}

/** What the answer says of the rows that follow, in its body and its headers. */
export function cursorAnswer(
	call: Call,
	path: string,
	{ limit }: CursorPage,
	next: Cursor | undefined,
): { pagination: Record<string, unknown>; headers: Record<string, string> } {
	if (!next) return { pagination: { has_more: false }, headers: {} };
	const cursor = Buffer.from(JSON.stringify(next)).toString('base64url');
	return {
		pagination: { next_cursor: cursor, has_more: true },
		headers: { link: linkOf(call, path, { cursor, limit: String(limit) }, 'next') },
	};
}

function decode(text: string): Cursor {
	const bytes = Buffer.from(text, 'base64url');
	let value: Partial<Cursor>;
	try {
		value = JSON.parse(bytes.toString()) as Partial<Cursor>;
	} catch {
		const first = bytes.toString('latin1').slice(0, 1);
		throw badPaging(`invalid cursor: invalid character '${first}' looking for beginning of value`);
	}
	const { created_at: time, id } = value;
	if (typeof time !== 'string' || Number.isNaN(Date.parse(time)) || !UUID.test(String(id)))
		throw badPaging('invalid cursor: missing created_at or id');
	return { created_at: time, id: String(id) };
}
