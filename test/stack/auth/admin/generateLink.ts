import { emailOf } from '../account/addresses';
import { ADMIN, audit } from '../audit';
import { bodyType, type Read } from '../body';
import type { Call, Reply } from '../call';
import { AuthError, invalid } from '../errors';
import { isAllowed, redirectOf } from '../redirects';
import { hashOf, keepToken, newCode, type TokenColumn } from '../send/codes';
import { actionLink } from '../send/mails';
import { ok } from '../session/issue';
import { requireStrong } from '../user/passwords';
import { userJson } from '../user/userJson';
import {
	findByAddress,
	mergeMetadata,
	saveUser,
	type UserChanges,
	type UserRow,
} from '../user/users';
import { emailTaken } from './adminUser';
import { invitee, makeUser } from './invite';

const BODY = bodyType('GenerateLinkParams', {
	type: 'string',
	email: 'string',
	new_email: 'string',
	password: 'string',
	data: 'object',
	redirect_to: 'string',
});

type Params = Read<typeof BODY.shape>;

/** A link as a mail would hold it. Nothing is sent. */
interface Link {
	user: UserRow;
	token: TokenColumn;
	/** Whom the code would be sent to. */
	address: string;
	changes: UserChanges;
	/** What the link is of, where that is not what was asked for. */
	type?: string;
}

/** Makes what a mail would hold, for whoever sends their own. An earlier link of the kind dies. */
export async function generateLink(call: Call): Promise<Reply> {
	const { db, now } = call;
	const params = call.body(BODY);
	const email = emailOf(params.email);
	const make = LINKS[params.type];
	if (!make) throw invalid(`Invalid email action link type requested: ${params.type}`);
	const { user, token, address, changes, type = params.type } = await make(call, params, email);
	const code = newCode();
	const hash = hashOf(address, code);
	const saved = await saveUser(db, user, { ...changes, [token]: hash }, now);
	await keepToken(db, user.id, token, hash, address);
	const redirectTo = isAllowed(params.redirect_to, call.settings)
		? params.redirect_to
		: redirectOf(call);
	return ok({
		...(await userJson(db, saved)),
		action_link: actionLink(call, hash, type.replace(/_(current|new)$/, ''), redirectTo),
		email_otp: code,
		// The service hashes it with the present address here, whatever the code is for.
		hashed_token: hashOf(email, code),
		verification_type: type,
		redirect_to: redirectTo,
	});
}

type Make = (call: Call, params: Params, email: string) => Promise<Link>;

const LINKS: Record<string, Make> = {
	signup: async (call, params, email) => {
		if (params.password === '') throw invalid('Signup requires a valid password');
		requireStrong(params.password, call.settings.password);
		return await signup(call, params, email);
	},
	invite: async (call, { data }, email) => {
		const user = await invitee(call, email, data);
		const changes = { confirmation_sent_at: call.now, invited_at: call.now };
		return { user, token: 'confirmation_token', address: email, changes };
	},
	magiclink: async (call, params, email) => {
		const user = await findByAddress(call.db, email, call.audience);
		if (!user)
			return { ...(await signup(call, { ...params, password: '' }, email)), type: 'signup' };
		return await recovery(call, user, email);
	},
	recovery: async (call, _params, email) => await recovery(call, await known(call, email), email),
	email_change_current: async (call, params, email) => {
		const user = await known(call, email);
		if (!call.settings.email.doubleChange)
			throw invalid('Enable secure email change to generate link for current email');
		const changes = await emailChange(call, params, user);
		return { user, token: 'email_change_token_current', address: email, changes };
	},
	email_change_new: async (call, params, email) => {
		const user = await known(call, email);
		const changes = await emailChange(call, params, user);
		return { user, token: 'email_change_token_new', address: emailOf(params.new_email), changes };
	},
};

async function signup(call: Call, { data, password }: Params, email: string): Promise<Link> {
	const present = await findByAddress(call.db, email, call.audience);
	if (present?.email_confirmed_at) throw emailTaken();
	const metadata = mergeMetadata(present?.raw_user_meta_data ?? {}, data ?? {});
	const user = present ?? (await makeUser(call, email, data, password || undefined));
	const changes = { confirmation_sent_at: call.now, raw_user_meta_data: metadata };
	return { user, token: 'confirmation_token', address: email, changes };
}

async function recovery(call: Call, user: UserRow, email: string): Promise<Link> {
	await audit(call, ADMIN, 'user_recovery_requested', { user_id: user.id, user_email: email });
	const changes = { recovery_sent_at: call.now };
	return { user, token: 'recovery_token', address: email, changes };
}

async function emailChange(call: Call, { new_email }: Params, user: UserRow): Promise<UserChanges> {
	const email = emailOf(new_email);
	if (await findByAddress(call.db, email, call.audience, user.id)) throw emailTaken();
	return {
		email_change: email,
		email_change_sent_at: call.now,
		email_change_confirm_status: 0,
	};
}

async function known({ db, audience }: Call, email: string): Promise<UserRow> {
	const user = await findByAddress(db, email, audience);
	if (!user) throw new AuthError(404, 'user_not_found', 'User with this email not found');
	return user;
}
