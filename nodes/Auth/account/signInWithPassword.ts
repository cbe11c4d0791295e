import { readSessionAnswer } from '../../../src/api/auth/answers';
import type { Contact } from '../../../src/api/auth/contact';
import { signInWithPassword as builder } from '../../../src/api/auth/signIn';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { answered } from '../answered';
import { asAppOrSecret, eachByAccount, useSecretKey } from '../as';
import {
	accountOf,
	contactOf,
	contactParameters,
	includeTokens,
	password,
	passwordOf,
} from '../fields';
import { captchaToken, givenText } from '../options';

const options = optionsOf([captchaToken, useSecretKey, ...requestOptions]);

interface Plan {
	readonly account: string;
	readonly contact: Contact;
	readonly password: string;
	readonly captchaToken: string | undefined;
	readonly includeTokens: boolean;
}

export const signInWithPassword = operation<Plan>({
	name: 'Sign In with Password',
	value: 'signInWithPassword',
	action: 'Sign in with a password',
	description: 'Get a session for an e-mail address or a phone and its password',
	writes: ['sign-in', 'made'],
	authority: asAppOrSecret,
	parameters: [...contactParameters, password, includeTokens, options],
	compile(get) {
		const contact = contactOf(get);
		return {
			account: accountOf(contact),
			contact,
			password: passwordOf(get.field('password')),
			captchaToken: givenText(get, 'captchaToken'),
			includeTokens: get.boolean('includeTokens'),
		};
	},
	execute: eachByAccount(async ({ plan, send }, run) => {
		const { body } = await send(builder(plan.contact, plan.password, plan.captchaToken));
		const answer = readSessionAnswer(body);
		if (answer.weakPassword) run.hint(WEAK);
		return answered(answer, plan.includeTokens);
	}),
});

const WEAK =
	'A password was right, but is too weak for the rules of the project today: weakPassword says why. Let the user choose another.';
