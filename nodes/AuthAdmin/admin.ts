import { InvalidRequestError } from '../../src/api/errors';
import type { Authority } from '../../src/api/keys';
import type { Project } from '../../src/api/project';
import { operation, type Operation } from '../../src/n8n/operation';
import type { ItemParameters } from '../../src/n8n/parameters';

/**
 * The secret key, and no other.
 *
 * @throws InvalidRequestError where the credential has none
 */
export function asAdmin(_get: ItemParameters, { secretKey }: Project): Authority {
	if (secretKey) return { role: 'service_role' };
	throw new InvalidRequestError(
		'The credential has no Secret Key',
		'Auth Admin works with the secret key alone: add it to the credential. It is in the dashboard under Project Settings, API Keys.',
	);
}

/** An operation of Auth Admin: there is no Run As, since nobody but the secret key may do it. */
export function adminOperation<Plan>(definition: Operation<Plan>): Operation {
	return operation<Plan>({ authority: asAdmin, role: 'service_role', ...definition });
}
