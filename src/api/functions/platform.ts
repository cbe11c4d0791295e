/**
 * What the platform of edge functions says in `sb-error-code` when it has turned a call away before
 * the function began. All its other codes leave open what the function has done until then.
 *
 * @see https://supabase.com/docs/guides/functions/error-codes
 */
const TURNED_AWAY =
	/^(NOT_FOUND|NOT_FOUND_FUNCTION_BLOB|LOAD_FUNCTION_\w+|BOOT_ERROR|RATE_LIMIT_EXCEEDED|UNAUTHORIZED_\w+|INVALID_URL)$/;

/** Whether an error's code proves that the function was not run. */
export function didNotRun(code: string): boolean {
	return TURNED_AWAY.test(code);
}
