import { emailOf, phoneOf } from '../account/addresses';
import { changeEmail, changePhone } from '../account/confirm';
import { audit } from '../audit';
import { bodyType, type Read } from '../body';
import type { Call, Reply } from '../call';
import { invalid, refusal } from '../errors';
import { hasVerifiedFactor } from '../mfa/factors';
import { dropTokens, isOlder } from '../send/codes';
import { sendEmailChange } from '../send/mails';
import { channelOf, sendText } from '../send/texts';
import { startFlow } from '../session/flows';
import { ok } from '../session/issue';
import { endSessions, levelOf } from '../session/sessions';
import { findIdentity, insertIdentity } from './identities';
import { hashPassword, isPassword, requireStrong } from './passwords';
import { useNonce } from './reauthenticate';
import { userJson } from './userJson';
import {
	findByAddress,
	findUser,
	mergeMetadata,
	NOTHING_PENDING,
	saveUser,
	type UserRow,
} from './users';

const BODY = bodyType('UserUpdateParams', {
	email: 'string',
	password: 'optional',
	current_password: 'optional',
	nonce: 'string',
	data: 'object',
	app_metadata: 'object',
	phone: 'string',
	channel: 'string',
	code_challenge: 'string',
	code_challenge_method: 'string',
});

type Params = Read<typeof BODY.shape>;

/** Without a new proof a password may be changed for this long after signing in. */
const YOUNG_SECONDS = 24 * 3600;

/** Changes the user who asks: what they sign in with once that is confirmed, the rest at once. */
export async function putUser(call: Call): Promise<Reply> {
	const params = withPlainAddresses(call, call.body(BODY));
	await requireAllowed(call, params);
	let user = call.user;
	if (params.password !== undefined)
		user = await changePassword(call, user, params.password, params);
	if (params.data)
		user = await save(call, user, {
			raw_user_meta_data: mergeMetadata(user.raw_user_meta_data, params.data),
		});
	if (params.email !== '' && params.email !== user.email) user = await askEmail(call, user, params);
	if (params.phone !== '' && params.phone !== user.phone) user = await askPhone(call, user, params);
	await audit(call, user, 'user_modified');
	return ok(await userJson(call.db, user));
}

async function save(call: Call, user: UserRow, changes: Partial<UserRow>): Promise<UserRow> {
	return await saveUser(call.db, user, changes, call.now);
}

function withPlainAddresses(call: Call, params: Params): Params {
	const email = params.email === '' ? '' : emailOf(params.email);
	const phone = params.phone === '' ? '' : phoneOf(params.phone);
	if (phone !== '') channelOf(params.channel);
	if (params.password !== undefined) requireStrong(params.password, call.settings.password);
	return { ...params, email, phone };
}

async function requireAllowed(call: Call, params: Params): Promise<void> {
	const { db, user, session, audience: aud } = call;
	const { email, phone, password } = params;
	if (params.app_metadata) throw refusal('appMetadata');
	const changesEmail = email !== '' && email !== user.email;
	const changesPhone = phone !== '' && phone !== user.phone;
	const isSecondLevel = session?.aal === 'aal2';
	if (password || changesEmail || changesPhone)
		if (!isSecondLevel && (await hasVerifiedFactor(db, user.id))) throw refusal('aalForUpdate');
	if (user.is_anonymous && password && email === '' && phone === '')
		throw invalid(
			'Updating password of an anonymous user without an email or phone is not allowed',
			422,
		);
	if (changesEmail && (await findByAddress(db, email, aud, user.id))) throw refusal('emailExists');
	if (changesPhone && (await findUser(db, { phone, aud }))) throw refusal('phoneExists');
}

async function changePassword(
	call: Call,
	user: UserRow,
	password: string,
	{ nonce, current_password: current }: Params,
): Promise<UserRow> {
	const { db, session, settings } = call;
	let known = user;
	if (settings.password.reauthentication) {
		if (!session || isOlder(session.created_at, YOUNG_SECONDS, call.now)) {
			if (nonce === '') throw refusal('reauthenticate');
			known = await useNonce(call, user, nonce);
		}
	}
	if (known.encrypted_password) {
		if (settings.password.currentRequired && !(await isRecovery(call))) {
			if (!current) throw refusal('currentPassword');
			if (!(await isPassword(db, current, known.encrypted_password)))
				throw refusal('wrongCurrentPassword');
		}
		if (await isPassword(db, password, known.encrypted_password)) throw refusal('samePassword');
	} else if (known.email && !known.is_sso_user && !(await findIdentity(db, 'email', user.id))) {
		const data = { sub: user.id, email: known.email, email_verified: true };
		await insertIdentity(db, user.id, 'email', data, call.now);
	}
	const changed = await save(call, known, {
		encrypted_password: await hashPassword(db, password),
		...NOTHING_PENDING,
	});
	await dropTokens(db, user.id);
	await endSessions(db, user.id, { except: session?.id });
	await audit(call, changed, 'user_updated_password');
	return changed;
}

async function isRecovery({ db, session }: Call): Promise<boolean> {
	if (!session) return false;
	return (await levelOf(db, session.id)).amr.some(({ method }) => method === 'recovery');
}

async function askEmail(call: Call, user: UserRow, params: Params): Promise<UserRow> {
	if (user.is_anonymous && call.settings.email.autoconfirm)
		return await changeEmail(call, { ...user, email_change: params.email });
	const isPkce = params.code_challenge !== '';
	if (isPkce)
		await startFlow(call, params, 'email_change', {
			provider_type: 'email_change',
			user_id: user.id,
		});
	return await sendEmailChange(call, user, params.email, isPkce);
}

async function askPhone(call: Call, user: UserRow, params: Params): Promise<UserRow> {
	if (call.settings.phone.autoconfirm)
		return await changePhone(call, { ...user, phone_change: params.phone });
	const channel = channelOf(params.channel);
	return (await sendText(call, user, params.phone, 'phone_change', channel)).user;
}
