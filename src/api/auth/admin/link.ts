import type { ApiRequest } from '../../request';
import { readUser, type User } from '../answers';
import { authRequest } from '../request';

/** What a link is for. For a change of the phone number Auth makes none. */
export const LINK_TYPES = [
	'signup',
	'invite',
	'magiclink',
	'recovery',
	'email_change_current',
	'email_change_new',
] as const;

export type LinkType = (typeof LINK_TYPES)[number];

/** A link that is wanted. */
export interface WantedLink {
	readonly type: LinkType;
	/** For a change the address that the user has now. */
	readonly email: string;
	/** For `signup`. */
	readonly password?: string;
	/** For a change of the address. */
	readonly newEmail?: string;
	/** Metadata of a user who is made. */
	readonly data?: object;
	readonly redirectTo?: string;
}

/** `POST /admin/generate_link`: sends no mail, and ends the link before it. */
export function generateLink({ redirectTo, newEmail, ...wanted }: WantedLink): ApiRequest {
	return authRequest('POST', ['admin', 'generate_link'], {
		query: [['redirect_to', redirectTo]],
		body: { ...wanted, new_email: newEmail },
	});
}

/** A link, the parts of it that one may send in another way, and the user whom it is for. */
export interface GeneratedLink {
	readonly link: string;
	/** For Verify with a token hash. */
	readonly hashedToken: string;
	/** Six digits, for Verify with the address. */
	readonly code: string;
	/** What Verify has to be told: of a magic link for an address without a user Auth makes a sign-up. */
	readonly verificationType: string;
	/** Where the link leads in the end: not where it was to, unless the project allows that. */
	readonly redirectTo: string;
	readonly user: User;
}

/**
 * Reads the answer, in which link and user lie in one.
 *
 * For `email_change_new` Auth answers a hash that does not work; the right one is in the link.
 *
 * @throws SupabaseApiError where there is no user in it
 */
export function readLink(body: unknown): GeneratedLink {
	const {
		action_link: link,
		email_otp: code,
		hashed_token: hash,
		verification_type: type,
		redirect_to: redirectTo,
		...user
	} = readUser(body) as Readonly<Record<string, string>>;
	const address = String(link);
	const inLink = new URLSearchParams(address.split('?')[1]);
	return {
		link: address,
		hashedToken: inLink.get('token') ?? String(hash),
		code: String(code),
		verificationType: inLink.get('type') ?? String(type),
		redirectTo: redirectTo ?? '',
		user,
	};
}
