import type { Call } from '../call';
import { AuthError, refusal } from '../errors';
import { inLink, redirectOf } from '../redirects';
import { saveUser, type UserRow } from '../user/users';
import { hashOf, keepToken, newCode, PKCE_PREFIX, type TokenColumn } from './codes';

/** Mails with one code: what they are for, what they say, and where the code is kept. */
const MAILS = {
	signup: {
		token: 'confirmation_token',
		sentAt: 'confirmation_sent_at',
		subject: 'Confirm Your Signup',
		says: 'Follow this link to confirm your user',
	},
	invite: {
		token: 'confirmation_token',
		sentAt: 'confirmation_sent_at',
		subject: 'You have been invited',
		says: 'Follow this link to accept the invite',
	},
	recovery: {
		token: 'recovery_token',
		sentAt: 'recovery_sent_at',
		subject: 'Reset Your Password',
		says: 'Follow this link to reset the password for your user',
	},
	magiclink: {
		token: 'recovery_token',
		sentAt: 'recovery_sent_at',
		subject: 'Your Magic Link',
		says: 'Follow this link to login',
	},
	reauthentication: {
		token: 'reauthentication_token',
		sentAt: 'reauthentication_sent_at',
		subject: 'Confirm reauthentication',
		says: 'Enter the code',
	},
} as const satisfies Record<
	string,
	{
		token: TokenColumn;
		sentAt: 'confirmation_sent_at' | 'recovery_sent_at' | 'reauthentication_sent_at';
		subject: string;
		says: string;
	}
>;

export type MailKind = keyof typeof MAILS;

/** Sends a user a mail with a code and its link, and keeps the code's hash. Older codes of the kind die. */
export async function sendMail(
	call: Call,
	user: UserRow,
	kind: MailKind,
	isPkce = false,
): Promise<UserRow> {
	const { token, sentAt, subject, says } = MAILS[kind];
	if (kind !== 'invite') requireRest(call, user[sentAt]);
	const email = user.email ?? '';
	const code = newCode();
	const hash = (isPkce ? PKCE_PREFIX : '') + hashOf(email, code);
	put(call, { to: email, type: kind, subject, says, code, hash });
	const invited = kind === 'invite' ? { invited_at: call.now } : {};
	const changes = { [token]: hash, [sentAt]: call.now, ...invited };
	const saved = await saveUser(call.db, user, changes, call.now);
	await keepToken(call.db, user.id, token, hash, email);
	return saved;
}

/** Sends the mails that confirm a new address: to that one, and to the present one where both count. */
export async function sendEmailChange(
	call: Call,
	user: UserRow,
	newEmail: string,
	isPkce: boolean,
): Promise<UserRow> {
	requireRest(call, user.email_change_sent_at);
	const prefix = isPkce ? PKCE_PREFIX : '';
	const mail = (to: string) => {
		const code = newCode();
		const hash = prefix + hashOf(to, code);
		const says = `Follow this link to confirm the update of your email to ${newEmail}`;
		put(call, { to, type: 'email_change', subject: 'Confirm Email Change', says, code, hash });
		return hash;
	};
	const current = call.settings.email.doubleChange && user.email ? mail(user.email) : undefined;
	const next = mail(newEmail);
	if (current)
		await keepToken(call.db, user.id, 'email_change_token_current', current, user.email ?? '');
	await keepToken(call.db, user.id, 'email_change_token_new', next, newEmail);
	return await saveUser(
		call.db,
		user,
		{
			email_change: newEmail,
			email_change_token_new: next,
			...(current ? { email_change_token_current: current } : {}),
			email_change_sent_at: call.now,
			email_change_confirm_status: 0,
		},
		call.now,
	);
}

/** The link that gives a code's hash back to the server. */
export function actionLink(call: Call, hash: string, type: string, redirectTo: string): string {
	const query = `token=${encodeURIComponent(hash)}&type=${type}&redirect_to=${inLink(redirectTo)}`;
	return `${call.service.externalUrl}/verify?${query}`;
}

interface Letter {
	to: string;
	type: string;
	subject: string;
	says: string;
	code: string;
	hash: string;
}

function put(call: Call, { to, type, subject, says, code, hash }: Letter): void {
	const { reached, email } = call.settings;
	if (reached.includes('emails') && !email.autoconfirm) throw refusal('tooManyMails');
	const link =
		type === 'reauthentication' ? undefined : actionLink(call, hash, type, redirectOf(call));
	call.outbox.mails.push({
		to,
		subject,
		type,
		code,
		...(link ? { link } : {}),
		text: [`${says}:`, ...(link ? [link] : []), `Code: ${code}`].join('\n'),
		html: [
			`<h2>${subject}</h2><p>${says}.</p>`,
			...(link ? [`<p><a href="${link.replaceAll('&', '&amp;')}">${subject}</a></p>`] : []),
			`<p>Code: <b>${code}</b></p>`,
		].join('\n'),
		sentAt: call.now.toISOString(),
	});
}

/** @throws AuthError when the last one was sent too short a time ago */
function requireRest({ settings, now }: Call, sentAt: Date | null): void {
	const left = secondsLeft(sentAt, settings.email.betweenSeconds, now);
	if (left !== undefined) throw tooSoon('over_email_send_rate_limit', left);
}

/** Seconds until something may be sent again; undefined when it may be now. */
export function secondsLeft(sentAt: Date | null, between: number, now: Date): number | undefined {
	if (sentAt === null || between === 0) return undefined;
	const left = sentAt.getTime() + between * 1000 - now.getTime();
	return left > 0 ? Math.floor(left / 1000) : undefined;
}

export function tooSoon(code: string, seconds: number): AuthError {
	const message = `For security purposes, you can only request this after ${seconds} seconds.`;
	return new AuthError(429, code, message);
}
