/** Clauses of what others call: no schema is searched that a caller could have put something in. */
export const SAFE = `security definer set search_path = pg_catalog, pg_temp`;

/**
 * The same for the functions that make a row to JSON, which follows the session of whoever writes: its time
 * zone, how it prints floats, bytes, intervals, and what stands in ranges, in money and in names.
 */
export const PINNED = `${SAFE}
	set timezone = 'UTC' set datestyle = 'ISO, YMD' set intervalstyle = 'iso_8601'
	set extra_float_digits = 1 set bytea_output = 'hex' set lc_monetary = 'C' set quote_all_identifiers = off`;
