import { readUrl } from '../../../src/api/auth/answers';
import { challengeOf, NO_CHALLENGE } from '../../../src/api/auth/pkce';
import { linkIdentity as builder, type AtProvider } from '../../../src/api/auth/providers';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { asUser, eachByAccount, userOf, userParameters } from '../as';
import { linkReturns, redirectTo, verifierFor } from '../options';
import { atProvider, providerParameters, queryParameters, scopes } from '../providers';

const options = optionsOf([redirectTo, scopes, queryParameters, ...requestOptions]);

interface Plan {
	readonly account: string;
	readonly at: Omit<AtProvider, 'challenge'>;
	readonly verifier: () => string | undefined;
}

export const linkIdentity = operation<Plan>({
	name: 'Link',
	value: 'link',
	action: 'Get the URL to link an identity',
	description:
		'Get the URL at which a user adds a provider to their account; to be opened by them, not by n8n',
	authority: asUser,
	parameters: [...userParameters, ...providerParameters, linkReturns, options],
	compile(get) {
		const at = atProvider(get);
		builder({ ...at, challenge: NO_CHALLENGE });
		return { account: userOf(get), at, verifier: verifierFor(get.field('linkReturns')) };
	},
	execute: eachByAccount(async ({ plan: { at, verifier }, send }) => {
		const codeVerifier = verifier();
		const { body } = await send(builder({ ...at, challenge: challengeOf(codeVerifier) }));
		return {
			json: { provider: at.provider, url: readUrl(body), ...(codeVerifier && { codeVerifier }) },
		};
	}),
});
