import { createHash } from 'node:crypto';

import type { RecordedRequest } from './recorder';

/**
 * Makes PKCE pairs comparable, which are random: a challenge and the verifier of another request
 * become a name each where the one is the hash of the other. All else stays as it is.
 */
export function paired(requests: readonly RecordedRequest[]): RecordedRequest[] {
	const names = new Map<string, string>();
	requests.forEach((request, index) => {
		const challenge = challengeOf(request);
		if (challenge === undefined) return;
		const verifier = requests
			.map((each) => fieldOf(each, 'code_verifier'))
			.find((each) => each !== undefined && hashOf(each) === challenge);
		if (verifier === undefined || !/^[\w.~-]{43,128}$/.test(verifier)) return;
		names.set(challenge, `challenge ${index}`);
		names.set(verifier, `verifier ${index}`);
	});
	const named = (value: unknown) => names.get(String(value)) ?? value;
	return requests.map(({ body, query, ...request }) => ({
		...request,
		query: query.map(([name, value]) => [name, String(named(value))]),
		body:
			typeof body === 'object' && body !== null && !Array.isArray(body)
				? Object.fromEntries(Object.entries(body).map(([name, value]) => [name, named(value)]))
				: body,
	}));
}

function challengeOf(request: RecordedRequest): string | undefined {
	return (
		fieldOf(request, 'code_challenge') ??
		request.query.find(([name]) => name === 'code_challenge')?.[1]
	);
}

function fieldOf({ body }: RecordedRequest, name: string): string | undefined {
	const value = (Object(body) as Record<string, unknown>)[name];
	return typeof value === 'string' ? value : undefined;
}

function hashOf(verifier: string): string {
	return createHash('sha256').update(verifier).digest('base64url');
}
