import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import {
	customProviders,
	oauthClients,
	ssoProviders,
	type Collection,
} from '../../src/api/auth/admin/collections';
import { userPages } from '../../src/api/auth/admin/userPages';
import { listOf, type User } from '../../src/api/auth/answers';
import { InvalidRequestError } from '../../src/api/errors';
import { sender, type Send } from '../../src/api/transport';
import { CREDENTIAL, projectOf } from '../../src/n8n/credential';
import { listError } from '../../src/n8n/errors';
import { filtered, inOrder } from '../../src/n8n/lists';

/** How many users the editor shows at once. */
const PAGE = 100;

/** How long to wait for an answer, in milliseconds: a person is looking. */
const TIMEOUT = 10_000;

/** For `methods.listSearch`: the lists of the resource locators. */
export const adminListSearch = {
	searchUsers: searching(usersOf),
	searchOAuthClients: searching(
		keptOf(oauthClients, 'clients', ({ client_id: id, client_name: name }) => ({
			value: String(id),
			name: called(name, id),
		})),
	),
	searchSsoProviders: searching(
		keptOf(ssoProviders, 'items', ({ id, resource_id: resource, domains, saml }) => {
			const known = listOf(domains).map(({ domain }) => String(domain));
			const { entity_id: entity } = Object(saml) as { entity_id?: unknown };
			return { value: String(id), name: called(resource || known.join(', ') || entity, id) };
		}),
	),
	searchCustomProviders: searching(
		keptOf(customProviders, 'providers', ({ identifier, name }) => ({
			value: String(identifier),
			name: called(name, identifier),
		})),
	),
};

interface Asked {
	readonly send: Send;
	/** What the person types into the list. */
	readonly filter: string;
	/** The number of the page. */
	readonly page: number;
}

type List = (asked: Asked) => Promise<INodeListSearchResult>;

function searching(list: List) {
	return async function (
		this: ILoadOptionsFunctions,
		filter = '',
		paginationToken?: string,
	): Promise<INodeListSearchResult> {
		try {
			const project = projectOf(await this.getCredentials(CREDENTIAL));
			if (!project.secretKey) {
				throw new InvalidRequestError(
					'The credential has no Secret Key',
					'Auth Admin works with it alone: add it to the credential.',
				);
			}
			return await list({
				send: sender(project, { authority: { role: 'service_role' }, timeout: TIMEOUT }),
				filter: filter.trim(),
				page: Number(paginationToken ?? 1),
			});
		} catch (error) {
			throw listError(this.getNode(), error, { role: 'service_role' });
		}
	};
}

/** The newest first; the server looks for the filter, in addresses and full names. */
async function usersOf({ send, filter, page }: Asked): Promise<INodeListSearchResult> {
	const pages = userPages(send, {
		filter: filter.toLowerCase() || undefined,
		page,
		perPage: PAGE,
	});
	const { value: users = [] } = await pages.next();
	return {
		results: (users as User[]).map(named),
		paginationToken: users.length === PAGE ? String(page + 1) : undefined,
	};
}

function named({ id, email, phone, is_anonymous: anonymous }: User): INodeListSearchItems {
	const known = email || phone || (anonymous ? `Anonymous (${String(id)})` : id);
	return { name: String(known), value: String(id) };
}

/** A name with its ID, or the ID alone. */
function called(name: unknown, id: unknown): string {
	return typeof name === 'string' && name ? `${name} (${String(id)})` : String(id);
}

function keptOf(
	requests: Collection,
	listKey: string,
	entry: (kept: Readonly<Record<string, unknown>>) => INodeListSearchItems & { name: string },
): List {
	return async ({ send, filter }) => {
		const { body } = await send<Record<string, unknown> | undefined>(requests.list());
		return { results: inOrder(filtered(listOf(body?.[listKey]).map(entry), filter)) };
	};
}
