import { audit } from '../audit';
import { bodyType, type Read } from '../body';
import type { Call, Reply } from '../call';
import { invalid, refusal } from '../errors';
import { sendEmailChange, sendMail } from '../send/mails';
import { sendText } from '../send/texts';
import { checkChallenge, startFlow } from '../session/flows';
import { ok } from '../session/issue';
import { findUser, type UserRow } from '../user/users';
import { emailOf, phoneOf } from './addresses';

const BODY = bodyType('ResendConfirmationParams', {
	type: 'string',
	email: 'string',
	phone: 'string',
	code_challenge: 'string',
	code_challenge_method: 'string',
});

type Params = Read<typeof BODY.shape>;

/** What can be sent again: whether a user waits for it, and how it is sent. */
const KINDS: Record<
	string,
	{
		needs?: 'email' | 'phone';
		waits: (user: UserRow) => boolean;
		send: (call: Call, user: UserRow, params: Params) => Promise<string | undefined>;
	}
> = {
	signup: {
		needs: 'email',
		waits: ({ email_confirmed_at }) => email_confirmed_at === null,
		send: async (call, user, params) => {
			await audit(call, user, 'user_confirmation_requested');
			await sendMail(call, user, 'signup', await withFlow(call, user, params, 'email/signup'));
			return undefined;
		},
	},
	email_change: {
		waits: ({ email_change }) => email_change !== '',
		send: async (call, user, params) => {
			const isPkce = await withFlow(call, user, params, 'email_change');
			await sendEmailChange(call, user, user.email_change, isPkce);
			return undefined;
		},
	},
	sms: {
		needs: 'phone',
		waits: ({ phone_confirmed_at }) => phone_confirmed_at === null,
		send: async (call, user) => {
			await audit(call, user, 'user_recovery_requested');
			return (await sendText(call, user, user.phone ?? '', 'confirmation', 'sms')).messageId;
		},
	},
	phone_change: {
		waits: ({ phone_change }) => phone_change !== '',
		send: async (call, user) =>
			(await sendText(call, user, user.phone_change, 'phone_change', 'sms')).messageId,
	},
};

/** Sends once more what a user waits for. Of unknown addresses nothing shows. */
export async function postResend(call: Call): Promise<Reply> {
	const params = call.body(BODY);
	const kind = KINDS[params.type];
	if (!kind) throw invalid('Missing one of these types: signup, email_change, sms, phone_change');
	if (params.type === 'signup' || params.type === 'email_change') checkChallenge(params);
	if (kind.needs === 'email' && params.email === '')
		throw invalid('Type provided requires an email address');
	if (kind.needs === 'phone' && params.phone === '')
		throw invalid('Type provided requires a phone number');
	const user = await userOf(call, params);
	if (!user || !kind.waits(user)) return ok({});
	const messageId = await kind.send(call, user, params);
	return ok(messageId === undefined ? {} : { message_id: messageId });
}

async function userOf(
	{ db, settings, audience: aud }: Call,
	{ email, phone }: Params,
): Promise<UserRow | undefined> {
	if (email !== '' && phone !== '')
		throw invalid('Only an email address or phone number should be provided.');
	if (email === '' && phone === '') throw invalid('Missing email address or phone number');
	if (email !== '') {
		if (!settings.email.enabled) throw refusal('emailResendDisabled');
		return await findUser(db, { email: emailOf(email), aud });
	}
	if (!settings.phone.enabled) throw refusal('phoneResendDisabled');
	return await findUser(db, { phone: phoneOf(phone), aud });
}

/** @returns whether the link is to come back with a code */
async function withFlow(
	call: Call,
	{ id }: UserRow,
	params: Params,
	method: 'email/signup' | 'email_change',
): Promise<boolean> {
	if (params.code_challenge === '') return false;
	await startFlow(call, params, method, { provider_type: method, user_id: id });
	return true;
}
