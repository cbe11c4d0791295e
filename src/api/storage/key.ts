import { InvalidRequestError } from '../errors';

/** What Storage allows in an object's key, and in a bucket's name but for the slash. */
const ALLOWED = /[A-Za-z0-9_/!.*'() &$@=;:+,?-]/;

const ALLOWED_HINT =
	"Allowed are letters from a to z, digits, blanks and / _ - . ! * ' ( ) & $ @ = ; : + , ? alone.";

/** What a safe name holds as it is: nothing that anybody encodes differently in an address. */
const PLAIN = /[A-Za-z0-9_/.*'() -]/;

/**
 * The key of an object, the same for reading and for writing: as it is, without the slash that people
 * put before it.
 *
 * @throws InvalidRequestError when no object can have it
 */
export function objectKey(path: string): string {
	const key = path.replace(/^\/+/, '');
	if (!key) throw new InvalidRequestError('The path is empty', 'Enter the path of a file.');
	const forbidden = [...key].find((character) => !ALLOWED.test(character));
	if (forbidden !== undefined) {
		throw new InvalidRequestError(
			`The path "${key}" holds ${JSON.stringify(forbidden)}, which Storage does not allow`,
			`${ALLOWED_HINT} Make Names Safe in Options writes the others in another way.`,
		);
	}
	return key;
}

/**
 * Writes a path with characters that need no encoding anywhere: any other becomes `!` and two
 * hexadecimal digits for each of its bytes in UTF-8, and `!` itself becomes `!21`.
 */
export function safeName(path: string): string {
	return escaped(path, PLAIN, '!');
}

/** As it was once written, with `=`: links to such names were dead. */
function olderSafeName(path: string): string {
	return escaped(path, /[A-Za-z0-9_/!.*'() &$@;:+,?-]/, '=');
}

function escaped(path: string, plain: RegExp, mark: string): string {
	return [...path]
		.map((character) => (plain.test(character) ? character : escapedBytes(character, mark)))
		.join('');
}

function escapedBytes(character: string, mark: string): string {
	return [...Buffer.from(character)]
		.map((byte) => mark + byte.toString(16).toUpperCase().padStart(2, '0'))
		.join('');
}

/**
 * The path that `safeName` was given, now or in its older form, which a `=` tells; a text that neither
 * can have made is given back as it is.
 */
export function originalName(safe: string): string {
	return unescaped(safe, '!', safeName) ?? unescaped(safe, '=', olderSafeName) ?? safe;
}

function unescaped(safe: string, mark: string, made: (path: string) => string): string | undefined {
	const bytes = Buffer.from(
		safe.replace(new RegExp(`${mark}([0-9A-F]{2})`, 'g'), (_, hex: string) =>
			String.fromCharCode(parseInt(hex, 16)),
		),
		'latin1',
	);
	const original = bytes.toString('utf8');
	return made(original) === safe ? original : undefined;
}

/** The last part of a path, which is the name of a file. */
export function lastPart(key: string): string {
	return key.split('/').filter(Boolean).at(-1) ?? key;
}

/**
 * A name that somebody else gave, as the name of a file and nothing more: without folders before it,
 * and without characters that end a line or a path elsewhere.
 */
export function fileName(given: string): string {
	const name = given.split(/[/\\]/).filter(Boolean).at(-1) ?? '';
	return name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '_');
}

/**
 * A bucket's name, checked.
 *
 * @throws InvalidRequestError when no bucket can have it
 */
export function bucketName(name: string): string {
	const forbidden = [...name].find((character) => character === '/' || !ALLOWED.test(character));
	if (forbidden !== undefined) {
		throw new InvalidRequestError(
			`The bucket name "${name}" holds ${JSON.stringify(forbidden)}, which Storage does not allow`,
			`${ALLOWED_HINT.replace('/ _', '_')} A folder belongs into the path.`,
		);
	}
	if (!name || name.length > 100 || name !== name.trim()) {
		throw new InvalidRequestError(
			name ? `"${name.slice(0, 40)}" cannot be a bucket's name` : 'The bucket name is empty',
			'A name has 1 to 100 characters, without blanks at its ends.',
		);
	}
	return name;
}

/** A key as the segments of an address. */
export function keySegments(key: string): string[] {
	return key.split('/');
}
