import type { RealtimeAction, RealtimeState } from './realtime';
import type { RealtimeSettings } from './settings';

/** Sees and provokes, from a test, what happens at the stack's Realtime. */
export interface RealtimeControl {
	/** Changes delays, limits and lasting faults for every client: `act({ kind: 'reset' })` undoes it. */
	set(settings: Partial<RealtimeSettings>): Promise<void>;
	settings(): Promise<RealtimeSettings>;
	act(action: RealtimeAction): Promise<void>;
	state(): Promise<RealtimeState>;
}

/** @param url the stack's address (default: that of the jest setup) */
export function realtimeControl(url = process.env.SUPABASE_URL ?? ''): RealtimeControl {
	const call = async <T>(method: string, what: string, body?: unknown): Promise<T> => {
		const answer = await fetch(`${url}/__control/realtime${what}`, {
			method,
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		if (!answer.ok)
			throw new Error(`${method} realtime${what}: ${answer.status} ${await answer.text()}`);
		return (await answer.json()) as T;
	};
	return {
		set: async (settings) => await call('POST', '', settings),
		settings: async () => await call('GET', ''),
		act: async (action) => await call('POST', '/act', action),
		state: async () => await call('GET', '/state'),
	};
}
