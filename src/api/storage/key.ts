import { InvalidRequestError } from '../errors';

/** What Storage allows in an object's key, and in a bucket's name but for the slash. */
const ALLOWED = /[A-Za-z0-9_/!.*'() &$@=;:+,?-]/;

const ALLOWED_HINT =
	"Allowed are letters from a to z, digits, blanks and / _ - . ! * ' ( ) & $ @ = ; : + , ? alone.";

/**
 * The key of an object that is there: as it is, without the slash that people put before it.
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
 * The key of an object to be: also without empty parts and without a slash at its end, which would
 * make a file that looks like a folder.
 *
 * @throws InvalidRequestError when no object can have it
 */
export function newObjectKey(path: string): string {
	return objectKey(path.replace(/\/{2,}/g, '/').replace(/\/$/, ''));
}

/**
 * Writes a path with allowed characters alone: any other becomes `=` and two hexadecimal digits for
 * each of its bytes in UTF-8, and `=` itself becomes `=3D`. It is what mail calls quoted-printable.
 */
export function safeName(path: string): string {
	return [...path]
		.map((character) =>
			character !== '=' && ALLOWED.test(character) ? character : escaped(character),
		)
		.join('');
}

function escaped(character: string): string {
	return [...Buffer.from(character)]
		.map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`)
		.join('');
}

/** The path that `safeName` was given; a text that it cannot have made is given back as it is. */
export function originalName(safe: string): string {
	if (/=(?![0-9A-F]{2})/.test(safe)) return safe;
	const bytes = Buffer.from(
		safe.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
		'latin1',
	);
	const original = bytes.toString('utf8');
	return safeName(original) === safe ? original : safe;
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
