import { InvalidRequestError } from '../errors';
import type { ApiRequest } from '../request';
import type { Send } from '../transport';
import { modifierHeaders } from './modifiers';

/**
 * Makes sure that the server rolls back when it is asked to. One that does not allow it ignores the
 * wish and writes, so it is asked with a read first: it names what it honours in
 * `Preference-Applied`.
 *
 * @param table one that can be read; its rows are not
 * @throws InvalidRequestError where nothing would be rolled back; nothing was written then
 * @see https://docs.postgrest.org/en/stable/references/api/preferences.html#prefer-tx
 */
export async function requireRollback(
	send: Send,
	schema: string,
	table: string | undefined,
): Promise<void> {
	if (table === undefined) {
		throw new InvalidRequestError(
			'Whether this project allows dry runs cannot be told, as no table of the schema is known',
			'Add the Secret Key to the credential, by which a project describes itself.',
		);
	}
	const probe: ApiRequest = {
		service: 'rest',
		method: 'GET',
		path: [table],
		query: [['limit', '0']],
		headers: modifierHeaders('GET', schema, { dryRun: true }),
	};
	const { headers } = await send(probe);
	if ((headers['preference-applied'] ?? '').includes('tx=rollback')) return;
	throw new InvalidRequestError(
		'This project allows no dry runs: the statement would really be carried out',
		"To allow them: ALTER ROLE authenticator SET pgrst.db_tx_end = 'commit-allow-override'; NOTIFY pgrst, 'reload config'.",
	);
}
