import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { listUsers, MOST_USERS, type UserPages } from '../../../src/api/auth/admin/userPages';
import { InvalidRequestError } from '../../../src/api/errors';
import { eachRead, outputs } from '../../../src/n8n/each';
import { limit, limitOf, returnAll } from '../../../src/n8n/limit';
import { itemsAtOnce, optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { adminOperation } from '../admin';
import { page, pageOf } from '../pages';

const ORDER = ['desc', 'asc'] as const;

const members: INodeProperties[] = [
	{
		displayName: 'Search',
		name: 'filter',
		type: 'string',
		default: '',
		placeholder: 'e.g. @example.com',
		description: 'A part of the e-mail address, or of full_name in the user metadata',
	},
	{
		displayName: 'Sort Order',
		name: 'sortOrder',
		type: 'options',
		options: [
			{ name: 'Newest First', value: 'desc' },
			{ name: 'Oldest First', value: 'asc' },
		],
		default: 'desc',
	},
	page,
	itemsAtOnce,
	...requestOptions,
];

interface Plan {
	readonly pages: UserPages;
	readonly most?: number;
}

export const getUsers = adminOperation<Plan>({
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many users',
	description: 'List users; identities and second factors are given by Get alone',
	parameters: [returnAll, limit, optionsOf(members)],
	compile: (get) => {
		const most = limitOf(get);
		return { most, pages: { ...filterOf(get), ...pagesOf(get, most) } };
	},
	execute: eachRead(async ({ pages, most }, send) =>
		outputs((await listUsers(send, pages, most)) as IDataObject[]),
	),
});

function filterOf(get: ItemParameters): UserPages {
	const filter = get.option('filter');
	return {
		// Addresses are kept in lower case, and names are found in either.
		filter: filter.given ? filter.required().toLowerCase() : undefined,
		order: get.option('sortOrder').oneOf(ORDER),
	};
}

function pagesOf(get: ItemParameters, most: number | undefined): UserPages {
	const wanted = pageOf(get);
	if (wanted === undefined || most === undefined) {
		return { perPage: Math.min(most ?? MOST_USERS, MOST_USERS) };
	}
	if (most <= MOST_USERS) return { page: wanted, perPage: most };
	throw new InvalidRequestError(
		`Limit is ${most}, and a page has ${MOST_USERS} users at the most`,
		'Lower Limit, or remove Page.',
	);
}
