/** What our server made up, by what the real one had made up: ids, tokens, codes. */
export class Names {
	private readonly made = new Map<string, string>();

	get(theirs: string): string | undefined {
		return this.made.get(theirs);
	}

	set(theirs: string, ours: string): void {
		if (theirs !== ours) this.made.set(theirs, ours);
	}

	/** A text with everything in it translated that is known. */
	translate(text: string): string {
		return text.replace(/[\w:-]{6,}/g, (word) => this.made.get(word) ?? word);
	}

	/** Learns from two answers to one request, which have the same shape. */
	learn(theirs: unknown, ours: unknown, key = ''): void {
		if (typeof theirs === 'string' && typeof ours === 'string') {
			if (UUID.test(theirs) && UUID.test(ours)) {
				// The first meeting counts: later on lists may be in another order.
				if (!this.made.has(theirs)) this.set(theirs, ours);
			} else if (MADE_UP.has(key)) this.set(theirs, ours);
			else if (ADDRESSES.has(key)) this.learnAddress(theirs, ours);
			return;
		}
		if (typeof theirs !== 'object' || typeof ours !== 'object' || !theirs || !ours) return;
		for (const [name, value] of Object.entries(theirs)) {
			this.learn(value, (ours as Record<string, unknown>)[name], name);
		}
	}

	/** What stands in addresses: codes, states and tokens, in the query or in the fragment. */
	private learnAddress(theirs: string, ours: string): void {
		const mine = partsOf(ours);
		for (const [name, value] of partsOf(theirs)) {
			const own = mine.get(name);
			if (IN_ADDRESSES.has(name) && own) this.set(value, own);
		}
	}
}

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const MADE_UP = new Set([
	'refresh_token',
	'client_secret',
	'hashed_token',
	'email_otp',
	'secret',
	'client_secret',
	'authorization_id',
	'next_cursor',
	'provider_token',
]);
const ADDRESSES = new Set(['location', 'url', 'action_link', 'redirect_url']);
const IN_ADDRESSES = new Set(['code', 'state', 'token', 'refresh_token', 'authorization_id']);

function partsOf(address: string): Map<string, string> {
	if (!URL.canParse(address)) return new Map();
	const { searchParams, hash } = new URL(address);
	return new Map([...searchParams, ...new URLSearchParams(hash.slice(1))]);
}
