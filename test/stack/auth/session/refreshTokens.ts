import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';

import type { Db } from '../call';
import type { SessionRow } from './sessions';

/** A row of `auth.refresh_tokens`: tokens of the older form. */
export interface RefreshTokenRow {
	id: string;
	token: string;
	user_id: string;
	session_id: string;
	revoked: boolean;
	parent: string | null;
	updated_at: Date;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';
const OLD_FORM = /^[a-z0-9]{12}$/;

export function isOldForm(token: string): boolean {
	return OLD_FORM.test(token);
}

/** Makes a token of the older form, the child of `parent` where there is one. */
export async function insertRefreshToken(
	db: Db,
	{ id, user_id }: Pick<SessionRow, 'id' | 'user_id'>,
	now: Date,
	parent: string | null = null,
): Promise<string> {
	const token = Array.from({ length: 12 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
	await db`
		insert into auth.refresh_tokens (token, user_id, session_id, revoked, parent, created_at, updated_at)
		values (${token}, ${user_id}, ${id}, false, ${parent}, ${now}, ${now})`;
	return token;
}

/** The newest token of a session that may still be used. */
export async function activeTokenOf(
	db: Db,
	sessionId: string,
): Promise<RefreshTokenRow | undefined> {
	const [row] = await db<RefreshTokenRow[]>`
		select * from auth.refresh_tokens where session_id = ${sessionId} and not revoked
		order by id desc limit 1`;
	return row;
}

/** A session's token is revoked, and its successor made. */
export async function swapToken(
	db: Db,
	session: Pick<SessionRow, 'id' | 'user_id'>,
	{ id, token }: Pick<RefreshTokenRow, 'id' | 'token'>,
	now: Date,
): Promise<string> {
	await db`update auth.refresh_tokens set revoked = true, updated_at = ${now} where id = ${id}`;
	return await insertRefreshToken(db, session, now, token);
}

/** What a token of the newer form says: its session, and its place among the session's tokens. */
export interface NewToken {
	sessionId: string;
	counter: number;
	/** Version, session and counter, which the session's key has signed. */
	signed: Buffer;
	signature: Buffer;
}

/** What of a session signs its tokens. */
type SignedSession = Pick<SessionRow, 'id' | 'refresh_token_hmac_key'>;

const SIGNATURE_BYTES = 16;
const CHECKSUM_BYTES = 4;

/** Version, session and counter, signed with the session's key, and a checksum of it all. */
export function encodeToken(session: SignedSession, counter: number): string {
	const signed = Buffer.concat([
		Buffer.from([0]),
		Buffer.from(session.id.replaceAll('-', ''), 'hex'),
		varint(counter),
	]);
	const body = Buffer.concat([signed, signatureOf(session, signed)]);
	return Buffer.concat([body, checksum(body)]).toString('base64url');
}

/** Undefined for what is no such token, or is damaged. */
export function parseToken(token: string): NewToken | undefined {
	const bytes = Buffer.from(token, 'base64url');
	const body = bytes.subarray(0, -CHECKSUM_BYTES);
	if (bytes.length < 17 + 1 + SIGNATURE_BYTES + CHECKSUM_BYTES || bytes[0] !== 0) return undefined;
	if (!checksum(body).equals(bytes.subarray(-CHECKSUM_BYTES))) return undefined;
	const signed = body.subarray(0, -SIGNATURE_BYTES);
	const hex = signed.subarray(1, 17).toString('hex');
	return {
		sessionId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
		counter: readVarint(signed.subarray(17)),
		signed,
		signature: body.subarray(-SIGNATURE_BYTES),
	};
}

export function isSignedBy({ signed, signature }: NewToken, session: SignedSession): boolean {
	return timingSafeEqual(signatureOf(session, signed), signature);
}

function signatureOf({ refresh_token_hmac_key: key }: SignedSession, signed: Buffer): Buffer {
	return createHmac('sha256', Buffer.from(key ?? '', 'base64'))
		.update(signed)
		.digest()
		.subarray(0, SIGNATURE_BYTES);
}

function checksum(body: Buffer): Buffer {
	return createHmac('sha256', 'checksum').update(body).digest().subarray(0, CHECKSUM_BYTES);
}

function varint(value: number): Buffer {
	const bytes: number[] = [];
	for (let left = value; ; left = Math.floor(left / 128)) {
		if (left < 128) return Buffer.from([...bytes, left]);
		bytes.push((left % 128) + 128);
	}
}

function readVarint(bytes: Buffer): number {
	return bytes.reduce((sum, byte, index) => sum + (byte % 128) * 128 ** index, 0);
}
