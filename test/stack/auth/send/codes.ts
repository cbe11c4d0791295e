import { createHash, randomInt } from 'node:crypto';

import type { Db } from '../call';

/** Kinds of codes, by the column of the user that holds the hash of one that waits. */
export type TokenColumn =
	| 'confirmation_token'
	| 'reauthentication_token'
	| 'recovery_token'
	| 'email_change_token_new'
	| 'email_change_token_current'
	| 'phone_change_token';

/** Six digits. */
export function newCode(): string {
	return String(randomInt(1_000_000)).padStart(6, '0');
}

/** What is kept of a code: it says nothing without the address that the code was sent to. */
export function hashOf(address: string, code: string): string {
	return createHash('sha224')
		.update(address + code)
		.digest('hex');
}

/** Before the hash of a code whose link comes back with `?code=`. */
export const PKCE_PREFIX = 'pkce_';

/** Keeps a code's hash where links look for it. An older one of the kind is lost. */
export async function keepToken(
	db: Db,
	userId: string,
	type: TokenColumn,
	hash: string,
	address: string,
): Promise<void> {
	await db`
		insert into auth.one_time_tokens (user_id, token_type, token_hash, relates_to)
		values (${userId}, ${type}, ${hash}, ${address.toLowerCase()})
		on conflict (user_id, token_type)
		do update set token_hash = excluded.token_hash, relates_to = excluded.relates_to`;
}

/** Whose code of one of these kinds has that hash. */
export async function ownerOf(
	db: Db,
	hash: string,
	types: TokenColumn[],
): Promise<{ userId: string; type: TokenColumn } | undefined> {
	const [row] = await db<Array<{ user_id: string; token_type: TokenColumn }>>`
		select user_id, token_type from auth.one_time_tokens
		where token_hash = ${hash} and token_type::text = any(${types}) limit 1`;
	return row && { userId: row.user_id, type: row.token_type };
}

export async function dropTokens(db: Db, userId: string, type?: TokenColumn): Promise<void> {
	await db`delete from auth.one_time_tokens
		where user_id = ${userId} and (${type ?? null}::text is null or token_type::text = ${type ?? null})`;
}

/** Does a code's hash fit, and does the code still live? */
export function isCurrent(
	hash: string,
	expected: string,
	sentAt: Date | null,
	seconds: number,
	now: Date,
): boolean {
	if (expected === '' || sentAt === null || isOlder(sentAt, seconds, now)) return false;
	return expected === hash || expected === PKCE_PREFIX + hash;
}

export function isOlder(time: Date | null, seconds: number, now: Date): boolean {
	return time === null || now.getTime() > time.getTime() + seconds * 1000;
}
