import { randomBytes, randomUUID } from 'node:crypto';

import { audit } from '../audit';
import { bodyType, type Read } from '../body';
import type { Call, Reply } from '../call';
import { invalid, refusal } from '../errors';
import { dropTokens } from '../send/codes';
import { sendMail } from '../send/mails';
import { channelOf, sendText } from '../send/texts';
import { checkChallenge, startFlow } from '../session/flows';
import { ok, openSession } from '../session/issue';
import { findIdentity, insertIdentity } from '../user/identities';
import { hashPassword, requireStrong } from '../user/passwords';
import { endOf, plainUserJson, userJson } from '../user/userJson';
import {
	findByAddress,
	findUser,
	insertUser,
	mergeMetadata,
	saveUser,
	type Metadata,
	type UserRow,
} from '../user/users';
import { emailOf, phoneOf } from './addresses';

export const SIGNUP = bodyType('SignupParams', {
	email: 'string',
	phone: 'string',
	password: 'string',
	data: 'object',
	channel: 'string',
	code_challenge: 'string',
	code_challenge_method: 'string',
});

export type SignupParams = Read<typeof SIGNUP.shape>;

/** What became of a sign-up. */
export interface SignedUp {
	user: UserRow;
	/** They were there already, and confirmed: nothing has happened. */
	isKnown: boolean;
}

export async function postSignup(call: Call): Promise<Reply> {
	const params = call.body(SIGNUP);
	if (params.email === '' && params.phone === '') return await signUpAnonymously(call, params);
	const { user, isKnown } = await signUp(call, params);
	const { email, phone } = call.settings;
	if (isKnown) {
		if (email.autoconfirm || phone.autoconfirm) throw refusal('userExists', { keep: true });
		return ok(obscured(call, params));
	}
	if (user.confirmed_at === null) {
		const shown = await userJson(call.db, user);
		// Whoever invited them has said who they are: that is not shown to whoever comes.
		const isInvited = user.invited_at !== null;
		return ok(isInvited ? { ...shown, user_metadata: {}, identities: [] } : shown);
	}
	await audit(call, user, 'login', { provider: providerOf(params) });
	return ok(await openSession(call, user, 'password'));
}

async function signUpAnonymously(call: Call, { data }: SignupParams): Promise<Reply> {
	if (!call.settings.anonymousUsers) throw refusal('anonymousDisabled');
	if (call.settings.signupDisabled) throw refusal('signupDisabled');
	const user = await insertUser(
		call.db,
		{ is_anonymous: true, raw_user_meta_data: data ?? {} },
		call.now,
	);
	return ok(await openSession(call, user, 'anonymous'));
}

/** Signs up with an e-mail or a phone: a user is made, unless there is one, and has to confirm or not. */
export async function signUp(call: Call, params: SignupParams): Promise<SignedUp> {
	const { db, settings } = call;
	if (settings.signupDisabled) throw refusal('signupDisabled');
	if (params.password === '') throw invalid('Signup requires a valid password');
	requireStrong(params.password, settings.password);
	if (params.email !== '' && params.phone !== '')
		throw invalid('Only an email address or phone number should be provided on signup.');
	const isPhone = params.phone !== '';
	if (isPhone) channelOf(params.channel);
	if (isPhone && params.code_challenge !== '')
		throw invalid('PKCE not supported for phone signups');
	checkChallenge(params);
	if (isPhone && !settings.phone.enabled) throw refusal('phoneSignupsDisabled');
	if (!isPhone && !settings.email.enabled) throw refusal('emailSignupsDisabled');
	const address = isPhone ? phoneOf(params.phone) : emailOf(params.email);
	const known = isPhone
		? await findUser(db, { phone: address, aud: call.audience })
		: await findByAddress(db, address, call.audience);
	if (known && (isPhone ? known.phone_confirmed_at : known.email_confirmed_at) !== null) {
		await audit(call, known, 'user_repeated_signup', { provider: providerOf(params) });
		return { user: known, isKnown: true };
	}
	const made = known ?? (await makeUser(call, params, address));
	const user = await withIdentity(call, params, made);
	return { user: await (isPhone ? askPhone : askEmail)(call, params, user), isKnown: false };
}

async function makeUser(call: Call, params: SignupParams, address: string): Promise<UserRow> {
	const provider = providerOf(params);
	const values = {
		aud: call.audience,
		[provider]: address,
		encrypted_password: await hashPassword(call.db, params.password),
		raw_app_meta_data: { provider, providers: [provider] },
		raw_user_meta_data: params.data ?? {},
	};
	return await insertUser(call.db, values, call.now);
}

