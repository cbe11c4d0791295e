/** A refusal of auth: status, code and words, each as the real service answers it. */
export class AuthError extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		message: string,
		/** `keep`: what was written before the refusal stays. */
		readonly options: {
			keep?: true;
			weakPassword?: string[];
			headers?: Record<string, string>;
		} = {},
	) {
		super(message);
	}
}

/** The older form that ID tokens and OAuth clients get: always 400, without a code. */
export class OAuthError extends Error {
	constructor(
		readonly error: string,
		readonly description: string,
	) {
		super(description);
	}
}

/** What the database says of what it refuses. */
export interface DatabaseFault {
	code: string;
	message: string;
	detail?: string;
}

export function databaseFault(error: unknown): DatabaseFault | undefined {
	const { code, message, detail } = error as Partial<DatabaseFault>;
	if (typeof code !== 'string' || typeof message !== 'string') return undefined;
	return { code, message, ...(detail ? { detail } : {}) };
}

/** What nobody expected, such as a trigger on `auth.users` that raises. Its own words stay hidden. */
export class Unexpected extends Error {
	constructor(
		message = 'Unexpected failure, please check server logs for more information',
		/** Says so in `x-sb-error-code` too, as the service does where it knows the cause. */
		readonly named = false,
		/** What the database said: older error bodies tell it. */
		readonly database?: DatabaseFault,
	) {
		super(message);
	}
}

/** Leads on though the request is refused: nothing is written. */
export class Redirect extends Error {
	constructor(
		readonly location: string,
		readonly status: 302 | 303 = 303,
	) {
		super(location);
	}
}

