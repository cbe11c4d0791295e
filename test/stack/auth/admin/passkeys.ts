import type { Call, Reply } from '../call';
import { invalid } from '../errors';
import { ok } from '../session/issue';
import { namedUser } from './adminUser';

interface PasskeyRow {
	id: string;
	friendly_name: string;
	created_at: Date;
	last_used_at: Date | null;
}

/** A user's passkeys. They are made by a browser and its authenticator, which the stack has not. */
export async function listPasskeys(call: Call): Promise<Reply> {
	const user = await namedUser(call);
	const passkeys = await call.db<PasskeyRow[]>`
		select * from auth.webauthn_credentials where user_id = ${user.id} order by created_at`;
	return ok(
		passkeys.map(({ id, friendly_name, created_at, last_used_at }) => ({
			id,
			friendly_name,
			created_at,
			...(last_used_at ? { last_used_at } : {}),
		})),
	);
}

export async function deletePasskey(call: Call): Promise<Reply> {
	const user = await namedUser(call);
	const deleted = await call.db`
		delete from auth.webauthn_credentials
		where user_id = ${user.id} and id = ${call.param('passkey_id')} returning id`;
	if (deleted.length === 0) throw invalid('Passkey not found', 404);
	return { status: 204 };
}
