import type { Call, Reply } from '../call';
import { ok } from '../session/issue';
import { userJson } from '../user/userJson';
import { namedUser } from './adminUser';

export async function getNamedUser(call: Call): Promise<Reply> {
	return ok(await userJson(call.db, await namedUser(call)));
}
