import { authorityHeaders } from '../../../src/api/keys';
import type { Operation } from '../../../src/n8n/operation';
import { signOut } from '../../Auth/session/signOut';
import { asAdmin } from '../admin';

/** The same as users do with their own token; the key beside it is the secret one where it is the only one. */
export const signOutUser: Operation = {
	...signOut,
	description: 'End sessions of the user whose access token it is',
	authority(get, project) {
		asAdmin(get, project);
		const authority = { role: 'user', accessToken: get.required('accessToken') } as const;
		authorityHeaders(project, 'auth', authority);
		return authority;
	},
};
