import type { ApiRequest } from '../request';
import type { Channel, Contact } from './contact';
import { NO_CHALLENGE, type Challenge } from './pkce';
import { authRequest } from './request';
import { security } from './security';

/** A user's own data, `user_metadata`. */
export type Metadata = Readonly<Record<string, unknown>>;

export interface SignUp {
	readonly contact: Contact;
	readonly password: string;
	readonly data?: Metadata;
	/** Where the link of the mail leads to; for an e-mail address alone. */
	readonly redirectTo?: string;
	/** For a phone alone. */
	readonly channel?: Channel;
	readonly captchaToken?: string;
	/** For an e-mail address alone. */
	readonly challenge?: Challenge;
}

/**
 * `POST /signup`: makes an account, and sends a mail or message unless the project confirms by
 * itself.
 */
export function signUp({
	contact,
	password,
	data = {},
	redirectTo,
	channel = 'sms',
	captchaToken,
	challenge = NO_CHALLENGE,
}: SignUp): ApiRequest {
	const common = { ...contact, password, data, ...security(captchaToken) };
	return 'email' in contact
		? authRequest('POST', ['signup'], {
				query: [['redirect_to', redirectTo]],
				body: { ...common, ...challenge },
			})
		: authRequest('POST', ['signup'], { body: { ...common, channel } });
}

/** `POST /signup` without address and password: makes a user who can be given them later. */
export function signInAnonymously(data: Metadata = {}, captchaToken?: string): ApiRequest {
	return authRequest('POST', ['signup'], { body: { data, ...security(captchaToken) } });
}
