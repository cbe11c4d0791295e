import { audit } from '../audit';
import { bodyType } from '../body';
import { isBanned, type Call, type Reply } from '../call';
import { invalid, refusal } from '../errors';
import { exchangeCode } from '../session/flows';
import { ok, openSession } from '../session/issue';
import { refresh } from '../session/refresh';
import { isPassword, weaknessOf } from '../user/passwords';
import { findUser } from '../user/users';
import { plainPhone } from './addresses';
import { signInWithIdToken } from './idToken';

/** Ways to get a session, by `grant_type`. */
const GRANTS: Record<string, (call: Call) => Promise<Reply>> = {
	password: signInWithPassword,
	refresh_token: refresh,
	pkce: exchangeCode,
	id_token: signInWithIdToken,
};

export async function postToken(call: Call): Promise<Reply> {
	const grant = GRANTS[call.query.get('grant_type') ?? ''];
	if (!grant) throw refusal('grantType');
	return await grant(call);
}

const BODY = bodyType('PasswordGrantParams', {
	email: 'string',
	phone: 'string',
	password: 'string',
});

async function signInWithPassword(call: Call): Promise<Reply> {
	const { email, phone, password } = call.body(BODY);
	const { settings, db, audience: aud } = call;
	if (email !== '' && phone !== '')
		throw invalid('Only an email address or phone number should be provided on login.');
	if (email === '' && phone === '') throw invalid('missing email or phone');
	const isEmail = email !== '';
	if (isEmail && !settings.email.enabled) throw refusal('emailLoginsDisabled');
	if (!isEmail && !settings.phone.enabled) throw refusal('phoneLoginsDisabled');
	const user = await findUser(db, isEmail ? { email, aud } : { phone: plainPhone(phone), aud });
	if (!user?.encrypted_password) throw refusal('wrongPassword');
	if (isBanned(user, call.now)) throw refusal('bannedSignIn');
	if (!(await isPassword(db, password, user.encrypted_password))) throw refusal('wrongPassword');
	if (isEmail && user.email_confirmed_at === null) throw refusal('emailNotConfirmed');
	if (!isEmail && user.phone_confirmed_at === null) throw refusal('phoneNotConfirmed');
	await audit(call, user, 'login', { provider: isEmail ? 'email' : 'phone' });
	const session = await openSession(call, user, 'password');
	return ok({ ...session, weak_password: weaknessOf(password, settings.password) ?? null });
}
