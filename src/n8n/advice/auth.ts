import type { Advice, ServiceAdvice } from './advice';

/** Who signs in. */
const SIGN_IN: readonly Advice[] = [
	{
		code: /^invalid_credentials$/,
		title: 'E-mail or password is wrong',
		mend: 'Check both. A user who signs in by links or through a provider has no password until one is set.',
	},
];

/** What Supabase Auth refuses. */
export const AUTH: ServiceAdvice = { advice: [...SIGN_IN] };
