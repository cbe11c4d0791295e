import type { Call, Reply } from '../call';
import { ok } from '../session/issue';
import { userJson } from './userJson';

export async function getUser({ db, user }: Call): Promise<Reply> {
	return ok(await userJson(db, user));
}
