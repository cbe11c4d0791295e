import type { INodeProperties } from 'n8n-workflow';

import { newVerifier } from '../../src/api/auth/pkce';
import type { Metadata } from '../../src/api/auth/signUp';
import { InvalidRequestError } from '../../src/api/errors';
import { objectOf } from '../../src/api/json';
import type { Field } from '../../src/n8n/field';
import type { ItemParameters } from '../../src/n8n/parameters';

export const metadata: INodeProperties = {
	displayName: 'User Metadata',
	name: 'metadata',
	type: 'json',
	default: '{}',
	description:
		"The user's own data, which they can change themselves, as a JSON object: never decide on rights by it",
};

/**
 * Metadata as an object; `undefined` where they are not given.
 *
 * @throws InvalidRequestError for anything else that is given
 */
export function metadataOf(field: Field, label = 'User Metadata'): Metadata | undefined {
	if (!field.given) return undefined;
	const found = objectOf(field.value());
	if (found) return found;
	throw new InvalidRequestError(
		`${label} is not a JSON object`,
		'Write it like {"name": "Ann"}. If it comes from an expression, check what that gives for this item.',
	);
}

const REDIRECT =
	'Has to be among the Redirect URLs of the project (dashboard: Authentication, URL Configuration). Auth uses the Site URL without a word for any other.';

export const redirectTo: INodeProperties = {
	displayName: 'Redirect To',
	name: 'redirectTo',
	type: 'string',
	default: '',
	placeholder: 'https://example.com/welcome',
	hint: REDIRECT,
	description: 'Where the link leads to in the end',
};

/** The same where it is of a mail, and there is a choice between mail and telephone. */
export const mailRedirectTo: INodeProperties = {
	...redirectTo,
	displayOptions: { show: { '/identifyBy': ['email'] } },
};

/**
 * An address to come back to; `undefined` where none is given.
 *
 * @throws InvalidRequestError for one that is empty or no URL
 */
export function redirectToOf(field: Field): string | undefined {
	if (!field.given) return undefined;
	const text = field.required();
	if (URL.canParse(text)) return text;
	throw new InvalidRequestError(
		'Redirect To is not a URL',
		`It is ${JSON.stringify(text.slice(0, 100))}. Write it with https:// or the scheme of the app in front.`,
	);
}

export const captchaToken: INodeProperties = {
	displayName: 'Captcha Token',
	name: 'captchaToken',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	description:
		'What the captcha on the page gave when it was solved. Needed where the project asks for a captcha.',
};

/** A member of Options that must not be empty where it is added. */
export function givenText(get: ItemParameters, name: string): string | undefined {
	const field = get.option(name);
	return field.given ? field.required() : undefined;
}

export const linkReturns: INodeProperties = {
	displayName: 'Link Returns',
	name: 'linkReturns',
	type: 'options',
	options: [
		{
			name: 'Code (PKCE)',
			value: 'code',
			description:
				'A ?code= that a server can read. Session, Exchange Code makes a session of it, with the codeVerifier of this output.',
		},
		{
			name: 'Tokens',
			value: 'tokens',
			description: 'Tokens behind a #, which only a page in the browser can read',
		},
	],
	default: 'code',
	description: 'What the link brings along when the user comes back',
};

/** Among the Options of what sends mails; without it the link returns tokens. */
export const mailReturns: INodeProperties = {
	...linkReturns,
	description: 'What the link brings along when the user comes back; tokens, without this option',
};

/** The same where there is a choice between mail and telephone. */
export const mailOrPhoneReturns: INodeProperties = {
	...mailReturns,
	displayOptions: { show: { '/identifyBy': ['email'] } },
};

/** A verifier of its own for a link that is to return a code; `undefined` for any other. */
export function verifierFor(field: Field): () => string | undefined {
	const isCode = field.oneOf(['code', 'tokens']) === 'code';
	return () => (isCode ? newVerifier() : undefined);
}
