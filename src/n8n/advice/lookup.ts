import type { SupabaseApiError } from '../../api/errors';
import type { Service } from '../../api/service';
import type { Advice, ErrorContext, Found, ServiceAdvice } from './advice';
import { AUTH } from './auth';
import { FUNCTIONS } from './functions';
import { GATEWAY } from './gateway';
import { REALTIME } from './realtime';
import { REST } from './rest';
import { STORAGE } from './storage';
import { fill } from './texts';

/** One line for each service that a node uses. */
const SERVICES: Partial<Record<Service, ServiceAdvice>> = {
	rest: REST,
	auth: AUTH,
	storage: STORAGE,
	functions: FUNCTIONS,
	realtime: REALTIME,
};

/** What a person is told about an error, beside what the service itself says. */
export interface Explanation {
	/** What is wrong; not there where the service's own message is the best there is. */
	readonly title?: string;
	/** What to do. */
	readonly mend?: string;
}

/**
 * Says in a person's words what is wrong and how to mend it.
 *
 * @param error what the service, or the gateway before it, refused
 * @param context what was asked for, as far as it is known
 */
export function explain(error: SupabaseApiError, context: ErrorContext = {}): Explanation {
	const own = SERVICES[error.service];
	return (own && find(error, context, own)) ?? find(error, context, GATEWAY) ?? {};
}

function find(
	error: SupabaseApiError,
	context: ErrorContext,
	{ advice, words = {} }: ServiceAdvice,
): Explanation | undefined {
	for (const each of advice) {
		const found = fits(each, error, context);
		if (!found) continue;
		const title = each.title && fill(each.title, found, words, context);
		const mend = fill(each.mend, found, words, context);
		if (mend !== undefined && (title !== undefined || !each.title)) return { title, mend };
	}
	return undefined;
}

/** The words that the advice finds in the error; `undefined` where it is about something else. */
function fits(advice: Advice, error: SupabaseApiError, context: ErrorContext): Found | undefined {
	const { code = '', status = '', message, details = '', hint = '' } = error;
	// First what most have, as many items may have failed.
	if (advice.code && !advice.code.test(code)) return undefined;
	const found: Record<string, string | undefined> = {};
	const pairs: Array<readonly [RegExp | undefined, string]> = [
		[advice.code, code],
		[advice.status, String(status)],
		[advice.message, message],
		[advice.details, details],
		[advice.hint, hint],
		[advice.on, context.operation ?? ''],
		[advice.as, context.role ?? ''],
	];
	for (const [pattern, text] of pairs) {
		if (!pattern) continue;
		const match = pattern.exec(text);
		if (!match) return undefined;
		Object.assign(found, match.groups);
	}
	return found;
}
