import type { Call, Reply } from '../call';
import { AuthError, invalid, Redirect, refusal } from '../errors';
import { redirectOf } from '../redirects';
import { PKCE_PREFIX } from '../send/codes';
import { issueCode } from '../session/flows';
import { openSession, sessionFragment, sortedQuery } from '../session/issue';
import type { Method } from '../session/sessions';
import { confirm } from './confirm';
import { FIRST_OF_TWO, verifyHash } from './verify';

/** What a link's type is called among the methods of a session. */
const METHODS: Record<string, Method> = {
	signup: 'email/signup',
	invite: 'invite',
	magiclink: 'magiclink',
	recovery: 'recovery',
	email_change: 'email_change',
};

/** A link in a mail: leads on with tokens in the fragment, or with a code where it began with PKCE. */
export async function getVerify(call: Call): Promise<Reply> {
	const token = call.query.get('token') ?? '';
	const type = call.query.get('type') ?? '';
	if (type === '') throw invalid('Verify requires a verification type');
	if (token === '') throw invalid('Verify requires a token or a token hash');
	const target = redirectOf(call);
	const isPkce = token.startsWith(PKCE_PREFIX);
	try {
		return { status: 303, location: await follow(call, token, type, target, isPkce) };
	} catch (error) {
		if (error instanceof AuthError) throw new Redirect(errorLocation(error, target, isPkce));
		throw error;
	}
}

async function follow(
	call: Call,
	token: string,
	type: string,
	target: string,
	isPkce: boolean,
): Promise<string> {
	const verified = await verifyHash(call, type, token);
	const user = await confirm(call, verified.type, verified.user, token);
	if (!user) return withMessage(target, { message: FIRST_OF_TWO }, isPkce);
	if (!isPkce)
		return `${target}#${sessionFragment(await openSession(call, user, 'otp'), { type })}`;
	const code = await issueCode(call, user.id, METHODS[type] ?? 'magiclink');
	if (code === undefined) throw refusal('noFlow');
	return withQuery(target, { code });
}

/** What OAuth calls the errors of a status. */
const OAUTH_ERRORS: Record<number, string> = {
	400: 'invalid_request',
	401: 'unauthorized_client',
	403: 'access_denied',
	500: 'server_error',
	503: 'temporarily_unavailable',
};

/** Where an error is told: in the fragment, and in the query as well where the way began with PKCE. */
export function errorLocation(
	{ status, code, message }: Pick<AuthError, 'status' | 'code' | 'message'>,
	target: string,
	inQuery: boolean,
): string {
	const error = OAUTH_ERRORS[status];
	const values = { ...(error ? { error } : {}), error_code: code, error_description: message };
	return withMessage(target, values, inQuery);
}

function withMessage(target: string, values: Record<string, string>, inQuery: boolean): string {
	const base = inQuery ? withQuery(target, values) : target;
	return `${base}#${sortedQuery({ ...values, sb: '' })}`;
}

export function withQuery(target: string, values: Record<string, string>): string {
	const [base = '', query = ''] = target.split('#')[0]?.split('?') ?? [];
	return `${base}?${sortedQuery({ ...Object.fromEntries(new URLSearchParams(query)), ...values })}`;
}
