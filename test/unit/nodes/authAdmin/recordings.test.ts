import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { InvalidRequestError, readErrorBody, SupabaseApiError } from '../../../../src/api/errors';
import type { ApiRequest, ApiResponse } from '../../../../src/api/request';
import type { Operation, Result, Run } from '../../../../src/n8n/operation';
import { parameterReader } from '../../../../src/n8n/parameters';
import { getAudit } from '../../../../nodes/AuthAdmin/auditLog/getAll';
import * as custom from '../../../../nodes/AuthAdmin/customProvider/customProvider';
import { deleteFactor } from '../../../../nodes/AuthAdmin/factor/delete';
import { getFactors } from '../../../../nodes/AuthAdmin/factor/getAll';
import * as oauth from '../../../../nodes/AuthAdmin/oauthClient/oauthClient';
import { regenerateSecret } from '../../../../nodes/AuthAdmin/oauthClient/regenerateSecret';
import { deletePasskey } from '../../../../nodes/AuthAdmin/passkey/delete';
import { getPasskeys } from '../../../../nodes/AuthAdmin/passkey/getAll';
import * as sso from '../../../../nodes/AuthAdmin/ssoProvider/ssoProvider';
import { createUser } from '../../../../nodes/AuthAdmin/user/create';
import { deleteUser } from '../../../../nodes/AuthAdmin/user/delete';
import { generateLink } from '../../../../nodes/AuthAdmin/user/generateLink';
import { getUser } from '../../../../nodes/AuthAdmin/user/get';
import { getUsers } from '../../../../nodes/AuthAdmin/user/getAll';
import { inviteUser } from '../../../../nodes/AuthAdmin/user/invite';
import { signOutUser } from '../../../../nodes/AuthAdmin/user/signOut';
import { updateUser } from '../../../../nodes/AuthAdmin/user/update';

type Json = Record<string, unknown>;

interface Exchange {
	readonly op: string;
	readonly case: string;
	readonly request: { readonly method: string; readonly path: string; readonly body?: unknown };
	readonly response: {
		readonly status: number;
		readonly headers: Readonly<Record<string, string>>;
		readonly body: unknown;
	};
}

const exchanges = readFileSync(join(__dirname, '../../../fixtures/auth/exchanges.jsonl'), 'utf8')
	.trim()
	.split('\n')
	.map((line) => JSON.parse(line) as Exchange)
	.filter(({ op }) => op.startsWith('admin.'));

const operations: Readonly<Record<string, Operation>> = {
	'user.create': createUser,
	'user.get': getUser,
	'user.getAll': getUsers,
	'user.update': updateUser,
	'user.delete': deleteUser,
	'user.invite': inviteUser,
	'user.generateLink': generateLink,
	'user.signOut': signOutUser,
	'factor.getAll': getFactors,
	'factor.delete': deleteFactor,
	'passkey.getAll': getPasskeys,
	'passkey.delete': deletePasskey,
	'audit.getAll': getAudit,
	'oauthClient.create': oauth.createOAuthClient,
	'oauthClient.get': oauth.getOAuthClient,
	'oauthClient.getAll': oauth.getOAuthClients,
	'oauthClient.update': oauth.updateOAuthClient,
	'oauthClient.delete': oauth.deleteOAuthClient,
	'oauthClient.regenerateSecret': regenerateSecret,
	'ssoProvider.create': sso.createSsoProvider,
	'ssoProvider.get': sso.getSsoProvider,
	'ssoProvider.getAll': sso.getSsoProviders,
	'ssoProvider.update': sso.updateSsoProvider,
	'ssoProvider.delete': sso.deleteSsoProvider,
	'customProvider.create': custom.createCustomProvider,
	'customProvider.get': custom.getCustomProvider,
	'customProvider.getAll': custom.getCustomProviders,
	'customProvider.update': custom.updateCustomProvider,
	'customProvider.delete': custom.deleteCustomProvider,
};

/** The name of a field of the form: `user_metadata` is User Metadata, `userMetadata`. */
const fieldOf = (key: string) =>
	({ data: 'userMetadata', name: 'providerName' })[key] ??
	key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

const asText = (value: unknown) => (Array.isArray(value) ? value.join(', ') : value);

