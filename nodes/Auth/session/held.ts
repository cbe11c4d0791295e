import { isDue, readSessionAnswer, readUser, type AuthAnswer } from '../../../src/api/auth/answers';
import { refreshSession } from '../../../src/api/auth/session';
import { getUser } from '../../../src/api/auth/user';
import { jwtClaims, type Authority } from '../../../src/api/keys';
import type { Project } from '../../../src/api/project';
import type { Send } from '../../../src/api/transport';
import { eachItem } from '../../../src/n8n/each';
import type { Job } from '../../../src/n8n/operation';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { answered } from '../answered';
import { asApp, asTokenOwner } from '../as';

/** A session by its two tokens. */
export interface HeldPlan {
	readonly accessToken: string;
	readonly refreshToken: string;
	/** Whether the access token has expired, or is about to. */
	readonly due: boolean;
	readonly includeTokens: boolean;
}

/** @param margin how long before its end a session is renewed, in seconds */
export function heldOf(get: ItemParameters, margin: number): HeldPlan {
	const accessToken = get.required('accessToken').replace(/^bearer\s+/i, '');
	return {
		accessToken,
		refreshToken: get.required('refreshToken'),
		due: isDue(jwtClaims(accessToken)?.exp, margin),
		includeTokens: get.boolean('includeTokens'),
	};
}

/** A token that has expired is not shown to anybody: the refresh token is enough. */
export function asHolder(margin: number) {
	return (get: ItemParameters, project: Project): Authority =>
		heldOf(get, margin).due ? asApp(get, project) : asTokenOwner(get, project);
}

/** Renews each item's session where that is due, and asks for its user otherwise. */
export const executeHeld = eachItem<HeldPlan>(
	async ({ plan, send }) => answered(await current(plan, send), plan.includeTokens),
	{ targetsOf: ({ plan }: Job<HeldPlan>) => [plan.refreshToken] },
);

async function current(plan: HeldPlan, send: Send): Promise<AuthAnswer> {
	const { accessToken, refreshToken, due } = plan;
	if (due) return readSessionAnswer((await send(refreshSession(refreshToken))).body);
	const user = readUser((await send(getUser())).body);
	return readSessionAnswer({
		access_token: accessToken,
		refresh_token: refreshToken,
		token_type: 'bearer',
		user,
	});
}
