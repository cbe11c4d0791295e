import { bodyType, type Read } from '../body';
import { isBanned, type Call, type Reply } from '../call';
import { invalid, refusal } from '../errors';
import { hashOf, isCurrent, isOlder, ownerOf, PKCE_PREFIX, type TokenColumn } from '../send/codes';
import { ok, openSession } from '../session/issue';
import { findUser, type UserRow } from '../user/users';
import { emailOf, isEmail, phoneOf } from './addresses';
import { confirm, type Confirmation } from './confirm';

/** What the first of two confirmations of a new address is answered with. */
export const FIRST_OF_TWO =
	'Confirmation link accepted. Please proceed to confirm link sent to the other email';

const BODY = bodyType('VerifyParams', {
	type: 'string',
	token: 'string',
	token_hash: 'string',
	email: 'string',
	phone: 'string',
	redirect_to: 'string',
});

type Params = Read<typeof BODY.shape>;

/** A code, or the hash in a link, becomes a session. */
export async function postVerify(call: Call): Promise<Reply> {
	const params = call.body(BODY);
	if (params.type === '') throw invalid('Verify requires a verification type');
	if ((params.token === '') === (params.token_hash === ''))
		throw invalid('Verify requires either a token or a token hash');
	const { user, type, hash } =
		params.token === '' ? await byHash(call, params) : await byCode(call, params);
	const confirmed = await confirm(call, type, user, hash);
	if (!confirmed) return ok({ msg: FIRST_OF_TWO, code: '200' });
	return ok(await openSession(call, confirmed, 'otp'));
}

/** Whose code it was, and what it was for. */
export interface Verified {
	user: UserRow;
	type: Confirmation;
	hash: string;
}

async function byHash(call: Call, params: Params): Promise<Verified> {
	if (params.email !== '' || params.phone !== '' || params.redirect_to !== '')
		throw invalid('Only the token_hash and type should be provided');
	return await verifyHash(call, params.type, params.token_hash);
}

/** Where the hash of a link of some type is kept, and when it was sent. */
const LINKS: Record<string, { columns: TokenColumn[]; type?: Confirmation }> = {
	email: { columns: ['confirmation_token', 'recovery_token'] },
	signup: { columns: ['confirmation_token'], type: 'signup' },
	invite: { columns: ['confirmation_token'], type: 'invite' },
	magiclink: { columns: ['recovery_token'], type: 'magiclink' },
	recovery: { columns: ['recovery_token'], type: 'recovery' },
	email_change: {
		columns: ['email_change_token_current', 'email_change_token_new'],
		type: 'email_change',
	},
};

const SENT_AT = {
	confirmation_token: 'confirmation_sent_at',
	recovery_token: 'recovery_sent_at',
	email_change_token_current: 'email_change_sent_at',
	email_change_token_new: 'email_change_sent_at',
	phone_change_token: 'phone_change_sent_at',
	reauthentication_token: 'reauthentication_sent_at',
} as const satisfies Record<TokenColumn, keyof UserRow>;

/** @throws AuthError for a hash that nobody waits for, or no longer */
export async function verifyHash(call: Call, type: string, hash: string): Promise<Verified> {
	const link = LINKS[type];
	if (!link) throw invalid('Invalid email verification type');
	const owner = await ownerOf(call.db, hash, link.columns);
	const user = owner && (await findUser(call.db, { id: owner.userId }));
	if (!owner || !user) throw refusal('linkExpired');
	if (isBanned(user, call.now)) throw refusal('banned');
	if (isOlder(user[SENT_AT[owner.type]], call.settings.email.codeSeconds, call.now))
		throw refusal('linkExpired');
	const kept = owner.type === 'recovery_token' ? 'magiclink' : 'signup';
	return { user, type: link.type ?? kept, hash };
}

async function byCode(call: Call, params: Params): Promise<Verified> {
	const { type, email, phone, token } = params;
	const isPhone = phone !== '' && email === '';
	if (!isPhone && (email === '' || phone !== ''))
		throw invalid('Only an email address or phone number should be provided on verify');
	if (!isPhone && !isEmail(email)) throw invalid('Invalid email format', 422);
	const address = isPhone ? phoneOf(phone) : emailOf(email);
	const hash = hashOf(address, token);
	const user = await addressee(call, type, address, hash);
	if (!user) throw refusal('codeExpired');
	if (isBanned(user, call.now)) throw refusal('banned');
	const fitting = fittingType(call, type, user, { hash, address, token });
	if (!fitting) throw refusal('codeExpired');
	return { user, type: fitting, hash };
}

async function addressee(
	{ db, settings, audience: aud }: Call,
	type: string,
	address: string,
	hash: string,
): Promise<UserRow | undefined> {
	if (type === 'phone_change') {
		const [user] = await db<UserRow[]>`
			select * from auth.users where phone_change = ${address} and aud = ${aud} limit 1`;
		return user;
	}
	if (type === 'sms') return await findUser(db, { phone: address, aud });
	if (type !== 'email_change') return await findUser(db, { email: address, aud });
	const columns: TokenColumn[] = settings.email.doubleChange
		? ['email_change_token_current', 'email_change_token_new']
		: ['email_change_token_new'];
	const owner =
		(await ownerOf(db, hash, columns)) ?? (await ownerOf(db, PKCE_PREFIX + hash, columns));
	return owner && (await findUser(db, { id: owner.userId }));
}

/** What a code was sent for, if it is the newest of its kind and the type asked for takes it. */
function fittingType(
	{ settings, now }: Call,
	type: string,
	user: UserRow,
	{ hash, address, token }: { hash: string; address: string; token: string },
): Confirmation | undefined {
	const { email, phone } = settings;
	const fits = (column: TokenColumn, seconds = email.codeSeconds) =>
		isCurrent(hash, user[column], user[SENT_AT[column]], seconds, now);
	switch (type) {
		case 'email':
			if (fits('confirmation_token')) return 'signup';
			return fits('recovery_token') ? 'magiclink' : undefined;
		case 'signup':
		case 'invite':
			return fits('confirmation_token') ? type : undefined;
		case 'magiclink':
		case 'recovery':
			return fits('recovery_token') ? type : undefined;
		case 'email_change':
			return fits('email_change_token_current') || fits('email_change_token_new')
				? type
				: undefined;
		case 'sms':
		case 'phone_change': {
			if (token === phone.testCodes[address]) return type;
			const column = type === 'sms' ? 'confirmation_token' : 'phone_change_token';
			return fits(column, phone.codeSeconds) ? type : undefined;
		}
		default:
			return undefined;
	}
}