/** Refusals that always have the same words, by what they say. */
const REFUSALS = {
	noBearer: [401, 'no_authorization', 'This endpoint requires a valid Bearer token'],
	noSub: [403, 'bad_jwt', 'invalid claim: missing sub claim'],
	subNoUuid: [400, 'bad_jwt', 'invalid claim: sub claim must be a UUID'],
	tokenUserGone: [403, 'user_not_found', 'User from sub claim in JWT does not exist'],
	sessionGone: [403, 'session_not_found', 'Session from session_id claim in JWT does not exist'],
	notAdmin: [403, 'not_admin', 'User not allowed'],
	banned: [403, 'user_banned', 'User is banned'],
	bannedSignIn: [400, 'user_banned', 'User is banned'],
	bannedRefresh: [400, 'user_banned', 'Invalid Refresh Token: User Banned'],
	anonymousUser: [403, 'no_authorization', 'Anonymous user not allowed to perform these actions'],
	signupDisabled: [422, 'signup_disabled', 'Signups not allowed for this instance'],
	anonymousDisabled: [422, 'anonymous_provider_disabled', 'Anonymous sign-ins are disabled'],
	emailSignupsDisabled: [400, 'email_provider_disabled', 'Email signups are disabled'],
	emailLoginsDisabled: [422, 'email_provider_disabled', 'Email logins are disabled'],
	emailResendDisabled: [400, 'email_provider_disabled', 'Email logins are disabled'],
	phoneSignupsDisabled: [400, 'phone_provider_disabled', 'Phone signups are disabled'],
	phoneLoginsDisabled: [422, 'phone_provider_disabled', 'Phone logins are disabled'],
	phoneResendDisabled: [400, 'phone_provider_disabled', 'Phone logins are disabled'],
	phoneOtpDisabled: [400, 'phone_provider_disabled', 'Unsupported phone provider'],
	otpDisabled: [422, 'otp_disabled', 'Signups not allowed for otp'],
	userExists: [422, 'user_already_exists', 'User already registered'],
	emailExists: [422, 'email_exists', 'A user with this email address has already been registered'],
	phoneExists: [422, 'phone_exists', 'A user with this phone number has already been registered'],
	wrongPassword: [400, 'invalid_credentials', 'Invalid login credentials'],
	grantType: [400, 'invalid_credentials', 'unsupported_grant_type'],
	emailNotConfirmed: [400, 'email_not_confirmed', 'Email not confirmed'],
	phoneNotConfirmed: [400, 'phone_not_confirmed', 'Phone not confirmed'],
	codeExpired: [403, 'otp_expired', 'Token has expired or is invalid'],
	linkExpired: [403, 'otp_expired', 'Email link is invalid or has expired'],
	badVerifier: [
		400,
		'bad_code_verifier',
		'code challenge does not match previously saved code verifier',
	],
	noFlow: [404, 'flow_state_not_found', 'invalid flow state, no valid flow state found'],
	flowExpired: [422, 'flow_state_expired', 'invalid flow state, flow state has expired'],
	refreshNotFound: [
		400,
		'refresh_token_not_found',
		'Invalid Refresh Token: Refresh Token Not Found',
	],
	samePassword: [422, 'same_password', 'New password should be different from the old password.'],
	reauthenticate: [400, 'reauthentication_needed', 'Password update requires reauthentication'],
	badNonce: [422, 'reauthentication_not_valid', 'Nonce has expired or is invalid'],
	currentPassword: [
		400,
		'current_password_required',
		'Current password required when setting new password.',
	],
	wrongCurrentPassword: [
		400,
		'current_password_invalid',
		'Current password required when setting new password.',
	],
	aalForUpdate: [
		401,
		'insufficient_aal',
		'AAL2 session is required to update email or password when MFA is enabled.',
	],
	aalForEnroll: [403, 'insufficient_aal', 'AAL2 required to enroll a new factor'],
	aalForUnenroll: [422, 'insufficient_aal', 'AAL2 required to unenroll verified factor'],
	appMetadata: [403, 'not_admin', 'Updating app_metadata requires admin privileges'],
	captcha: [
		400,
		'captcha_failed',
		'captcha protection: request disallowed (no captcha_token found in request)',
	],
	tooManyRequests: [429, 'over_request_rate_limit', 'Request rate limit reached'],
	tooManyMails: [429, 'over_email_send_rate_limit', 'email rate limit exceeded'],
	tooManySms: [429, 'over_sms_send_rate_limit', 'SMS rate limit exceeded'],
	tooLarge: [413, 'request_entity_too_large', 'Request body too large (max 1048576 bytes)'],
	totpDisabled: [422, 'mfa_totp_enroll_not_enabled', 'MFA enroll is disabled for TOTP'],
	phoneFactorsDisabled: [422, 'mfa_phone_enroll_not_enabled', 'MFA enroll is disabled for Phone'],
	factorNotFound: [404, 'mfa_factor_not_found', 'Factor not found'],
	challengeNotFound: [
		422,
		'mfa_factor_not_found',
		'MFA factor with the provided challenge ID not found',
	],
	otherAddress: [422, 'mfa_ip_address_mismatch', 'Challenge and verify IP addresses mismatch.'],
	wrongTotp: [422, 'mfa_verification_failed', 'Invalid TOTP code entered'],
	wrongPhoneCode: [422, 'mfa_verification_failed', 'Invalid MFA Phone code entered'],
	tooManyFactors: [
		422,
		'too_many_enrolled_mfa_factors',
		'Maximum number of verified factors reached, unenroll to continue',
	],
	phoneFactorExists: [
		422,
		'mfa_verified_factor_exists',
		'A verified phone factor already exists, unenroll the existing factor to continue',
	],
} as const satisfies Record<string, readonly [number, string, string]>;

export type Refusal = keyof typeof REFUSALS;

/** One of the refusals that always have the same words. */
export function refusal(name: Refusal, options: AuthError['options'] = {}): AuthError {
	const [status, code, message] = REFUSALS[name];
	return new AuthError(status, code, message, options);
}

/** What was sent does not fit the route; nearly always with status 400. */
export function invalid(message: string, status = 400): AuthError {
	return new AuthError(status, 'validation_failed', message);
}

export function badJwt(reason: string): AuthError {
	return new AuthError(
		403,
		'bad_jwt',
		`invalid JWT: unable to parse or verify signature, ${reason}`,
	);
}

export const INVALID_CHANNEL =
	"Invalid channel, supported values are 'sms' or 'whatsapp'. 'whatsapp' is only supported if Twilio or Twilio Verify is used as the provider.";
