import { readSessionAnswer } from '../../../src/api/auth/answers';
import { signInAnonymously as builder, type Metadata } from '../../../src/api/auth/signUp';
import { eachItem } from '../../../src/n8n/each';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { answered } from '../answered';
import { asAppOrSecret, useSecretKey } from '../as';
import { includeTokens } from '../fields';
import { captchaToken, givenText, metadata, metadataOf } from '../options';

const options = optionsOf([metadata, captchaToken, useSecretKey, ...requestOptions]);

interface Plan {
	readonly data: Metadata | undefined;
	readonly captchaToken: string | undefined;
	readonly includeTokens: boolean;
}

export const signInAnonymously = operation<Plan>({
	name: 'Sign In Anonymously',
	value: 'signInAnonymously',
	action: 'Sign in anonymously',
	description: 'Make a user without address and password, who can be given them later',
	writes: ['user', 'made'],
	authority: asAppOrSecret,
	parameters: [includeTokens, options],
	compile: (get) => ({
		data: metadataOf(get.option('metadata')),
		captchaToken: givenText(get, 'captchaToken'),
		includeTokens: get.boolean('includeTokens'),
	}),
	execute: eachItem(async ({ plan, send }) => {
		const { body } = await send(builder(plan.data, plan.captchaToken));
		return answered(readSessionAnswer(body), plan.includeTokens);
	}),
});
