import { InvalidRequestError } from './errors';

/** Names and values of headers. */
export type Headers = Readonly<Record<string, string>>;

const SETS_BY_ITSELF = 'It belongs to the connection, which the node makes itself: leave it out.';
const KEY =
	'The keys come from the credential, and Run As says which one: a token of a user goes into Access Token.';

/** Headers that hold a key. */
const KEYS = new Set(['authorization', 'apikey']);

/** Headers that nobody may give, and what to use instead. Whatever begins with `proxy-` is one, too. */
const REFUSED: Readonly<Record<string, string>> = {
	authorization: KEY,
	apikey: KEY,
	'accept-encoding': 'Answers are read as they are, not compressed: leave it out.',
	connection: SETS_BY_ITSELF,
	'content-length': 'It is counted from what is sent: leave it out.',
	expect: SETS_BY_ITSELF,
	host: 'The host is that of the Project URL in the credential.',
	'http2-settings': SETS_BY_ITSELF,
	'keep-alive': SETS_BY_ITSELF,
	te: SETS_BY_ITSELF,
	trailer: SETS_BY_ITSELF,
	'transfer-encoding': SETS_BY_ITSELF,
	upgrade: SETS_BY_ITSELF,
};

/** What says the same as a header that the node sets itself. */
const INSTEAD: Readonly<Record<string, string>> = {
	accept: 'The form of the answer is chosen in the options of the operation.',
	'accept-profile': 'Use Schema.',
	'cache-control': 'Use Cache Control in Options.',
	'content-profile': 'Use Schema.',
	'content-type': 'The type is chosen beside the content.',
	'if-none-match': 'Use If None Match in Options.',
	prefer: 'Use the options of the operation, which say the same.',
	range: 'Use Limit and Offset for rows, and Byte Range for files.',
	'x-metadata': 'Use Metadata in Options.',
	'x-region': 'Use Region.',
	'x-upsert': 'Use Overwrite in Options.',
};

/**
 * Checks headers that a person gave.
 *
 * @param where they stand, for the message
 * @param mayHoldKeys whether the request carries none of ours
 * @returns the same, with names in lower case
 * @throws InvalidRequestError for one that cannot be sent, or that is not for a person to set; no
 * value is in it
 */
export function checkHeaders(
	headers: ReadonlyArray<readonly [name: string, value: string]>,
	where: string,
	mayHoldKeys = false,
): Headers {
	const checked: Record<string, string> = {};
	for (const [given, value] of headers) {
		const name = given.toLowerCase();
		const reason = whyNot(name, value, mayHoldKeys);
		if (reason) {
			throw new InvalidRequestError(
				`The header ${JSON.stringify(given)} (${where}) cannot be sent`,
				reason,
			);
		}
		if (Object.hasOwn(checked, name)) {
			throw new InvalidRequestError(
				`The header ${JSON.stringify(given)} (${where}) is there twice`,
				'Give it once, with both values in it, divided as the header wants it.',
			);
		}
		checked[name] = value;
	}
	return checked;
}

function whyNot(name: string, value: string, mayHoldKeys: boolean): string | undefined {
	if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) {
		return 'A name has letters, digits and dashes alone: no blank, no colon, and it is not empty.';
	}
	if (Object.hasOwn(REFUSED, name) && !(mayHoldKeys && KEYS.has(name))) return REFUSED[name];
	if (name.startsWith('proxy-')) {
		return 'It is for a proxy, which is set up where n8n runs (HTTPS_PROXY, HTTP_PROXY).';
	}
	return canBeSent(value) ? undefined : UNSENDABLE;
}

const UNSENDABLE =
	'Its value holds a character that no header can hold, such as a line break, an emoji or a letter that is not Western European.';

/** HTTP knows no characters beyond Latin-1, and no control characters but the tab. */
function canBeSent(value: string): boolean {
	return /^[\t\u0020-\u007e\u0080-\u00ff]*$/.test(value);
}

/**
 * Puts the headers of a request together.
 *
 * @param own what the request needs, the keys among it
 * @param given by persons, checked; later ones win over earlier ones
 * @throws InvalidRequestError when a value cannot be sent, or when a person's would have to be
 * dropped, as the request sets that header to something else
 */
export function withOwnHeaders(own: Headers, ...given: readonly Headers[]): Headers {
	const theirs: Record<string, string> = {};
	for (const headers of given) Object.assign(theirs, headers);
	const all = { ...theirs };
	for (const name in own) {
		const value = own[name] as string;
		const key = name.toLowerCase();
		if (!canBeSent(value)) {
			throw new InvalidRequestError(`The header "${key}" cannot be sent`, UNSENDABLE);
		}
		if (Object.hasOwn(theirs, key) && theirs[key] !== value) {
			throw new InvalidRequestError(
				`The header "${key}" is set by the node itself here`,
				`Take it out of the headers, since it would be overridden. ${INSTEAD[key] ?? ''}`.trim(),
			);
		}
		all[key] = value;
	}
	return all;
}
