import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { accessToken } from '../as';
import { includeTokens, refreshToken } from '../fields';
import { asHolder, executeHeld, heldOf, type HeldPlan } from './held';

export const setSession = operation<HeldPlan>({
	name: 'Set',
	value: 'set',
	action: 'Set a session',
	description:
		'Check tokens that came from elsewhere and get their session, renewed where the access token has expired',
	writes: ['session', 'renewed'],
	repeatable: true,
	authority: asHolder(0),
	parameters: [accessToken, refreshToken, includeTokens, optionsOf(requestOptions)],
	compile: (get) => heldOf(get, 0),
	execute: executeHeld,
});
