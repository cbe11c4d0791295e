import { audit } from '../audit';
import type { Call, Reply } from '../call';
import { invalid } from '../errors';
import { endSessions } from './sessions';

/** Ends sessions of the user: this one, all others, or all of them. */
export async function postLogout(call: Call): Promise<Reply> {
	const { db, user, session } = call;
	const scope = call.query.get('scope') || 'global';
	if (!['global', 'local', 'others'].includes(scope))
		throw invalid(`Unsupported logout scope "${scope}"`);
	await audit(call, user, 'logout');
	const which =
		scope === 'local' ? { only: session?.id } : scope === 'others' ? { except: session?.id } : {};
	await endSessions(db, user.id, which);
	return { status: 204 };
}
