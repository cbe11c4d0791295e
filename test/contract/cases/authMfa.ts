import type { ContractCase } from '../case';
import { accessToken, anonymous, authing, givesSession, givesUser, signedIn } from './auth';

const factorId = '6f9619ff-8b86-4011-b42d-00c04fc964ff';
const challengeId = '6f9619ff-8b86-4011-b42d-00c04fc964fe';
const made = {
	id: factorId,
	type: 'totp',
	totp: { qr_code: '<svg/>', secret: 's', uri: 'otpauth:' },
};
const challenged = { status: 200, body: { id: challengeId, type: 'totp', expires_at: 1 } };

export const authMfaCases: ContractCase[] = (
	[
		{
			name: 'mfa.enroll.totp',
			official: async (client) => (await signedIn(client)).auth.mfa.enroll({ factorType: 'totp' }),
			ours: authing('mfa', 'enroll', { accessToken }),
			answers: [{ status: 200, body: made }],
		},
		{
			name: 'mfa.enroll.totp.options',
			official: async (client) =>
				(await signedIn(client)).auth.mfa.enroll({
					factorType: 'totp',
					friendlyName: 'My app',
					issuer: 'Us',
				}),
			ours: authing('mfa', 'enroll', {
				accessToken,
				friendlyName: 'My app',
				options: { issuer: 'Us' },
			}),
			answers: [{ status: 200, body: made }],
		},
		{
			name: 'mfa.enroll.phone',
			official: async (client) =>
				(await signedIn(client)).auth.mfa.enroll({
					factorType: 'phone',
					friendlyName: 'p',
					phone: '+13334445555',
				}),
			ours: authing('mfa', 'enroll', {
				accessToken,
				factorType: 'phone',
				friendlyName: 'p',
				phone: '+1 333 444 5555',
			}),
			answers: [{ status: 200, body: { id: factorId, type: 'phone', phone: '13334445555' } }],
		},
		{
			name: 'mfa.challenge',
			official: async (client) => (await signedIn(client)).auth.mfa.challenge({ factorId }),
			ours: authing('mfa', 'challenge', { accessToken, factorId }),
			answers: [challenged],
		},
		{
			name: 'mfa.challenge.whatsapp',
			official: async (client) =>
				(await signedIn(client)).auth.mfa.challenge({ factorId, channel: 'whatsapp' }),
			ours: authing('mfa', 'challenge', {
				accessToken,
				factorId,
				options: { channel: 'whatsapp' },
			}),
			answers: [challenged],
		},
		{
			name: 'mfa.verify',
			official: async (client) =>
				(await signedIn(client)).auth.mfa.verify({ factorId, challengeId, code: '123456' }),
			ours: authing('mfa', 'verify', { accessToken, factorId, challengeId, code: '123 456' }),
			answers: givesSession,
		},
		{
			name: 'mfa.challengeAndVerify',
			official: async (client) =>
				(await signedIn(client)).auth.mfa.challengeAndVerify({ factorId, code: '123456' }),
			ours: authing('mfa', 'challengeAndVerify', { accessToken, factorId, code: '123456' }),
			answers: [challenged, ...givesSession],
		},
		{
			name: 'mfa.unenroll',
			official: async (client) => (await signedIn(client)).auth.mfa.unenroll({ factorId }),
			ours: authing('mfa', 'unenroll', { accessToken, factorId }),
			answers: [{ status: 200, body: { id: factorId } }],
		},
		{
			name: 'mfa.getAll',
			official: async (client) => (await signedIn(client)).auth.mfa.listFactors(),
			ours: authing('mfa', 'getAll', { accessToken }),
			answers: givesUser,
		},
		{
			name: 'mfa.getAssuranceLevel',
			official: (client) => client.auth.mfa.getAuthenticatorAssuranceLevel(accessToken),
			ours: authing('mfa', 'getAssuranceLevel', { accessToken }),
			answers: givesUser,
		},
	] satisfies ContractCase[]
).map((each) => ({ ...anonymous, ...each, name: `auth.${each.name}` }));
