import type { Call, Reply } from './call';
import { AuthError } from './errors';
import { publicKeys } from './jwt';
import { ok } from './session/issue';

/** Kept this long by whoever asks. */
const CACHED = { 'cache-control': 'public, max-age=600' };

export function getHealth(): Reply {
	return ok({
		version: 'v2.196.0',
		name: 'GoTrue',
		description: 'GoTrue is a user registration and authentication API',
	});
}

export function getKeys({ settings, service }: Call): Reply {
	return { body: { keys: publicKeys(settings.algorithm, service.keys) }, headers: CACHED };
}

/** Providers that the service knows by name. */
export const PROVIDERS = [
	'apple',
	'azure',
	'bitbucket',
	'discord',
	'facebook',
	'snapchat',
	'figma',
	'fly',
	'github',
	'gitlab',
	'google',
	'keycloak',
	'kakao',
	'linkedin',
	'linkedin_oidc',
	'notion',
	'spotify',
	'slack',
	'slack_oidc',
	'workos',
	'twitch',
	'twitter',
];

/** What the project lets people do, for whoever shows a form to sign in. */
export function getSettings({ settings }: Call): Reply {
	const isOn = (name: string) => [name, name in settings.providers] as const;
	return ok({
		external: {
			anonymous_users: settings.anonymousUsers,
			...Object.fromEntries(PROVIDERS.map(isOn)),
			email: settings.email.enabled,
			phone: settings.phone.enabled,
			zoom: 'zoom' in settings.providers,
		},
		disable_signup: settings.signupDisabled,
		mailer_autoconfirm: settings.email.autoconfirm,
		phone_autoconfirm: settings.phone.autoconfirm,
		sms_provider: 'twilio',
		saml_enabled: settings.saml,
		saml_private_key_next_configured: false,
		passkeys_enabled: settings.passkeys,
	});
}

const CLAIMS = [
	'sub',
	'aud',
	'iss',
	'exp',
	'iat',
	'auth_time',
	'nonce',
	'email',
	'email_verified',
	'phone_number',
	'phone_number_verified',
	'name',
	'picture',
	'preferred_username',
	'updated_at',
];

/** Where the project's OAuth server is, and what it can do. */
export function getOpenId({ service }: Call): Reply {
	const { externalUrl } = service;
	return {
		headers: CACHED,
		body: {
			issuer: externalUrl,
			authorization_endpoint: `${externalUrl}/oauth/authorize`,
			token_endpoint: `${externalUrl}/oauth/token`,
			jwks_uri: `${externalUrl}/.well-known/jwks.json`,
			userinfo_endpoint: `${externalUrl}/oauth/userinfo`,
			registration_endpoint: `${externalUrl}/oauth/clients/register`,
			scopes_supported: ['openid', 'profile', 'email', 'phone', 'offline_access'],
			response_types_supported: ['code'],
			response_modes_supported: ['query'],
			grant_types_supported: ['authorization_code', 'refresh_token'],
			subject_types_supported: ['public'],
			id_token_signing_alg_values_supported: ['RS256', 'HS256', 'ES256'],
			token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
			claims_supported: CLAIMS,
			code_challenge_methods_supported: ['S256', 'plain'],
		},
	};
}

/** Directories that keep a project's users in step: a feature that is off. */
export function refuseScim(): Reply {
	throw new AuthError(404, 'feature_disabled', 'SCIM server is disabled');
}
