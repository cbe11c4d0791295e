import { UUID } from '../body';
import type { Call, Reply } from '../call';
import { AuthError, invalid } from '../errors';
import {
	checkClient,
	clientJson,
	clientParams,
	findClient,
	hashOfSecret,
	newSecret,
	registerClient,
	requireOAuthServer,
	type ClientRow,
} from '../oauthServer/clients';
import { ok } from '../session/issue';

export async function createClient(call: Call): Promise<Reply> {
	requireOAuthServer(call);
	const { client, secret } = await registerClient(call, clientParams(call), 'manual');
	return { status: 201, body: clientJson(client, secret) };
}

/** All of them at once, the newest first; without a list where there are none. */
export async function listClients(call: Call): Promise<Reply> {
	requireOAuthServer(call);
	const clients = await call.db<ClientRow[]>`
		select * from auth.oauth_clients where deleted_at is null order by created_at desc`;
	return ok(clients.length === 0 ? {} : { clients: clients.map((one) => clientJson(one)) });
}

export async function getClient(call: Call): Promise<Reply> {
	return ok(clientJson(await namedClient(call)));
}

export async function updateClient(call: Call): Promise<Reply> {
	const client = await namedClient(call);
	const params = clientParams(call);
	delete params.client_type;
	if (Object.keys(params).length === 0) throw invalid('No fields provided for update');
	if (params.redirect_uris?.length === 0) throw invalid('redirect_uris cannot be empty');
	checkClient(params, client.client_type);
	const { redirect_uris: uris, grant_types: grants, ...plain } = params;
	const changes = {
		...plain,
		...(uris ? { redirect_uris: uris.join(',') } : {}),
		...(grants ? { grant_types: grants.join(',') } : {}),
		updated_at: call.now,
	};
	return ok(clientJson(await save(call, client, changes)));
}

export async function regenerateSecret(call: Call): Promise<Reply> {
	const client = await namedClient(call);
	if (client.client_type === 'public') throw invalid('Cannot regenerate secret for public client');
	const secret = newSecret();
	const changes = { client_secret_hash: hashOfSecret(secret), updated_at: call.now };
	return ok(clientJson(await save(call, client, changes), secret));
}

export async function deleteClient(call: Call): Promise<Reply> {
	const client = await namedClient(call);
	await call.db`delete from auth.sessions where oauth_client_id = ${client.id}`;
	await call.db`delete from auth.oauth_clients where id = ${client.id}`;
	return { status: 204 };
}

async function save({ db }: Call, { id }: ClientRow, changes: object): Promise<ClientRow> {
	const [client] = await db<ClientRow[]>`
		update auth.oauth_clients set ${db(changes as never)} where id = ${id} returning *`;
	return client as ClientRow;
}

async function namedClient(call: Call): Promise<ClientRow> {
	requireOAuthServer(call);
	const id = call.param('client');
	if (!UUID.test(id)) throw invalid('invalid client_id format');
	const client = await findClient(call.db, id);
	if (!client) throw new AuthError(404, 'oauth_client_not_found', 'OAuth client not found');
	return client;
}
