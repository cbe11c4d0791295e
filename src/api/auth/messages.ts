import type { ApiRequest } from '../request';
import type { Channel, Contact } from './contact';
import { NO_CHALLENGE, type Challenge } from './pkce';
import { authRequest } from './request';
import { security } from './security';
import type { Metadata } from './signUp';

/** What requests have in common that send a message with a code or a link. */
export interface Message {
	/** Where the link of a mail leads to. */
	readonly redirectTo?: string;
	readonly captchaToken?: string;
	/** For mails. */
	readonly challenge?: Challenge;
}

export interface Otp extends Message {
	readonly contact: Contact;
	readonly createUser?: boolean;
	/** Of a user who is made by it. */
	readonly data?: Metadata;
	readonly channel?: Channel;
}

/**
 * `POST /otp`: sends a code or link to sign in with. The answer is the same whether the account was
 * there or not.
 */
export function signInWithOtp({
	contact,
	createUser = true,
	data = {},
	channel = 'sms',
	redirectTo,
	captchaToken,
	challenge = NO_CHALLENGE,
}: Otp): ApiRequest {
	const common = { ...contact, data, create_user: createUser, ...security(captchaToken) };
	return 'email' in contact
		? authRequest('POST', ['otp'], {
				query: [['redirect_to', redirectTo]],
				body: { ...common, ...challenge },
			})
		: authRequest('POST', ['otp'], { body: { ...common, channel } });
}

/** What can be sent again to an address, and to a number. */
export const RESEND_TYPES = {
	email: ['signup', 'email_change'],
	phone: ['sms', 'phone_change'],
} as const;

export type ResendType = (typeof RESEND_TYPES)[keyof typeof RESEND_TYPES][number];

/** `POST /resend`: sends a mail or message again. For a change it takes the present address. */
export function resend(
	contact: Contact,
	type: ResendType,
	{ redirectTo, captchaToken, challenge = NO_CHALLENGE }: Message = {},
): ApiRequest {
	const common = { ...contact, type, ...security(captchaToken) };
	return 'email' in contact
		? authRequest('POST', ['resend'], {
				query: [['redirect_to', redirectTo]],
				body: { ...common, ...challenge },
			})
		: authRequest('POST', ['resend'], { body: common });
}

/** `POST /recover`: sends a mail by which the user gets a session, to choose a new password in. */
export function resetPasswordForEmail(
	email: string,
	{ redirectTo, captchaToken, challenge = NO_CHALLENGE }: Message = {},
): ApiRequest {
	return authRequest('POST', ['recover'], {
		query: [['redirect_to', redirectTo]],
		body: { email, ...challenge, ...security(captchaToken) },
	});
}
