import { invalidBucketName, invalidKey, invalidMimeType, invalidRequest, tooLarge } from './errors';

const KEY = /^[A-Za-z0-9_/!.*'() &$=@;:+,?-]+$/;
const BUCKET = /^[A-Za-z0-9_!.*'() &$=@;:+,?-]{1,100}$/;

/** Only what the service allows in keys gets through. */
export function checkKey(key: string): void {
	if (!KEY.test(key)) throw invalidKey(key);
}

export function checkBucketName(name: string): void {
	if (!BUCKET.test(name)) throw invalidBucketName();
}

/** Dot segments are refused where a file would be written, as the service's file backend does. */
export function checkSegments(bucket: string, key: string): void {
	if (key.split('/').some((part) => part === '.' || part === '..'))
		throw invalidKey(`${bucket}/${key} contains dot path segment`);
}

/** The marker of an empty folder: it must hold nothing and may be of any type. */
export function isPlaceholder(key: string): boolean {
	return key.split('/').pop() === '.emptyFolderPlaceholder';
}

/** Compares as the service does: word for word, parameters included, or any kind of a type. */
export function checkMimeType(type: string, allowed: readonly string[] | null): void {
	if (!allowed || allowed.length === 0) return;
	const [kind, subtype] = type.split('/');
	if (subtype === undefined) throw invalidMimeType(type);
	const fits = allowed.some((entry) => {
		const [allowedKind, allowedSubtype] = entry.split('/');
		return allowedKind === kind && (allowedSubtype === '*' || allowedSubtype === subtype);
	});
	if (!fits) throw invalidMimeType(type);
}

/** What a bucket may list as allowed: `type/subtype` or `type/*`. */
export function checkAllowedTypes(types: readonly string[]): void {
	for (const type of types) {
		if (!/^[\w.+-]+\/(\*|[\w.+-]+)$/.test(type)) throw invalidMimeType(type);
	}
}

const UNITS: Record<string, number> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9 };

/** A size in bytes, or as text with a unit: `1KB` is 1000 bytes. */
export function parseSizeLimit(value: number | string | null, most: number): number | null {
	if (value === null) return null;
	const match = /^(\d+(?:\.\d+)?)\s*(B|KB|MB|GB)?$/i.exec(String(value));
	if (!match) throw invalidRequest('Invalid file size format, hint: use 20GB / 20MB / 30KB / 3B');
	const bytes = Math.round(Number(match[1]) * (UNITS[(match[2] ?? 'B').toUpperCase()] ?? 1));
	if (bytes > most) throw tooLarge();
	return bytes;
}
