import type { ICredentialDataDecryptedObject, ITriggerFunctions } from 'n8n-workflow';

import { senderAsUser } from '../../api/auth/sendAsUser';
import { authorityHeaders } from '../../api/keys';
import type { Project } from '../../api/project';
import type { Grant } from '../../api/realtime/connection';
import type { ListeningRole } from '../../api/realtime/doctor/findings';
import { sender, type Send } from '../../api/transport';
import type { RunAs } from '../runAs';
import { sessionOfNode } from '../userSession';

/** Whose rights a trigger has, on the socket and for what it reads. */
export interface Rights {
	readonly authority: () => Promise<Grant>;
	readonly send: Send;
}

/** The role that policies see. */
export function roleOf(runAs: RunAs): ListeningRole {
	if (runAs === 'user') return 'authenticated';
	return runAs === 'serviceRole' ? 'service_role' : 'anon';
}

/**
 * The rights that Run As stands for.
 *
 * @throws InvalidRequestError where the credential lacks the key for them
 */
export async function authorityFor(
	runAs: RunAs,
	node: Pick<ITriggerFunctions, 'getNode' | 'getCredentials'>,
	credential: ICredentialDataDecryptedObject,
	project: Project,
): Promise<Rights> {
	if (runAs === 'user') {
		const session = await sessionOfNode(node, credential);
		return {
			authority: async () => {
				const accessToken = await session.accessToken();
				return { authority: { role: 'user', accessToken }, expiresAt: session.expiresAt };
			},
			send: senderAsUser(project, {}, session),
		};
	}
	const authority = { role: runAs === 'serviceRole' ? 'service_role' : 'anon' } as const;
	authorityHeaders(project, 'realtime', authority);
	return { authority: async () => ({ authority }), send: sender(project, { authority }) };
}
