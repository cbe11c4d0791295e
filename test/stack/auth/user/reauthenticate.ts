import { audit } from '../audit';
import type { Call, Reply } from '../call';
import { AuthError, invalid, refusal } from '../errors';
import { dropTokens, hashOf, isCurrent } from '../send/codes';
import { sendMail } from '../send/mails';
import { sendText } from '../send/texts';
import { ok } from '../session/issue';
import { saveUser, type UserRow } from './users';

/** Sends the user a nonce, by which they show once more who they are. */
export async function getReauthenticate(call: Call): Promise<Reply> {
	const { user } = call;
	if (!user.email && !user.phone)
		throw invalid('Reauthentication requires the user to have an email or a phone number');
	if (user.email && user.email_confirmed_at === null)
		throw new AuthError(422, 'email_not_confirmed', 'Please verify your email first.');
	if (!user.email && user.phone_confirmed_at === null)
		throw new AuthError(422, 'phone_not_confirmed', 'Please verify your phone first.');
	await audit(call, user, 'user_reauthenticate_requested');
	if (user.email) {
		await sendMail(call, user, 'reauthentication');
		return ok({});
	}
	const phone = user.phone ?? '';
	const { messageId } = await sendText(call, user, phone, 'reauthentication', 'sms');
	return ok(messageId === undefined ? {} : { message_id: messageId });
}

/** @throws AuthError unless the nonce is the newest, and lives; it can be used once */
export async function useNonce(call: Call, user: UserRow, nonce: string): Promise<UserRow> {
	const { email, phone } = call.settings;
	const hash = hashOf(user.email ?? user.phone ?? '', nonce);
	const seconds = user.email ? email.codeSeconds : phone.codeSeconds;
	const { reauthentication_token: expected, reauthentication_sent_at: sentAt } = user;
	if (!isCurrent(hash, expected, sentAt, seconds, call.now)) throw refusal('badNonce');
	await dropTokens(call.db, user.id);
	return await saveUser(call.db, user, { reauthentication_token: '' }, call.now);
}
