import type { INodeProperties } from 'n8n-workflow';

import { readAnswer } from '../../../src/api/auth/answers';
import { signInWithOtp as builder, type Otp } from '../../../src/api/auth/messages';
import { challengeOf } from '../../../src/api/auth/pkce';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { answered } from '../answered';
import { asAppOrSecret, eachByAccount, useSecretKey } from '../as';
import { accountOf, channelOf, contactOf, contactParameters, phoneChannel } from '../fields';
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

const createUser: INodeProperties = {
	displayName: 'Create User',
	name: 'createUser',
	type: 'boolean',
	default: true,
	description:
		'Whether to make the account where there is none. Switched off, the answer tells whether there is one.',
};

const options = optionsOf([
	mailRedirectTo,
	metadata,
	captchaToken,
	mailOrPhoneReturns,
	useSecretKey,
	...requestOptions,
]);

interface Plan {
	readonly account: string;
	readonly wanted: Otp;
	readonly verifier: () => string | undefined;
}

export const signInWithOtp = operation<Plan>({
	name: 'Sign In with OTP',
	value: 'signInWithOtp',
	action: 'Sign in with a one time password',
	description:
		'Send a magic link or a code to sign in with; Verify OTP makes a session of the code',
	writes: ['message', 'sent'],
	authority: asAppOrSecret,
	parameters: [...contactParameters, phoneChannel, createUser, options],
	compile(get) {
		const contact = contactOf(get);
		return {
			account: accountOf(contact),
			wanted: {
				contact,
				createUser: get.boolean('createUser'),
				data: metadataOf(get.option('metadata')),
				redirectTo: redirectToOf(get.option('redirectTo')),
				channel: channelOf(get),
				captchaToken: givenText(get, 'captchaToken'),
			},
			verifier: verifierFor(get.option('linkReturns')),
		};
	},
	execute: eachByAccount(async ({ plan, send }) => {
		const verifier = 'email' in plan.wanted.contact ? plan.verifier() : undefined;
		const { body } = await send(builder({ ...plan.wanted, challenge: challengeOf(verifier) }));
		return answered(readAnswer(body), true, verifier);
	}),
});
