import type { INodeProperties } from 'n8n-workflow';

import { readSessionAnswer } from '../../../src/api/auth/answers';
import { verifyFactor as builder } from '../../../src/api/auth/factors';
import { uuid } from '../../../src/api/auth/ids';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { answered } from '../answered';
import { asUser, eachByAccount, userOf, userParameters } from '../as';
import { code, codeOf, factorId, factorIdOf, includeTokens } from '../fields';

const challengeId: INodeProperties = {
	displayName: 'Challenge ID',
	name: 'challengeId',
	type: 'string',
	default: '',
	required: true,
	hint: 'The id that Challenge gave. It is good for five minutes, and for the same IP address only.',
};

interface Plan {
	readonly account: string;
	readonly factorId: string;
	readonly challengeId: string;
	readonly code: string;
	readonly includeTokens: boolean;
}

export const verifyFactor = operation<Plan>({
	name: 'Verify',
	value: 'verify',
	action: 'Verify a factor',
	description: 'Answer a challenge with its code; the session that comes back has the level aal2',
	writes: ['factor', 'verified'],
	authority: asUser,
	parameters: [
		...userParameters,
		factorId,
		challengeId,
		code,
		includeTokens,
		optionsOf(requestOptions),
	],
	compile: (get) => ({
		account: userOf(get),
		factorId: factorIdOf(get),
		challengeId: uuid(get.text('challengeId'), 'Challenge ID', 'Challenge gives it as id.'),
		code: codeOf(get),
		includeTokens: get.boolean('includeTokens'),
	}),
	execute: eachByAccount(async ({ plan, send }) => {
		const { body } = await send(builder(plan.factorId, plan.challengeId, plan.code));
		return answered(readSessionAnswer(body), plan.includeTokens);
	}),
});
