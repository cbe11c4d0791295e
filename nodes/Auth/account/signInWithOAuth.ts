import { challengeOf, NO_CHALLENGE } from '../../../src/api/auth/pkce';
import { signInWithOAuth as address, type AtProvider } from '../../../src/api/auth/providers';
import { eachItem } from '../../../src/n8n/each';
import { operation } from '../../../src/n8n/operation';
import { optionsOf } from '../../../src/n8n/requestOptions';
import { asApp } from '../as';
import { linkReturns, redirectTo, verifierFor } from '../options';
import { atProvider, providerParameters, queryParameters, scopes } from '../providers';

const options = optionsOf([redirectTo, scopes, queryParameters]);

interface Plan {
	readonly at: Omit<AtProvider, 'challenge'>;
	readonly verifier: () => string | undefined;
}

export const signInWithOAuth = operation<Plan>({
	name: 'Sign In with OAuth',
	value: 'signInWithOAuth',
	action: 'Get the URL to sign in with OAuth',
	description:
		'Get the URL at which a user signs in with a provider, such as GitHub; to be opened by them, not by n8n',
	authority: asApp,
	parameters: [...providerParameters, linkReturns, options],
	compile(get) {
		const at = atProvider(get);
		// So that a parameter that cannot be is told of before anything is done.
		address('', { ...at, challenge: NO_CHALLENGE });
		return { at, verifier: verifierFor(get.field('linkReturns')) };
	},
	execute: eachItem(async ({ plan: { at, verifier } }, { addresses }) => {
		const codeVerifier = verifier();
		const url = address(addresses.auth, { ...at, challenge: challengeOf(codeVerifier) });
		return await Promise.resolve({
			json: { provider: at.provider, url, ...(codeVerifier && { codeVerifier }) },
		});
	}),
});
