import type { Call } from '../call';
import { AuthError, invalid, INVALID_CHANNEL, refusal, Unexpected } from '../errors';
import { saveUser, type UserRow } from '../user/users';
import { hashOf, keepToken, newCode, type TokenColumn } from './codes';
import { secondsLeft, tooSoon } from './mails';

/** Text messages with a code: where the code is kept, and what the service calls them. */
const TEXTS = {
	confirmation: { token: 'confirmation_token', sentAt: 'confirmation_sent_at' },
	phone_change: { token: 'phone_change_token', sentAt: 'phone_change_sent_at' },
	reauthentication: { token: 'reauthentication_token', sentAt: 'reauthentication_sent_at' },
} as const satisfies Record<
	string,
	{
		token: TokenColumn;
		sentAt: 'confirmation_sent_at' | 'phone_change_sent_at' | 'reauthentication_sent_at';
	}
>;

export type TextKind = keyof typeof TEXTS;
export type Channel = 'sms' | 'whatsapp';

/**
 * Sends a code to a number, and keeps its hash.
 *
 * @returns the user as it is then, and an id of the message where nothing was really sent
 */
export async function sendText(
	call: Call,
	user: UserRow,
	phone: string,
	kind: TextKind,
	channel: Channel,
): Promise<{ user: UserRow; messageId?: string }> {
	const { token, sentAt } = TEXTS[kind];
	const { phone: settings, reached } = call.settings;
	const left = secondsLeft(user[sentAt], settings.betweenSeconds, call.now);
	if (left !== undefined) throw tooSoon('over_sms_send_rate_limit', left);
	const testCode = settings.testCodes[phone];
	const code = testCode ?? newCode();
	if (testCode === undefined) {
		if (reached.includes('sms') && !settings.autoconfirm) throw refusal('tooManySms');
		if (settings.refused.includes(phone)) throw smsRefused(kind, phone);
		putText(call, phone, channel, code);
	}
	const hash = hashOf(phone, code);
	const saved = await saveUser(
		call.db,
		user,
		{
			[token]: hash,
			[sentAt]: call.now,
			...(kind === 'phone_change' ? { phone_change: phone } : {}),
		},
		call.now,
	);
	await keepToken(call.db, user.id, token, hash, phone);
	return { user: saved, ...(testCode === undefined ? {} : { messageId: 'test-otp' }) };
}

/** Sends a second factor's code to its number. */
export function sendFactorText(call: Call, phone: string, channel: Channel): string {
	if (call.settings.phone.refused.includes(phone))
		throw new Unexpected('error sending message', true);
	const code = newCode();
	putText(call, phone, channel, code);
	return code;
}

function putText(call: Call, to: string, channel: Channel, code: string): void {
	const text = `Your code is ${code}`;
	call.outbox.messages.push({ to, channel, text, code, sentAt: call.now.toISOString() });
}

function smsRefused(kind: TextKind, phone: string): AuthError {
	const masked = `+${phone.slice(0, -4)}XXXX`;
	return new AuthError(
		422,
		'sms_send_failed',
		`Error sending ${kind} OTP to provider: Invalid 'To' Phone Number: ${masked} More information: https://www.twilio.com/docs/errors/21211`,
	);
}

/** @throws AuthError for a channel that there is none of */
export function channelOf(given: string): Channel {
	const channel = given === '' ? 'sms' : given;
	if (channel !== 'sms' && channel !== 'whatsapp') throw invalid(INVALID_CHANNEL);
	return channel;
}
