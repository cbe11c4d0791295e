import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { readMade } from '../../../src/api/auth/answers';
import type { Channel } from '../../../src/api/auth/contact';
import { challenge as builder } from '../../../src/api/auth/factors';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { asUser, eachByAccount, userOf, userParameters } from '../as';
import { channel, channelOptionOf, factorId, factorIdOf } from '../fields';

const ownChannel: INodeProperties = {
	...channel,
	description: 'How the code gets to the telephone, for a factor that is one; by SMS without it',
};

interface Plan {
	readonly account: string;
	readonly factorId: string;
	readonly channel: Channel | undefined;
}

export const challengeFactor = operation<Plan>({
	name: 'Challenge',
	value: 'challenge',
	action: 'Challenge a factor',
	description: 'Begin to verify a factor; a phone is sent its code',
	writes: ['challenge', 'made'],
	authority: asUser,
	parameters: [...userParameters, factorId, optionsOf([ownChannel, ...requestOptions])],
	compile: (get) => ({
		account: userOf(get),
		factorId: factorIdOf(get),
		channel: channelOptionOf(get),
	}),
	execute: eachByAccount(async ({ plan, send }) => {
		const { body } = await send(builder(plan.factorId, { channel: plan.channel, sends: true }));
		return { json: { ...readMade(body), factorId: plan.factorId } as IDataObject };
	}),
});
