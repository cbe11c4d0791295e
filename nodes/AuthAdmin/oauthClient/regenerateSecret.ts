import type { IDataObject } from 'n8n-workflow';

import { regenerateSecret as builder } from '../../../src/api/auth/admin/collections';
import { eachItem } from '../../../src/n8n/each';
import { itemsAtOnce, optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { adminOperation } from '../admin';
import { clientId, oauthClient } from './oauthClient';

interface Plan {
	readonly id: string;
}

export const regenerateSecret = adminOperation<Plan>({
	name: 'Regenerate Secret',
	value: 'regenerateSecret',
	action: 'Regenerate the secret of an OAuth client',
	description: 'Make a new secret, which is in this output alone; the old one ends at once',
	writes: ['secret', 'made'],
	parameters: [oauthClient, optionsOf([itemsAtOnce, ...requestOptions])],
	compile: (get) => ({ id: clientId(get.required('oauthClient')) }),
	execute: eachItem(
		async ({ plan: { id }, send }) => ({ json: (await send<IDataObject>(builder(id))).body }),
		{ targetsOf: ({ plan }) => [plan.id] },
	),
});