const fields = (body: Json, without: readonly string[] = []) =>
	Object.fromEntries(
		Object.entries(body)
			.filter(([key]) => !without.includes(key))
			.map(([key, value]) => [fieldOf(key), asText(value)]),
	);

/** The parameters by which the node asks what was recorded. */
function parametersOf({ op, request }: Exchange): IDataObject {
	const [path = '', search = ''] = request.path.replace('/auth/v1', '').split('?');
	const [, , , , ...ids] = path.split('/');
	const body = (typeof request.body === 'object' ? request.body : {}) as Json;
	const query = new URLSearchParams(search);
	const [, resource = '', verb = ''] = op.split('.');
	const locator = (value = '', mode = 'id') => ({ __rl: true, mode, value });
	const redirect = query.get('redirect_to');
	const options = {
		...(body.data !== undefined && { userMetadata: body.data }),
		...(redirect && { redirectTo: redirect }),
	};
	if (op === 'admin.user.create') {
		const { email, password, email_confirm: emailConfirm = false, ...more } = body;
		return { email, password, emailConfirm, additionalFields: fields(more) } as IDataObject;
	}
	if (op === 'admin.user.invite') return { email: body.email, options } as IDataObject;
	if (op === 'admin.user.generateLink') {
		const { type, email, password, new_email: newEmail } = body;
		return { linkType: type, email, password, newEmail, options } as IDataObject;
	}
	if (op === 'admin.user.getAll' || op === 'admin.audit.getAll') {
		const [scope = '', text = ''] = (query.get('query') ?? '').split(':');
		return {
			returnAll: false,
			limit: Number(query.get('per_page')) || 50,
			options: {
				...(Number(query.get('page')) > 0 && { page: Number(query.get('page')) }),
				...(query.get('filter') && { filter: query.get('filter') }),
				...(scope && { [scope]: text }),
			},
		};
	}
	if (op === 'admin.user.signOut') {
		return { accessToken: 'a.b.c', scope: query.get('scope') };
	}
	if (resource === 'user' || resource === 'factor' || resource === 'passkey') {
		const user = locator(path.split('/')[3]);
		const id = path.split('/')[5];
		return {
			user,
			...(resource === 'user' && { softDelete: body.should_soft_delete ?? false }),
			...(id && { [resource === 'factor' ? 'factorId' : 'passkeyId']: id }),
			updateFields: fields(body),
		} as IDataObject;
	}
	const id = path.split('/')[resource === 'customProvider' ? 3 : 4] ?? ids[0];
	const own = { [resource]: locator(id?.replace(/^resource_/, '')) };
	if (verb === 'create') {
		return {
			...fields(body),
			metadataFrom: body.metadata_xml ? 'xml' : 'url',
			additionalFields: fields(body),
		} as IDataObject;
	}
	const filters = [...query].filter(([key]) => !/^(page|per_page)$/.test(key));
	const { type, ...wanted } = Object.fromEntries(
		filters.map(([key, value]) => [fieldOf(key), value]),
	);
	return {
		...own,
		updateFields: fields(body),
		options: { ...wanted, ...(type && { providerType: type }) },
	} as IDataObject;
}

/** Runs an operation on one item, as the runner does, with a `send` that answers what was recorded. */
async function run(exchange: Exchange) {
	const requests: ApiRequest[] = [];
	const { status, headers, body } = exchange.response;
	const send = async (request: ApiRequest): Promise<ApiResponse> => {
		requests.push(request);
		await Promise.resolve();
		if (status < 300) return { status, headers: { ...headers, link: '' }, body };
		const text = typeof body === 'string' ? body : JSON.stringify(body);
		throw new SupabaseApiError('auth', 'refused', readErrorBody(status, headers, text, 'auth'));
	};
	const operation = operations[exchange.op.replace('admin.', '')] as Operation;
	const parameters = Object.fromEntries(
		Object.entries(parametersOf(exchange)).filter(([, value]) => value !== undefined),
	);
	const node = {
		getInputData: () => [{ json: {} }],
		getNodeParameter: (name: string, _item: number, fallback: unknown) =>
			parameters[name] ?? fallback,
	} as unknown as IExecuteFunctions;
	const plan = operation.compile(parameterReader(node, operation.parameters)(0));
	const job = { item: 0, plan, send, sendAfterCancel: send } as never;
	const hints: string[] = [];
	const results = await operation.execute([job], {
		continueOnFail: true,
		hint: (text: string) => hints.push(text),
	} as unknown as Run);
	return { results, requests, hints };
}

