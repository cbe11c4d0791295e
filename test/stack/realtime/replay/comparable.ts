const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
/** Of people who are the same in every run. */
const KNOWN = /^(1{8}|2{8})-/;
const ON_THEIR_OWN = new Set(['system', 'presence_state', 'presence_diff']);
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Frames by socket and topic, in their order, with what is new in every run replaced. */
export type Streams = Record<string, unknown[]>;

/** Collects what one socket got, so that it can be compared with what was recorded. */
export class Comparable {
	readonly streams: Streams = {};
	/** What a binding's id stands for. */
	private readonly bindings = new Map<number, string>();
	private readonly names = new Map<string, string>();

	constructor(private readonly socket: string) {}

	text(text: string): void {
		const frame = readExactly(text);
		const inOld = !Array.isArray(frame);
		const { topic, event, payload } = inOld
			? (frame as { topic: string; event: string; payload: unknown })
			: { topic: frame[2] as string, event: frame[3] as string, payload: frame[4] };
		const clean = this.cleaned(event, payload);
		if (inOld) this.add(topic, event, { ...(frame as object), payload: clean });
		else this.add(topic, event, [...(frame as unknown[]).slice(0, 4), clean]);
	}

	/** A broadcast of kind 4. */
	binary(bytes: Buffer): void {
		const [kind, topicLength = 0, eventLength = 0, metaLength = 0, encoding] = bytes;
		let at = 5;
		const take = (length: number) => bytes.toString('utf8', at, (at += length));
		const [topic, event, meta] = [take(topicLength), take(eventLength), take(metaLength)];
		const rest = bytes.subarray(at);
		const payload = encoding === 1 ? readExactly(rest.toString()) : rest.toString('hex');
		this.add(topic, 'broadcast', {
			kind,
			event,
			encoding,
			meta: meta && this.replaced(readExactly(meta)),
			payload: this.replaced(payload),
		});
	}

	pong(): void {
		this.add('', 'pong', 'pong');
	}

	closed(code: number): void {
		this.add('', 'close', code);
	}

	/** These come on their own account, and when is chance: each has its own order. */
	private add(topic: string, event: string, frame: unknown): void {
		const own = ON_THEIR_OWN.has(event) ? ` ${event}` : '';
		const stream = `${this.socket} ${topic}${own}`.trim();
		(this.streams[stream] ??= []).push(frame);
	}

	private cleaned(event: string, payload: unknown): unknown {
		const { response, ids, data } = (payload ?? {}) as Record<string, unknown>;
		if (event === 'postgres_changes')
			return { data: this.replaced(data), ids: this.idsOf(ids as string[]) };
		const listed = (response as { postgres_changes?: Array<Record<string, unknown>> } | undefined)
			?.postgres_changes;
		for (const { id, ...binding } of listed ?? [])
			this.bindings.set(Number(String(id).slice(1)), JSON.stringify(binding));
		if (!listed) return this.replaced(payload);
		return {
			...(payload as object),
			response: {
				postgres_changes: listed.map(({ id, ...binding }) => ({ id: kindOf(id), binding })),
			},
		};
	}

	private idsOf(ids: string[]): string[] {
		return ids.map((id) => this.bindings.get(Number(id.slice(1))) ?? 'unknown').sort();
	}

	/** Names are counted in the order of their coming, so that the same one is known again. */
	private replaced(value: unknown, key = ''): unknown {
		if (Array.isArray(value)) return value.map((entry) => this.replaced(entry));
		if (typeof value === 'string') return this.replacedText(value, key);
		if (typeof value !== 'object' || value === null) return value;
		return Object.fromEntries(
			Object.entries(value).map(([name, entry]) => [this.named(name), this.replaced(entry, name)]),
		);
	}

	private replacedText(text: string, key: string): string {
		if (key === 'phx_ref' || key === 'phx_ref_prev') return this.alias('ref', text);
		if (key === 'commit_timestamp' && TIME.test(text)) return 'time';
		if (key === 'at' && text.endsWith('+00:00')) return 'time';
		return shortened(this.named(text)).replace(/expired \d{2,} seconds/, 'expired N seconds');
	}

	private named(text: string): string {
		return text.replace(UUID, (uuid) => (KNOWN.test(uuid) ? uuid : this.alias('uuid', uuid)));
	}

	private alias(kind: string, text: string): string {
		const name = this.names.get(text) ?? `${kind} ${this.names.size + 1}`;
		this.names.set(text, name);
		return name;
	}
}

function kindOf(id: unknown): string {
	return typeof id === 'string' && /^#\d+$/.test(id) && id !== '#0' ? 'id' : 'none';
}

/** As recordings write over 500 equal characters. */
function shortened(text: string): string {
	return text.replace(/(.)\1{499,}/g, (run, letter: string) => `${letter}…(${run.length}×)`);
}

/** JSON whose numbers stay as they were written: `#` and the digits. */
function readExactly(text: string): unknown {
	const exact = text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
		token.startsWith('"') ? token : `"#${token}"`,
	);
	return JSON.parse(exact) as unknown;
}
