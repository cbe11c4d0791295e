import { createHmac, randomBytes } from 'node:crypto';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const PERIOD_MS = 30_000;

/** A secret for an authenticator app: 160 bits, in letters that a person can type. */
export function newSecret(): string {
	const bits = [...randomBytes(20)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
	return (bits.match(/.{5}/g) ?? []).map((five) => LETTERS[parseInt(five, 2)]).join('');
}

/** The six digits that an app shows at a time. */
export function codeAt(secret: string, now: number): string {
	const bits = [...secret].map((one) => LETTERS.indexOf(one).toString(2).padStart(5, '0')).join('');
	const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => parseInt(eight, 2)));
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(Math.floor(now / PERIOD_MS)));
	const digest = createHmac('sha1', key).update(counter).digest();
	const offset = (digest.at(-1) ?? 0) & 15;
	return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Is it the code of now, or of half a minute before or after? */
export function isCode(secret: string, code: string, now: number): boolean {
	return [-1, 0, 1].some((periods) => codeAt(secret, now + periods * PERIOD_MS) === code);
}