/** A user who has no identity of the kind yet gets one, and its data for metadata. */
async function withIdentity(call: Call, params: SignupParams, user: UserRow): Promise<UserRow> {
	const provider = providerOf(params);
	if (await findIdentity(call.db, provider, user.id)) return user;
	const data: Metadata = {
		...params.data,
		sub: user.id,
		email_verified: false,
		phone_verified: false,
		...(user.email ? { email: user.email } : {}),
	};
	await insertIdentity(call.db, user.id, provider, data, call.now);
	await call.db`delete from auth.identities where user_id = ${user.id} and provider <> ${provider}`;
	const changes = {
		raw_user_meta_data: data,
		raw_app_meta_data: { ...user.raw_app_meta_data, provider, providers: [provider] },
	};
	return await saveUser(call.db, user, changes, call.now);
}

async function askEmail(call: Call, params: SignupParams, user: UserRow): Promise<UserRow> {
	const traits = { provider: 'email' };
	if (call.settings.email.autoconfirm) {
		await audit(call, user, 'user_signedup', traits);
		return await confirmEmail(call, user);
	}
	await audit(call, user, 'user_confirmation_requested', traits);
	const isPkce = params.code_challenge !== '';
	if (isPkce) {
		const flow = { provider_type: 'email', user_id: user.id };
		await startFlow(call, params, 'email/signup', flow);
	}
	return await sendMail(call, user, 'signup', isPkce);
}

async function askPhone(call: Call, params: SignupParams, user: UserRow): Promise<UserRow> {
	const traits = { provider: 'phone' };
	if (call.settings.phone.autoconfirm) {
		await audit(call, user, 'user_signedup', { ...traits, channel: channelOf(params.channel) });
		return await confirmPhone(call, user);
	}
	await audit(call, user, 'user_confirmation_requested', traits);
	const phone = phoneOf(params.phone);
	const sent = await sendText(call, user, phone, 'confirmation', channelOf(params.channel));
	return sent.user;
}

/** Notes that a user's address is theirs. */
export async function confirmEmail(call: Call, user: UserRow): Promise<UserRow> {
	await dropTokens(call.db, user.id);
	const changes = {
		confirmation_token: '',
		email_confirmed_at: call.now,
		raw_user_meta_data: mergeMetadata(user.raw_user_meta_data, { email_verified: true }),
	};
	return await saveUser(call.db, user, changes, call.now);
}

/** Notes that a user's number is theirs. */
export async function confirmPhone(call: Call, user: UserRow): Promise<UserRow> {
	await dropTokens(call.db, user.id);
	const changes = { confirmation_token: '', phone_confirmed_at: call.now };
	return await saveUser(call.db, user, changes, call.now);
}

/** Hides that an address is known: a user who does not exist. */
function obscured({ now, audience }: Call, params: SignupParams): Record<string, unknown> {
	const provider = providerOf(params);
	const user = {
		...EMPTY_USER,
		id: randomUUID(),
		aud: audience,
		email: provider === 'email' ? emailOf(params.email) : null,
		phone: provider === 'phone' ? phoneOf(params.phone) : null,
		confirmation_sent_at: now,
		raw_app_meta_data: { provider, providers: [provider] },
		raw_user_meta_data: params.data ?? {},
		created_at: now,
		updated_at: now,
	};
	return { ...plainUserJson(user), identities: [], ...endOf(user) };
}

const EMPTY_USER: Omit<UserRow, 'id' | 'aud' | 'created_at' | 'updated_at'> = {
	role: '',
	email: null,
	phone: null,
	encrypted_password: null,
	email_confirmed_at: null,
	phone_confirmed_at: null,
	confirmed_at: null,
	invited_at: null,
	confirmation_sent_at: null,
	recovery_sent_at: null,
	email_change_sent_at: null,
	phone_change_sent_at: null,
	reauthentication_sent_at: null,
	last_sign_in_at: null,
	banned_until: null,
	deleted_at: null,
	confirmation_token: '',
	recovery_token: '',
	email_change_token_new: '',
	email_change_token_current: '',
	phone_change_token: '',
	reauthentication_token: '',
	email_change: '',
	email_change_confirm_status: 0,
	phone_change: '',
	raw_app_meta_data: null,
	raw_user_meta_data: null,
	is_sso_user: false,
	is_anonymous: false,
};

function providerOf({ phone }: SignupParams): 'email' | 'phone' {
	return phone === '' ? 'email' : 'phone';
}

/** A password that nobody knows, and that every project takes. */
export function unknownPassword(): string {
	return `aA1!${randomBytes(24).toString('base64url')}`;
}
