/** Clauses of every function: no schema of the person's is searched. */
export const SAFE = `security definer set search_path = ''`;

/**
 * The same for the functions that make a row to JSON, which follows the session of whoever writes: its time
 * zone, how it prints floats, bytes, intervals, and what stands in ranges and in money.
 */
export const PINNED = `${SAFE}
	set timezone = 'UTC' set datestyle = 'ISO, YMD' set intervalstyle = 'iso_8601'
	set extra_float_digits = 1 set bytea_output = 'hex' set lc_monetary = 'C'`;
