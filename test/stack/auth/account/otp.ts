import { audit } from '../audit';
import { bodyType, type Read } from '../body';
import type { Call, Reply } from '../call';
import { invalid, refusal } from '../errors';
import { sendMail } from '../send/mails';
import { channelOf, sendText } from '../send/texts';
import { checkChallenge, startFlow } from '../session/flows';
import { ok } from '../session/issue';
import { findUser, type UserRow } from '../user/users';
import { emailOf, phoneOf } from './addresses';
import { signUp, unknownPassword, type SignupParams } from './signup';

const BODY = bodyType('OtpParams', {
	email: 'string',
	phone: 'string',
	create_user: 'any',
	data: 'object',
	channel: 'string',
	code_challenge: 'string',
	code_challenge_method: 'string',
});

type OtpParams = Read<typeof BODY.shape>;

/** Sends a code, and a link where it is a mail, by which somebody signs in without a password. */
export async function postOtp(call: Call): Promise<Reply> {
	const params = call.body(BODY);
	if (params.email !== '' && params.phone !== '')
		throw invalid('Only an email address or phone number should be provided');
	if (params.email !== '' && params.channel !== '')
		throw invalid('Channel should only be specified with Phone OTP');
	checkChallenge(params);
	if (params.create_user === false && !(await isKnown(call, params))) throw refusal('otpDisabled');
	if (params.email !== '') return await sendMagicLink(call, params);
	if (params.phone !== '') return await sendSms(call, params);
	throw invalid('One of email or phone must be set');
}

/** The older way to the same: by e-mail only. */
export async function postMagicLink(call: Call): Promise<Reply> {
	const params = call.body(BODY);
	if (params.email === '') throw invalid('Password recovery requires an email', 422);
	checkChallenge(params);
	return await sendMagicLink(call, params);
}

async function isKnown({ db, audience: aud }: Call, { email, phone }: OtpParams): Promise<boolean> {
	if (email === '' && phone === '') return true;
	const by = email === '' ? { phone: phoneOf(phone), aud } : { email: emailOf(email), aud };
	return (await findUser(db, by)) !== undefined;
}

async function sendMagicLink(call: Call, params: OtpParams): Promise<Reply> {
	const { settings, db, audience: aud } = call;
	if (!settings.email.enabled) throw refusal('emailLoginsDisabled');
	const email = emailOf(params.email);
	const known = await findUser(db, { email, aud });
	let user = known;
	if (!known?.email_confirmed_at) {
		user = (await signUpFor(call, { ...params, phone: '', channel: '' })).user;
		// Confirmed without a mail, they get one with a code now.
		if (!settings.email.autoconfirm) return ok({});
	}
	const isPkce = params.code_challenge !== '';
	if (isPkce)
		await startFlow(call, params, 'magiclink', { provider_type: 'magiclink', user_id: user?.id });
	await audit(call, user as UserRow, 'user_recovery_requested');
	await sendMail(call, user as UserRow, 'magiclink', isPkce);
	return ok({});
}

async function sendSms(call: Call, params: OtpParams): Promise<Reply> {
	const { settings, db, audience: aud } = call;
	if (!settings.phone.enabled) throw refusal('phoneOtpDisabled');
	const phone = phoneOf(params.phone);
	const channel = channelOf(params.channel);
	let user = await findUser(db, { phone, aud });
	if (!user?.phone_confirmed_at) {
		user = (await signUpFor(call, { ...params, email: '', phone, channel })).user;
		if (!settings.phone.autoconfirm) return ok({});
	}
	await audit(call, user, 'user_recovery_requested', { channel });
	const { messageId } = await sendText(call, user, phone, 'confirmation', channel);
	return ok(messageId === undefined ? {} : { message_id: messageId });
}

async function signUpFor(call: Call, params: OtpParams) {
	const { email, phone, data, channel, code_challenge, code_challenge_method } = params;
	const signup: SignupParams = {
		email,
		phone,
		data: data ?? {},
		channel,
		password: unknownPassword(),
		code_challenge: phone === '' ? code_challenge : '',
		code_challenge_method: phone === '' ? code_challenge_method : '',
	};
	return await signUp(call, signup);
}
