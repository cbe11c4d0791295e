import { SupabaseApiError } from '../../errors';
import type { Send } from '../../transport';
import type { User } from '../answers';
import { userPages } from './userPages';

/** How many of several are named in an error. */
const NAMED = 5;

/**
 * Finds the user with an e-mail address, whatever its case.
 *
 * Auth finds addresses that hold a text, so the exact one is looked for in all pages of them.
 *
 * @throws SupabaseApiError where there is none (code `user_not_found`), or more than one, as may be
 * where a company's sign-in knows the same address
 */
export async function findUserByEmail(send: Send, email: string): Promise<User> {
	const wanted = email.toLowerCase();
	const found: User[] = [];
	for await (const users of userPages(send, { filter: wanted })) {
		for (const user of users) {
			if (String(user.email).toLowerCase() === wanted) found.push(user);
		}
	}
	const [user] = found;
	if (user && found.length === 1) return user;
	if (!user) {
		throw new SupabaseApiError('auth', 'refused', {
			message: `There is no user with the address ${email}`,
			hint: 'Check it; case does not matter. The user may be deleted, or of another project.',
			status: 404,
			code: 'user_not_found',
			ours: true,
		});
	}
	const ids = found.slice(0, NAMED).map(({ id }) => String(id));
	throw new SupabaseApiError('auth', 'refused', {
		message: `${found.length} users have the address ${email}`,
		hint: `Choose one of them by ID: ${ids.join(', ')}${found.length > NAMED ? ', …' : ''}.`,
		code: 'AMBIGUOUS_EMAIL',
		ours: true,
	});
}
