import { SupabaseApiError } from '../errors';

/** By whose functions a queue is reached: Supabase's own (`pgmq_public`), or this pack's SQL. */
export type Way = 'public' | 'pack';

/** What is to be done, by each way that can do it; the first that is there does it. */
export type Tries<Result> = ReadonlyArray<readonly [way: Way, attempt: () => Promise<Result>]>;

export type Through = <Result>(tries: Tries<Result>) => Promise<Result>;

/**
 * Does things by the first way whose functions the project has. That they are missing, PostgREST says
 * before anything is carried out, so going the other way repeats nothing. It is found out once.
 *
 * @returns throws the first way's refusal where no way is there, and any other error at once
 */
export function openWays(): Through {
	const missing = new Map<Way, SupabaseApiError>();
	return async (tries) => {
		const refusals: SupabaseApiError[] = [];
		for (const [way, attempt] of tries) {
			const known = missing.get(way);
			if (known) {
				refusals.push(known);
				continue;
			}
			const result = await attempt().then(
				(value) => ({ value }),
				(error: unknown) => ({ error: asMissing(error) }),
			);
			if ('value' in result) return result.value;
			missing.set(way, result.error);
			refusals.push(result.error);
		}
		throw refusals[0] ?? new Error('There is no way to try');
	};
}

/** Whether the schema is not exposed, or has no such function. */
export function isMissing(error: unknown): error is SupabaseApiError {
	return error instanceof SupabaseApiError && /^PGRST(106|202)$/.test(error.code ?? '');
}

function asMissing(error: unknown): SupabaseApiError {
	if (isMissing(error)) return error;
	throw error;
}
