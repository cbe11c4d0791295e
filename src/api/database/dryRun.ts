import { InvalidRequestError } from '../errors';
import type { ApiRequest } from '../request';
import type { Send } from '../transport';
import { modifierHeaders } from './modifiers';

/**
 * Makes sure that the server rolls back when it is asked to. One that does not allow it ignores the
 * wish and writes, so it is asked with a read first: it names what it honours in
 * `Preference-Applied`.
 *
 * @param path of a table that can be read, or the root of the interface
 * @throws InvalidRequestError where nothing would be rolled back; nothing was written then
 * @see https://docs.postgrest.org/en/stable/references/api/preferences.html#prefer-tx
 */
export async function requireRollback(
	send: Send,
	schema: string,
	path: readonly string[],
): Promise<void> {
	const probe: ApiRequest = {
		service: 'rest',
		method: 'GET',
		path,
		query: path[0] ? [['limit', '0']] : [],
		headers: modifierHeaders('GET', schema, { dryRun: true }),
	};
	const { headers } = await send(probe);
	if ((headers['preference-applied'] ?? '').includes('tx=rollback')) return;
	throw new InvalidRequestError(
		'This project allows no dry runs: the statement would really be carried out',
		"To allow them: ALTER ROLE authenticator SET pgrst.db_tx_end = 'commit-allow-override'; NOTIFY pgrst, 'reload config'.",
	);
}
