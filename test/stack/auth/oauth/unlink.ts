import { audit } from '../audit';
import type { Call, Reply } from '../call';
import { AuthError } from '../errors';
import { ok } from '../session/issue';
import { identitiesOf } from '../user/identities';
import { saveUser } from '../user/users';
import { withProviders } from './account';
import { requireLinking } from './authorize';

/** Takes a way to sign in from a user, who has to keep one. */
export async function unlinkIdentity(call: Call): Promise<Reply> {
	requireLinking(call);
	const { db, now, user } = call;
	const identities = await identitiesOf(db, user.id);
	if (identities.length <= 1)
		throw new AuthError(
			422,
			'single_identity_not_deletable',
			'User must have at least 1 identity after unlinking',
		);
	const identity = identities.find(({ id }) => id === call.param('identity_id').toLowerCase());
	if (!identity) throw new AuthError(422, 'identity_not_found', "Identity doesn't exist");
	await db`delete from auth.identities where id = ${identity.id}`;
	const { id: identity_id, provider, provider_id } = identity;
	const traits = { identity_id, provider, provider_id };
	await audit(call, user, 'identity_unlinked', traits, call.ip);
	const isPhone = identity.provider === 'phone';
	const lost = isPhone ? { phone: null, phone_confirmed_at: null } : {};
	const others = identities.filter(({ id }) => id !== identity.id);
	const email = others.find((one) => one.email)?.email;
	const changes = identity.provider === 'email' && email ? { email } : lost;
	await withProviders(call, await saveUser(db, user, changes, now));
	return ok({});
}
