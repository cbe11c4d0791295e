import { readSessionAnswer } from '../../../src/api/auth/answers';
import { refreshSession as builder } from '../../../src/api/auth/session';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { answered } from '../answered';
import { asApp, eachByAccount } from '../as';
import { includeTokens, refreshToken } from '../fields';

interface Plan {
	/** The refresh token: items with the same one go one after the other. */
	readonly account: string;
	readonly includeTokens: boolean;
}

export const refreshSession = operation<Plan>({
	name: 'Refresh',
	value: 'refresh',
	action: 'Refresh a session',
	description: 'Get a new access token and a new refresh token',
	writes: ['session', 'renewed'],
	repeatable: true,
	authority: asApp,
	parameters: [refreshToken, includeTokens, optionsOf(requestOptions)],
	compile: (get) => ({
		account: get.required('refreshToken'),
		includeTokens: get.boolean('includeTokens'),
	}),
	execute: eachByAccount(async ({ plan, send }) => {
		const { body } = await send(builder(plan.account));
		return answered(readSessionAnswer(body), plan.includeTokens);
	}),
});