const known = exchanges.filter(({ op }) => operations[op.replace('admin.', '')]);
const cases = known
	// The client reads a user before it deletes them; pages that nobody can ask for.
	.filter(({ op, request }) => op !== 'admin.user.delete' || request.method === 'DELETE')
	.map((exchange, n) => ({ name: `${n + 1} ${exchange.op}: ${exchange.case}`, exchange }));

test('nearly all that was recorded of admins can be asked with the node', () => {
	const without = new Set(exchanges.filter((each) => !known.includes(each)).map(({ op }) => op));
	expect([...without]).toEqual(['admin.factor.update']);
	expect(cases.length).toBeGreaterThan(210);
});

test.each(cases)('$name', async ({ exchange }) => {
	const { status, body } = exchange.response;
	const answer = await run(exchange).catch((error: unknown) => {
		expect(error).toBeInstanceOf(InvalidRequestError);
		return undefined;
	});
	if (!answer) {
		// What is refused before it is sent, the service would not have taken, or took no notice of.
		expect(status >= 400 || HARMLESS.test(exchange.case)).toBe(true);
		return;
	}
	const [first] = answer.requests;
	const path = `/auth/v1/${(first?.path ?? []).join('/')}`;
	expect(first?.method).toBe(exchange.request.method);
	if (!RAW.test(exchange.case)) expect(path).toBe(exchange.request.path.split('?')[0]);
	expectRead(answer.results, exchange, status, body);
});

/** Refused by the node although the service takes it: nothing would come of it. */
const HARMLESS = /^nothing$|^password_hash \(not taken|by resource_id|no body: hard|cursor server/;

/** Where the recording asked for what the node has another way to ask. */
const RAW = /raw|resource_id/;

function expectRead(
	results: readonly Result[],
	{ op, case: name }: Exchange,
	status: number,
	body: unknown,
): void {
	const [result] = results;
	if (status >= 400) {
		if (op === 'admin.user.signOut' && /ended/.test(name)) {
			expect(result).toMatchObject({ json: { success: true, alreadySignedOut: true } });
			return;
		}
		const { error } = result as { error: SupabaseApiError };
		const told = Object(body) as Record<string, string>;
		expect(error).toBeInstanceOf(SupabaseApiError);
		expect([error.status, error.code]).toEqual([status, told.error_code ?? told.code]);
		return;
	}
	const json = results.map((each) => ('json' in each ? each.json : { error: String(each.error) }));
	const told = Object(body) as Record<string, Json[]>;
	switch (op.replace('admin.', '')) {
		case 'user.getAll':
			return expect(json).toEqual(told.users);
		case 'audit.getAll':
		case 'factor.getAll':
		case 'passkey.getAll':
			return expect(json).toEqual(body);
		case 'oauthClient.getAll':
			return expect(json).toEqual(told.clients ?? []);
		case 'ssoProvider.getAll':
			return expect(json).toEqual(told.items);
		case 'customProvider.getAll':
			return expect(json).toEqual(told.providers);
		case 'user.generateLink':
			return expectLink(json[0] ?? {}, body as Json);
		case 'user.signOut':
			return expect(json).toEqual([{ success: true }]);
		case 'factor.delete':
			return expect(json[0]).toMatchObject(body as Json);
	}
	if (op.endsWith('.delete')) return expect(json[0]).toMatchObject({ deleted: true });
	expect(json).toEqual([body]);
}

/** The link apart from the user; the token is that of the link, which is the one that works. */
function expectLink(json: IDataObject, body: Json): void {
	const { action_link, email_otp, hashed_token, verification_type, redirect_to, ...user } = body;
	const inLink = new URL(action_link as string).searchParams;
	expect(json).toMatchObject({
		link: action_link,
		code: email_otp,
		hashedToken: inLink.get('token'),
		verificationType: inLink.get('type'),
		redirectTo: redirect_to,
	});
	expect(json.user).toEqual(user);
	const isNewAddress = verification_type === 'email_change_new';
	expect(json.hashedToken === hashed_token).toBe(!isNewAddress || user.new_email === undefined);
}
