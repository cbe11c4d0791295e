import { audit } from '../audit';
import { bodyType } from '../body';
import type { Call, Reply } from '../call';
import { invalid, refusal } from '../errors';
import { sendMail } from '../send/mails';
import { checkChallenge, startFlow } from '../session/flows';
import { ok } from '../session/issue';
import { findUser } from '../user/users';
import { emailOf } from './addresses';

const BODY = bodyType('RecoverParams', {
	email: 'string',
	code_challenge: 'string',
	code_challenge_method: 'string',
});

/** Mails a link by which a new password can be set. Of unknown addresses nothing shows. */
export async function postRecover(call: Call): Promise<Reply> {
	if (!call.settings.email.enabled) throw refusal('emailResendDisabled');
	const params = call.body(BODY);
	if (params.email === '') throw invalid('Password recovery requires an email');
	const email = emailOf(params.email);
	checkChallenge(params);
	const user = await findUser(call.db, { email, aud: call.audience });
	if (!user) return ok({});
	const isPkce = params.code_challenge !== '';
	if (isPkce)
		await startFlow(call, params, 'recovery', { provider_type: 'recovery', user_id: user.id });
	await audit(call, user, 'user_recovery_requested');
	await sendMail(call, user, 'recovery', isPkce);
	return ok({});
}
