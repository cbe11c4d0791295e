import type { ApiRequest } from '../../request';
import { authRequest } from '../request';

/** `GET /admin/users/{id}/factors`: a bare list. */
export function listFactors(userId: string): ApiRequest {
	return authRequest('GET', ['admin', 'users', userId, 'factors']);
}

/** `DELETE /admin/users/{id}/factors/{id}`: the factor that is gone; sessions it opened fall back. */
export function deleteFactor(userId: string, factorId: string): ApiRequest {
	return authRequest('DELETE', ['admin', 'users', userId, 'factors', factorId]);
}

/** `GET /admin/users/{id}/passkeys`: a bare list. */
export function listPasskeys(userId: string): ApiRequest {
	return authRequest('GET', ['admin', 'users', userId, 'passkeys']);
}

/** `DELETE /admin/users/{id}/passkeys/{id}`: no answer. */
export function deletePasskey(userId: string, passkeyId: string): ApiRequest {
	return authRequest('DELETE', ['admin', 'users', userId, 'passkeys', passkeyId]);
}
