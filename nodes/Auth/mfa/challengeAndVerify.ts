import { readMade, readSessionAnswer } from '../../../src/api/auth/answers';
import { challenge, verifyFactor } from '../../../src/api/auth/factors';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { answered } from '../answered';
import { asUser, eachByAccount, userOf, userParameters } from '../as';
import { code, codeOf, factorId, factorIdOf, includeTokens } from '../fields';

interface Plan {
	readonly account: string;
	readonly factorId: string;
	readonly code: string;
	readonly includeTokens: boolean;
}

export const challengeAndVerify = operation<Plan>({
	name: 'Challenge and Verify',
	value: 'challengeAndVerify',
	action: 'Challenge and verify a factor',
	description:
		'Verify a code of an authenticator app in one step; the session that comes back has the level aal2',
	writes: ['factor', 'verified'],
	authority: asUser,
	parameters: [...userParameters, factorId, code, includeTokens, optionsOf(requestOptions)],
	compile: (get) => ({
		account: userOf(get),
		factorId: factorIdOf(get),
		code: codeOf(get),
		includeTokens: get.boolean('includeTokens'),
	}),
	execute: eachByAccount(async ({ plan, send }) => {
		const made = readMade((await send(challenge(plan.factorId, { sends: false }))).body);
		const { body } = await send(verifyFactor(plan.factorId, made.id, plan.code));
		return answered(readSessionAnswer(body), plan.includeTokens);
	}),
});
