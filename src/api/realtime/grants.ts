import { authorityHeaders, jwtClaims, type Authority } from '../keys';
import type { Project } from '../project';
import type { Grant } from './connection';
import type { Timings } from './timings';

/** The longest time that a timer of Node.js can wait, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** Whose rights a connection and its channels have, and a token of theirs where it is a user. */
export interface Rights {
	readonly authority: Authority;
	readonly accessToken?: string;
}

/** Fetches rights, and fetches them again before their token ends. */
export interface Grants {
	/** Throws as `RealtimeOptions.authority`, and InvalidRequestError where there is no key for them. */
	fetch(): Promise<Rights>;
	/** Fetches no more. */
	stop(): void;
}

/**
 * Keeps access tokens fresh: the server closes a channel at the second at which its token ends.
 *
 * @param grant asks for rights
 * @param onFresh gets the new token
 */
export function keepFresh(
	project: Project,
	grant: () => Promise<Grant>,
	{ renewBefore }: Timings,
	onFresh: (accessToken: string) => void,
): Grants {
	let timer: NodeJS.Timeout | undefined;
	let isStopped = false;

	async function fetch(): Promise<Rights> {
		const { authority, expiresAt } = await grant();
		if (authority.role !== 'user') return { authority };
		const { authorization = '' } = authorityHeaders(project, 'realtime', authority);
		const accessToken = authorization.slice('Bearer '.length);
		plan(expiresAt ?? endOf(accessToken));
		return { authority, accessToken };
	}

	function plan(endsAt: number | undefined): void {
		clearTimeout(timer);
		const rest = (endsAt ?? 0) - Date.now();
		if (isStopped || rest <= 0) return;
		// A token that was not renewed, or lasts shortly, is asked for again in the half of its rest.
		const wait = Math.min(Math.max(rest - renewBefore, rest / 2), LONGEST);
		timer = setTimeout(() => void renew(endsAt), wait);
	}

	async function renew(endsAt: number | undefined): Promise<void> {
		try {
			const { accessToken } = await fetch();
			if (accessToken && !isStopped) onFresh(accessToken);
		} catch {
			// Until it ends, the old one is good; after that, joins say why there is none.
			plan(endsAt);
		}
	}
	return {
		fetch,
		stop() {
			isStopped = true;
			clearTimeout(timer);
		},
	};
}

/** `exp` of a JWT, in milliseconds since 1970. */
function endOf(accessToken: string): number | undefined {
	const { exp } = jwtClaims(accessToken) ?? {};
	return typeof exp === 'number' ? exp * 1000 : undefined;
}
