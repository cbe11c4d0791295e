import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { accessToken } from '../as';
import { includeTokens, refreshToken } from '../fields';
import { asHolder, executeHeld, heldOf, type HeldPlan } from './held';

/** As early as auth-js renews, in seconds. */
const MARGIN = 90;

export const getSession = operation<HeldPlan>({
	name: 'Get',
	value: 'get',
	action: 'Get a session',
	description:
		'Get a session that is good for a while yet, renewed where its access token expires within 90 seconds',
	writes: ['session', 'renewed'],
	repeatable: true,
	authority: asHolder(MARGIN),
	parameters: [accessToken, refreshToken, includeTokens, optionsOf(requestOptions)],
	compile: (get) => heldOf(get, MARGIN),
	execute: executeHeld,
});
