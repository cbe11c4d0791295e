import { audit } from '../audit';
import type { Call, Reply } from '../call';
import { refusal } from '../errors';
import { ok } from '../session/issue';
import { factorOf } from './challenge';
import { deleteFactor } from './factors';

/** Removes a factor of the user; one that counts only in a session of the second level. */
export async function deleteOwnFactor(call: Call): Promise<Reply> {
	const factor = await factorOf(call);
	if (factor.status === 'verified' && call.session?.aal !== 'aal2') throw refusal('aalForUnenroll');
	await deleteFactor(call.db, factor);
	const { id, status } = factor;
	const traits = { factor_id: id, factor_status: status, session_id: call.session?.id };
	await audit(call, call.user, 'factor_unenrolled', traits, call.ip);
	return ok({ id });
}
