import { emailAddress } from '../../../src/api/auth/contact';
import { resetPasswordForEmail as builder, type Message } from '../../../src/api/auth/messages';
import { readAnswer } from '../../../src/api/auth/answers';
import { challengeOf } from '../../../src/api/auth/pkce';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { answered } from '../answered';
import { asAppOrSecret, eachByAccount, useSecretKey } from '../as';
import { email } from '../fields';
import {
	captchaToken,
	givenText,
	mailReturns,
	redirectTo,
	redirectToOf,
	verifierFor,
} from '../options';

const options = optionsOf([redirectTo, captchaToken, mailReturns, useSecretKey, ...requestOptions]);

const ownEmail = {
	...email,
	hint: 'The answer is the same for an address without an account, and nothing is sent then',
};

interface Plan {
	readonly account: string;
	readonly email: string;
	readonly message: Message;
	readonly verifier: () => string | undefined;
}

export const resetPasswordForEmail = operation<Plan>({
	name: 'Reset Password for E-Mail',
	value: 'resetPasswordForEmail',
	action: 'Reset the password for an e-mail address',
	description:
		'Send a mail whose code or link gives a session, in which User, Update sets the new password',
	writes: ['mail', 'sent'],
	authority: asAppOrSecret,
	parameters: [ownEmail, options],
	compile(get) {
		const address = emailAddress(get.text('email'));
		return {
			account: address.toLowerCase(),
			email: address,
			message: {
				redirectTo: redirectToOf(get.option('redirectTo')),
				captchaToken: givenText(get, 'captchaToken'),
			},
			verifier: verifierFor(get.option('linkReturns')),
		};
	},
	execute: eachByAccount(async ({ plan, send }) => {
		const codeVerifier = plan.verifier();
		const challenge = challengeOf(codeVerifier);
		const { body } = await send(builder(plan.email, { ...plan.message, challenge }));
		return answered(readAnswer(body), true, codeVerifier);
	}),
});
