import { SupabaseApiError } from '../errors';
import { didNotRun } from '../functions/platform';
import type { Project } from '../project';
import type { ApiRequest } from '../request';
import { send, type Send, type SendOptions } from '../transport';
import { isFinal, type UserSession } from './userSession';

/**
 * Binds a project, options and a user's session to `send`: each request has a token that is good.
 *
 * A token that a service refuses is forgotten, and what it refused is sent once more with a new one.
 * Where the user cannot sign in, or new tokens are refused as well, it is not tried again.
 */
export function senderAsUser(
	project: Project,
	options: Omit<SendOptions, 'authority'>,
	session: UserSession,
): Send {
	let failure: SupabaseApiError | undefined;
	let isPointless = false;

	async function accessToken(): Promise<string> {
		if (failure) throw failure;
		return await session.accessToken().catch((error: unknown) => {
			if (isFinal(error)) failure = error;
			throw error;
		});
	}

	return async <Body>(request: ApiRequest) => {
		const sendWith = async (token: string) =>
			await send<Body>(project, request, {
				...options,
				authority: { role: 'user', accessToken: token },
			});
		const first = await accessToken();
		return await sendWith(first).catch(async (refused: unknown) => {
			if (isPointless || !refusesToken(refused)) throw refused;
			session.forget(first);
			return await sendWith(await accessToken()).catch((error: unknown) => {
				isPointless = refusesToken(error);
				throw error;
			});
		});
	};
}

/** How the services say that a token has expired, was revoked, or is not one of theirs. */
const REFUSES_TOKEN =
	/jwt|jws|"exp" claim|signature verification|^PGRST30[13]|session_not_found|user_not_found/i;

/** Whether it was the token that a service refused; what an edge function says itself is not about it. */
export function refusesToken(error: unknown): boolean {
	if (!(error instanceof SupabaseApiError) || error.outcome !== 'refused') return false;
	const { service, status = 0, code = '', message } = error;
	if (status !== 401 && status !== 403) return false;
	if (service === 'functions') return /JWT/.test(code) && didNotRun(code);
	return REFUSES_TOKEN.test(`${code} ${message}`);
}
