import type { ApiRequest } from '../request';
import { authRequest } from './request';
import { security } from './security';

/**
 * What a code or token hash was sent for. `email` takes the codes of sign-ups, magic links and
 * password resets alike: the first mail to a new user holds a code of the type `signup`, whichever
 * operation sent it.
 */
export const VERIFY_TYPES = {
	email: ['email', 'signup', 'invite', 'magiclink', 'recovery', 'email_change'],
	phone: ['sms', 'phone_change'],
} as const;

export type EmailType = (typeof VERIFY_TYPES.email)[number];
export type PhoneType = (typeof VERIFY_TYPES.phone)[number];

/** What is verified: a code with whom it was sent to, or the token hash of a link by itself. */
export type Verification =
	| { readonly type: EmailType; readonly email: string; readonly token: string }
	| { readonly type: PhoneType; readonly phone: string; readonly token: string }
	| { readonly type: EmailType; readonly token_hash: string };

/** `POST /verify`: a code or hash is good once. */
export function verifyOtp(verification: Verification): ApiRequest {
	return authRequest('POST', ['verify'], { body: { ...verification, ...security(undefined) } });
}
