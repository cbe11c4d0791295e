import type { Headers } from './headers';

/** What stands in place of a secret. */
const HIDDEN = '[hidden]';

/** So many characters of a secret in a row are a part of it, and no chance. */
const PART = 10;

/** Shorter ones guard nothing, and stand in every text. */
const SHORTEST = 4;

/** A header that is not for keys may well hold a word. */
const SHORTEST_VALUE = 6;

/** Known to hold no secret, so that their values may stand in messages. */
const PUBLIC =
	/^(accept(-.*)?|cache-control|content-.*|if-.*|prefer|range|tus-resumable|upload-.*|user-agent|x-client-info|x-metadata|x-region|x-upsert)$/;

const SECRET_PARAMETER = /token|key|signature|secret|password/i;

/**
 * The secrets of a request: values of all headers but those known to be public, and parameters that
 * are tokens by their name.
 */
export function secretsOf(
	headers: Headers,
	query: ReadonlyArray<readonly [name: string, value: string]> = [],
): string[] {
	return [
		...Object.entries(headers)
			.filter(([name, value]) => !PUBLIC.test(name) && mayBeSecret(name, value))
			.flatMap(([, value]) => credentialsIn(value)),
		...query.filter(([name]) => SECRET_PARAMETER.test(name)).map(([, value]) => value),
	];
}

function mayBeSecret(name: string, value: string): boolean {
	return name === 'authorization' || value.length >= SHORTEST_VALUE;
}

/** What a header's value proves with: behind its scheme, and for `Basic` in clear. */
function credentialsIn(value: string): string[] {
	const [, scheme = '', rest = ''] = /^(Bearer|Basic|Token)\s+(.+)$/i.exec(value) ?? [];
	if (!rest) return [value];
	if (scheme.toLowerCase() !== 'basic') return [rest];
	const pair = Buffer.from(rest, 'base64').toString();
	return [rest, pair, pair.slice(pair.indexOf(':') + 1)];
}

/**
 * Makes what hides secrets in a text: whole, in part (a text may be cut in the middle of one), in
 * either case, and as they look in addresses, in JSON and in Base64.
 *
 * Its work is linear in the text.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
	const whole = new Set<string>();
	const parts = new Set<string>();
	for (const secret of new Set(secrets)) {
		if (secret.length < SHORTEST) continue;
		for (const form of formsOf(secret)) whole.add(form);
		// What all keys begin with is no secret, and stands in advice.
		for (const form of formsOf(secret.replace(/^sb_(secret|publishable)_/, ''))) {
			for (let at = 0; at + PART <= form.length; at++) parts.add(form.slice(at, at + PART));
		}
	}
	return (text) => {
		const same = lowerCase(text);
		const hidden = new Uint8Array(text.length);
		for (let at = 0; at + PART <= same.length; at++) {
			if (parts.has(same.slice(at, at + PART))) hidden.fill(1, at, at + PART);
		}
		for (const form of whole) {
			for (let at = same.indexOf(form); at >= 0; at = same.indexOf(form, at + form.length)) {
				hidden.fill(1, at, at + form.length);
			}
		}
		return without(text, hidden);
	};
}

function without(text: string, hidden: Uint8Array): string {
	const pieces: string[] = [];
	for (let from = 0; from < text.length;) {
		const change = hidden.indexOf(hidden[from] ? 0 : 1, from);
		const to = change < 0 ? text.length : change;
		pieces.push(hidden[from] ? HIDDEN : text.slice(from, to));
		from = to;
	}
	return pieces.join('');
}

/** A secret as it is, in an address, in JSON and in Base64; all in lower case. */
function formsOf(secret: string): string[] {
	const inQuery = new URLSearchParams([['', secret]]).toString().slice(1);
	const forms = [
		secret,
		inQuery,
		inQuery.replaceAll('+', '%20'),
		JSON.stringify(secret).slice(1, -1),
		...[0, 1, 2].flatMap((before) => inBase64(secret, before)),
	];
	return [...new Set(forms.map(lowerCase))].filter((form) => form.length >= SHORTEST);
}

/** In Base64 a text looks different by where in a group of three bytes it begins. */
function inBase64(secret: string, before: number): string[] {
	const encoded = Buffer.from('\0'.repeat(before) + secret).toString('base64url');
	// The first and the last character depend on what stands beside the secret.
	const inner = encoded.slice(before && before + 1, -1);
	return [inner, inner.replaceAll('-', '+').replaceAll('_', '/')];
}

/** Keeps the length, as `toLowerCase` does not for every letter. */
function lowerCase(text: string): string {
	return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
