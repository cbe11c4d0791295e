import { isAlreadyRegistered, isAwaited, readAnswer } from '../../../src/api/auth/answers';
import { challengeOf } from '../../../src/api/auth/pkce';
import { signUp as builder, type SignUp } from '../../../src/api/auth/signUp';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { answered } from '../answered';
import { asAppOrSecret, eachByAccount, useSecretKey } from '../as';
import {
	accountOf,
	channelOf,
	contactOf,
	contactParameters,
	includeTokens,
	newPasswordOf,
	password,
	phoneChannel,
} from '../fields';
import {
	captchaToken,
	givenText,
	mailOrPhoneReturns,
	mailRedirectTo,
	metadata,
	metadataOf,
	redirectToOf,
	verifierFor,
} from '../options';

const options = optionsOf([
	metadata,
	mailRedirectTo,
	captchaToken,
	mailOrPhoneReturns,
	useSecretKey,
	...requestOptions,
]);

interface Plan {
	readonly account: string;
	readonly wanted: SignUp;
	readonly verifier: () => string | undefined;
	readonly includeTokens: boolean;
}

export const signUp = operation<Plan>({
	name: 'Sign Up',
	value: 'signUp',
	action: 'Sign up a user',
	description: 'Make an account with a password; Supabase sends a mail or message to confirm it',
	writes: ['sign-up', 'made'],
	authority: asAppOrSecret,
	parameters: [...contactParameters, password, phoneChannel, includeTokens, options],
	compile(get) {
		const contact = contactOf(get);
		return {
			account: accountOf(contact),
			wanted: {
				contact,
				password: newPasswordOf(get.field('password')),
				data: metadataOf(get.option('metadata')),
				redirectTo: redirectToOf(get.option('redirectTo')),
				channel: channelOf(get),
				captchaToken: givenText(get, 'captchaToken'),
			},
			verifier: verifierFor(get.option('linkReturns')),
			includeTokens: get.boolean('includeTokens'),
		};
	},
	execute: eachByAccount(async ({ plan, send }, run) => {
		const isMail = 'email' in plan.wanted.contact;
		const verifier = isMail ? plan.verifier() : undefined;
		const { body } = await send(builder({ ...plan.wanted, challenge: challengeOf(verifier) }));
		const answer = readAnswer(body);
		const { json } = answered(answer, plan.includeTokens, verifier);
		if (isAlreadyRegistered(answer)) {
			run.hint(REGISTERED);
			return { json: { ...json, alreadyRegistered: true } };
		}
		if (isAwaited(answer)) run.hint(AWAITED);
		return { json };
	}),
});

const REGISTERED =
	'An address is probably registered already (alreadyRegistered is true): Supabase answers with a made-up user then, and sends nothing. Sign in instead, or reset the password.';

const AWAITED =
	'An account was there already and waits for its confirmation: a new mail or message was sent, but its first password and metadata stay.';
