function jwt(claims: Record<string, unknown>): string {
	const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
	return `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.c2lnbmF0dXJl`;
}

/** One of every kind of text that a person may take for a key. */
export const tokens = {
	sb_publishable: 'sb_publishable_unit_test',
	sb_secret: 'sb_secret_unit_test',
	anon: jwt({ iss: 'supabase', ref: 'local', role: 'anon' }),
	service_role: jwt({ iss: 'supabase', ref: 'local', role: 'service_role' }),
	other_jwt: jwt({ sub: '5a4b', role: 'authenticated' }),
	personal_access_token: 'sbp_unit_test',
	unknown: 'hunter2',
} as const;

export const userToken = tokens.other_jwt;
