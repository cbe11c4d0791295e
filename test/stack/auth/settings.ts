/** What a project's owner can set of auth. Times are in seconds. */
export interface AuthSettings {
	/** Where links lead whose own address is not allowed. */
	siteUrl: string;
	/** Addresses that links may lead to; `**` stands for anything, `*` for all but `.` and `/`. */
	redirectUrls: string[];
	/** Signs access tokens. With `ES256` the old secret is accepted still. */
	algorithm: 'HS256' | 'ES256';
	accessTokenSeconds: number;
	signupDisabled: boolean;
	anonymousUsers: boolean;
	manualLinking: boolean;
	email: {
		enabled: boolean;
		/** A sign-up needs no confirmation. */
		autoconfirm: boolean;
		/** A change of address is confirmed from the old one as well. */
		doubleChange: boolean;
		codeSeconds: number;
		/** Least time between two mails to a user. */
		betweenSeconds: number;
	};
	phone: {
		enabled: boolean;
		autoconfirm: boolean;
		codeSeconds: number;
		betweenSeconds: number;
		/** Codes of numbers to which nothing is sent. */
		testCodes: Record<string, string>;
		/** Numbers that the SMS provider refuses. */
		refused: string[];
	};
	password: {
		minLength: number;
		/** A password needs a character of each. */
		requiredCharacters: string[];
		/** Changing it in a session older than 24 hours needs a nonce. */
		reauthentication: boolean;
		/** Changing it needs the present one. */
		currentRequired: boolean;
	};
	refreshTokens: {
		/** How long an older token of a session may be used again. */
		reuseSeconds: number;
		/** 1: twelve characters; 2: about fifty, which say what session they are of. */
		version: 1 | 2;
	};
	mfa: {
		totp: boolean;
		phone: boolean;
		maxFactors: number;
		challengeSeconds: number;
	};
	/** Lists of users are paged by cursor, where neither page nor per_page is given. */
	cursorLists: boolean;
	/** Providers whose users may sign in, with their client id. */
	providers: Record<string, { clientId: string }>;
	/** Their own pages are where people sign in, and not the page that stands in for them. */
	ownProviderPages: boolean;
	saml: boolean;
	/** What identity providers say of themselves, by its address: nothing else is found anywhere. */
	samlMetadata: Record<string, string>;
	passkeys: boolean;
	oauthServer: boolean;
	/** A captcha is asked for where the token given is not this one. */
	captchaToken?: string;
	/** Limits that count as reached: every request that they concern is refused. */
	reached: Array<'requests' | 'emails' | 'sms'>;
}

/** Of an identity provider that nobody has. */
const EXAMPLE_METADATA =
	'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.com/entity2">' +
	'<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">' +
	'<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example.com/sso"/>' +
	'</md:IDPSSODescriptor></md:EntityDescriptor>';

/** Everything on, as in a new project of the command line's local stack. */
export function localSettings(url: string): AuthSettings {
	return {
		siteUrl: url,
		redirectUrls: [`${url}/**`, 'http://localhost:*/**', 'http://127.0.0.1:*/**'],
		algorithm: 'HS256',
		accessTokenSeconds: 3600,
		signupDisabled: false,
		anonymousUsers: true,
		manualLinking: true,
		email: {
			enabled: true,
			autoconfirm: true,
			doubleChange: true,
			codeSeconds: 86_400,
			betweenSeconds: 0,
		},
		phone: {
			enabled: true,
			autoconfirm: false,
			codeSeconds: 86_400,
			betweenSeconds: 0,
			testCodes: { '15550009999': '123456' },
			refused: ['15555550000'],
		},
		password: {
			minLength: 6,
			requiredCharacters: [],
			reauthentication: false,
			currentRequired: false,
		},
		refreshTokens: { reuseSeconds: 10, version: 1 },
		mfa: { totp: true, phone: true, maxFactors: 10, challengeSeconds: 300 },
		cursorLists: false,
		providers: {
			github: { clientId: 'github-client' },
			google: { clientId: 'google-client' },
			azure: { clientId: 'azure-client' },
		},
		ownProviderPages: false,
		saml: true,
		samlMetadata: { 'https://idp.example.com/metadata': EXAMPLE_METADATA },
		passkeys: true,
		oauthServer: true,
		reached: [],
	};
}

const RECORDED = localSettings('https://app.example.com');

/** The first of the two servers that the recorded answers are of: mails are confirmed. */
export const MAIN: AuthSettings = {
	...RECORDED,
	redirectUrls: ['https://app.example.com/**'],
	ownProviderPages: true,
	algorithm: 'ES256',
	email: { ...RECORDED.email, autoconfirm: false },
};

/** The second: nothing is confirmed, passwords are strong, refresh tokens are of the new form. */
export const AUTO: AuthSettings = {
	...MAIN,
	algorithm: 'HS256',
	email: { ...RECORDED.email, autoconfirm: true, doubleChange: false },
	phone: { ...RECORDED.phone, autoconfirm: true },
	password: {
		minLength: 8,
		requiredCharacters: ['abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '0123456789'],
		reauthentication: true,
		currentRequired: false,
	},
	refreshTokens: { reuseSeconds: 10, version: 2 },
	cursorLists: true,
};
