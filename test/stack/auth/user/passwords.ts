import type { Db } from '../call';
import { AuthError, invalid } from '../errors';
import type { AuthSettings } from '../settings';

const MOST_BYTES = 72;

/** What makes a password too weak: texts for a person, and words for a program. */
export interface Weakness {
	message: string;
	reasons: string[];
}

/** @throws AuthError when it is longer than can be hashed */
export function weaknessOf(
	password: string,
	{ minLength, requiredCharacters }: AuthSettings['password'],
): Weakness | undefined {
	if (Buffer.byteLength(password) > MOST_BYTES)
		throw invalid(`Password cannot be longer than ${MOST_BYTES} characters`);
	const found: Array<[reason: string, message: string]> = [];
	if (Buffer.byteLength(password) < minLength)
		found.push(['length', `Password should be at least ${minLength} characters.`]);
	if (requiredCharacters.some((set) => ![...set].some((one) => password.includes(one)))) {
		const sets = requiredCharacters.join(', ');
		found.push(['characters', `Password should contain at least one character of each: ${sets}.`]);
	}
	if (found.length === 0) return undefined;
	return {
		message: found.map(([, message]) => message).join(' '),
		reasons: found.map(([reason]) => reason),
	};
}

/** @throws AuthError `weak_password` with its reasons */
export function requireStrong(password: string, settings: AuthSettings['password']): void {
	const weakness = weaknessOf(password, settings);
	if (weakness)
		throw new AuthError(422, 'weak_password', weakness.message, {
			weakPassword: weakness.reasons,
		});
}

/** A bcrypt hash, with few rounds: nothing here is worth guarding, and tests make many users. */
export async function hashPassword(db: Db, password: string): Promise<string> {
	const [row] = await db<[{ hash: string }]>`
		select extensions.crypt(${password}, extensions.gen_salt('bf', 4)) as hash`;
	return row.hash;
}

/** Does a password fit a hash? No password fits none. */
export async function isPassword(db: Db, password: string, hash: string | null): Promise<boolean> {
	if (!hash || Buffer.byteLength(password) > MOST_BYTES) return false;
	// PostgreSQL knows this hash by the first of its names only.
	const known = hash.replace(/^\$2[by]\$/, '$2a$');
	const [row] = await db<[{ fits: boolean }]>`
		select case when ${known} like '$2a$%' then extensions.crypt(${password}, ${known}) = ${known}
			else false end as fits`;
	return row.fits;
}
