import { ADMIN, audit } from '../audit';
import { bodyType } from '../body';
import type { Call, Reply } from '../call';
import { refusal } from '../errors';
import { deleteFactor, factorsOf, type FactorRow } from '../mfa/factors';
import { ok } from '../session/issue';
import { factorJson } from '../user/userJson';
import { phoneOf } from '../account/addresses';
import { namedUser } from './adminUser';

const BODY = bodyType('adminUserUpdateFactorParams', { friendly_name: 'string', phone: 'string' });

export async function listFactors(call: Call): Promise<Reply> {
	const user = await namedUser(call);
	return ok((await factorsOf(call.db, user.id)).map(factorJson));
}

export async function updateFactor(call: Call): Promise<Reply> {
	const factor = await namedFactor(call);
	const { friendly_name: name, phone } = call.body(BODY);
	const changes = {
		...(name ? { friendly_name: name } : {}),
		...(phone && factor.factor_type === 'phone' ? { phone: phoneOf(phone) } : {}),
		updated_at: call.now,
	};
	const [saved] = await call.db<FactorRow[]>`
		update auth.mfa_factors set ${call.db(changes as never)} where id = ${factor.id} returning *`;
	await audit(call, ADMIN, 'factor_updated', { user_id: factor.user_id, factor_id: factor.id });
	return ok(factorJson(saved ?? factor));
}

export async function removeFactor(call: Call): Promise<Reply> {
	const factor = await namedFactor(call);
	await deleteFactor(call.db, factor);
	await audit(call, ADMIN, 'factor_deleted', { user_id: factor.user_id, factor_id: factor.id });
	return ok(factorJson(factor));
}

async function namedFactor(call: Call): Promise<FactorRow> {
	const user = await namedUser(call);
	const factors = await factorsOf(call.db, user.id);
	const factor = factors.find(({ id }) => id === call.param('factor_id').toLowerCase());
	if (!factor) throw refusal('factorNotFound');
	return factor;
}
