import { SupabaseApiError } from '../../errors';

/** Refusals with a code that pass all the same: the server is busy, or has waited too long. */
const BUSY = new Set([408, 425, 429]);

/**
 * Whether a failure stays until a person mends it: a function, a queue or a right that is missing, a
 * key that is refused. All else is an outage. PostgREST answers a lost connection to the database
 * with status 400 and an empty code.
 */
export function isLasting(error: unknown): boolean {
	if (!(error instanceof SupabaseApiError)) return true;
	const { outcome, status = 0, code } = error;
	if (outcome !== 'refused' || status < 400 || status > 499 || BUSY.has(status)) return false;
	return status === 401 || status === 403 || Boolean(code);
}
