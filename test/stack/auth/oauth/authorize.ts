import type { Call, Reply } from '../call';
import { AuthError } from '../errors';
import { redirectOf } from '../redirects';
import { checkChallenge, startFlow } from '../session/flows';
import { ok } from '../session/issue';
import { providerUrl, requireProvider } from './providers';

/** Sends a person to the provider that they sign in with. */
export async function getAuthorize(call: Call): Promise<Reply> {
	return { status: 302, location: await begin(call) };
}

/** Where a user adds a provider to those that they sign in with. */
export async function linkIdentity(call: Call): Promise<Reply> {
	requireLinking(call);
	const url = await begin(call, call.user.id);
	const wantsUrl = call.query.get('skip_http_redirect') === 'true';
	return wantsUrl ? ok({ url }) : { status: 302, location: url };
}

export function requireLinking({ settings }: Call): void {
	if (!settings.manualLinking)
		throw new AuthError(404, 'manual_linking_disabled', 'Manual linking is disabled');
}

async function begin(call: Call, linkTo?: string): Promise<string> {
	const { query } = call;
	const name = (query.get('provider') ?? '').toLowerCase();
	await requireProvider(call, name);
	const challenge = {
		code_challenge: query.get('code_challenge') ?? '',
		code_challenge_method: query.get('code_challenge_method') ?? '',
	};
	checkChallenge(challenge);
	const flow = await startFlow(call, challenge, 'oauth', {
		provider_type: name,
		referrer: redirectOf(call),
		...(linkTo ? { linking_target_id: linkTo } : {}),
	});
	return await providerUrl(call, name, flow.id);
}
