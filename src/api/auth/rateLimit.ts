/** In seconds: what a limit for an hour asks for at the worst. */
const HOUR = 3600;

/**
 * How long to wait after Auth turned a request away (429), which it tells in its words alone.
 *
 * @param message of Auth
 * @returns as a `Retry-After` would say it; `undefined` where nothing is told, so that one backs off
 */
export function retryAfterIn(message: string): string | undefined {
	const seconds = /only request this after (\d+) second/i.exec(message)?.[1];
	if (seconds) return seconds;
	return /^(e-?mail|sms) rate limit exceeded/i.test(message) ? String(HOUR) : undefined;
}
