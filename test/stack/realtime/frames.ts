/** The two serializers of the Phoenix protocol: 1.0.0 (objects) and 2.0.0 (lists, and binary broadcasts). */
export type Version = '1.0.0' | '2.0.0';

/** What a client has sent. */
export interface Incoming {
	joinRef: string | null;
	ref: string | null;
	topic: string;
	event: string;
	payload: unknown;
	/** A binary broadcast: its event and its bytes, which are JSON or anything. */
	binary?: { event: string; payload: Buffer; isJson: boolean };
}

/** What a client gets; the payload is JSON already, so that no number in it is damaged. */
export interface Outgoing {
	joinRef?: string | null;
	ref?: string | null;
	topic: string;
	event: string;
	payload: string;
}

/** A broadcast as every member of a room gets it, in the form of its serializer. */
export interface Broadcast {
	event: string;
	payload: Buffer | string;
	isJson: boolean;
	/** JSON. */
	meta?: string;
}

/** @returns undefined for what is malformed, which the server ignores without a word */
export function decodeText(version: Version, text: string): Incoming | undefined {
	let frame: unknown;
	try {
		frame = JSON.parse(text);
	} catch {
		return undefined;
	}
	if (version === '2.0.0') {
		if (!Array.isArray(frame) || frame.length < 5) return undefined;
		const [joinRef, ref, topic, event, payload] = frame as unknown[];
		return incoming(joinRef, ref, topic, event, payload);
	}
	if (typeof frame !== 'object' || frame === null || Array.isArray(frame)) return undefined;
	const { join_ref, ref, topic, event, payload } = frame as Record<string, unknown>;
	return incoming(join_ref, ref, topic, event, payload);
}

function incoming(
	joinRef: unknown,
	ref: unknown,
	topic: unknown,
	event: unknown,
	payload: unknown,
): Incoming | undefined {
	if (typeof topic !== 'string' || typeof event !== 'string') return undefined;
	return { joinRef: refOf(joinRef), ref: refOf(ref), topic, event, payload };
}

function refOf(value: unknown): string | null {
	return typeof value === 'string' ? value : null;
}

const CLIENT_BROADCAST = 3;
const SERVER_BROADCAST = 4;

/** A kind-3 frame: one byte of length for each of five texts, one for the encoding, then all of them. */
export function decodeBinary(frame: Buffer): Incoming | undefined {
	if (frame[0] !== CLIENT_BROADCAST || frame.length < 7) return undefined;
	const lengths = [...frame.subarray(1, 6)];
	let at = 7;
	const texts = lengths.map((length) => frame.toString('utf8', at, (at += length)));
	if (at > frame.length) return undefined;
	const [joinRef = '', ref = '', topic = '', event = ''] = texts;
	return {
		joinRef: joinRef || null,
		ref: ref || null,
		topic,
		event: 'broadcast',
		payload: undefined,
		binary: { event, payload: frame.subarray(at), isJson: frame[6] === 1 },
	};
}

export function encode(
	version: Version,
	{ joinRef = null, ref = null, topic, event, payload }: Outgoing,
): string {
	if (version === '2.0.0')
		return `[${JSON.stringify(joinRef)},${JSON.stringify(ref)},${JSON.stringify(topic)},${JSON.stringify(event)},${payload}]`;
	return `{"ref":${JSON.stringify(ref)},"event":${JSON.stringify(event)},"topic":${JSON.stringify(topic)},"payload":${payload}}`;
}

/**
 * A broadcast from REST's single form, from the database, or from a binary push: kind 4 for 2.0.0, text
 * for 1.0.0.
 *
 * @returns undefined for bytes and a client of 1.0.0, which cannot have them
 * @throws RangeError when topic or event are longer than 255 bytes and the client is one of 2.0.0
 */
export function encodeBroadcast(
	version: Version,
	topic: string,
	{ event, payload, isJson, meta = '' }: Broadcast,
): Buffer | string | undefined {
	if (version === '2.0.0') {
		const texts = [topic, event, meta].map((text) => Buffer.from(text));
		if (texts.some(({ length }) => length > 255)) throw new RangeError('over 255 bytes');
		const lengths = texts.map(({ length }) => length);
		const head = Buffer.from([SERVER_BROADCAST, ...lengths, isJson ? 1 : 0]);
		return Buffer.concat([head, ...texts, Buffer.from(payload as string)]);
	}
	if (!isJson) return undefined;
	return encode(version, {
		topic,
		event: 'broadcast',
		payload: `{"event":${JSON.stringify(event)},${meta ? `"meta":${meta},` : ''}"payload":${payload.toString()},"type":"broadcast"}`,
	});
}
