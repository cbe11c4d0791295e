/** The two kinds of project keys, as a project of either age has them; all made up. */
export const projectKeys = {
	legacy: { publishableKey: jwt({ role: 'anon' }), secretKey: jwt({ role: 'service_role' }) },
	new: {
		publishableKey: 'sb_publishable_aaaaaaaaaaaaaaaaaaaaaa_bbbbbbbb',
		secretKey: 'sb_secret_aaaaaaaaaaaaaaaaaaaaaa_bbbbbbbb',
	},
};

export type KeyAge = keyof typeof projectKeys;

/** A token with these claims. Nobody checks its signature: it never leaves this machine. */
export function jwt(claims: Readonly<Record<string, unknown>>): string {
	const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
	return `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iss: 'supabase', ...claims })}.c2lnbmF0dXJl`;
}
