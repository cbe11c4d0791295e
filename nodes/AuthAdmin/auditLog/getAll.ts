import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { listAudit } from '../../../src/api/auth/admin/collections';
import { nextPage } from '../../../src/api/auth/admin/userPages';
import { listOf } from '../../../src/api/auth/answers';
import { InvalidRequestError } from '../../../src/api/errors';
import type { Send } from '../../../src/api/transport';
import { eachRead, outputs } from '../../../src/n8n/each';
import { limit, limitOf, returnAll } from '../../../src/n8n/limit';
import { itemsAtOnce, optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { adminOperation } from '../admin';
import { page, pageOf } from '../pages';

/** How many entries come at once. */
const AT_ONCE = 1000;

const members: INodeProperties[] = [
	{
		displayName: 'Action',
		name: 'action',
		type: 'string',
		default: '',
		placeholder: 'e.g. login',
		description: 'What was done, such as login, logout, user_signedup, user_deleted',
	},
	{
		displayName: 'Author',
		name: 'author',
		type: 'string',
		default: '',
		placeholder: 'name@example.com',
		description: 'A part of the e-mail address or name of who did it',
	},
	page,
	itemsAtOnce,
	...requestOptions,
];

interface Plan {
	readonly query?: string;
	readonly page: number;
	readonly perPage: number;
	readonly most?: number;
}

export const getAudit = adminOperation<Plan>({
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many audit log entries',
	description: 'Read what users and admins did, the newest first',
	parameters: [returnAll, limit, optionsOf(members)],
	compile(get) {
		const most = limitOf(get);
		const action = get.option('action');
		const author = get.option('author');
		if (action.given && author.given) {
			throw new InvalidRequestError(
				'The audit log is searched by Action or by Author, not by both',
				'Remove one of both, and filter the items by the other.',
			);
		}
		const query = action.given
			? `action:${action.required()}`
			: author.given
				? `author:${author.required()}`
				: undefined;
		return { query, most, page: pageOf(get) ?? 1, perPage: Math.min(most ?? AT_ONCE, AT_ONCE) };
	},
	execute: eachRead(async (plan, send) => outputs(await entries(send, plan))),
});

async function entries(send: Send, { query, page: first, perPage, most = Infinity }: Plan) {
	// One that slides to the next page, as others are written meanwhile, comes once.
	const found = new Map<unknown, IDataObject>();
	let next: number | undefined = first;
	while (next !== undefined && found.size < most) {
		const { body, headers } = await send(listAudit(next, perPage, query));
		const some = listOf(body) as IDataObject[];
		for (const entry of some) found.set(entry.id, entry);
		const after = nextPage(headers.link);
		next = some.length > 0 && after !== undefined && after > next ? after : undefined;
	}
	return [...found.values()].slice(0, most);
}
