import { InvalidRequestError } from '../errors';
import { parseJson } from '../json';

/** The two forms of messages that the server knows (`vsn` in the socket's address). */
export type Serializer = '1.0.0' | '2.0.0';

/** A message of the Phoenix protocol. */
export interface Message {
	/** The `ref` of the join that it belongs to. */
	readonly joinRef: string | null;
	/** By which an answer is matched. */
	readonly ref: string | null;
	readonly topic: string;
	readonly event: string;
	readonly payload: unknown;
}

/** The payload of a broadcast. */
interface Inner {
	readonly event: string;
	readonly payload: unknown;
}

/** A message as it came, with what its payload was read from. */
export interface ReceivedMessage extends Message {
	/** The JSON text that holds its payload; none where that is bytes. */
	readonly text: string;
	/** Finds the payload in what `text` was parsed into. */
	readonly payloadOf: (parsed: unknown) => unknown;
}

/** Kinds of binary messages, their first byte. */
const PUSH = 3;
const BROADCAST = 4;

/** The next to last byte of the header of a binary message: what its payload is. */
const BYTES = 0;
const JSON_TEXT = 1;

/**
 * A message as the server wants it. With 2.0.0 broadcasts go as binary messages of kind 3, as only
 * they can hold bytes.
 *
 * @throws InvalidRequestError for what such a message cannot hold
 */
export function encodeMessage(message: Message, serializer: Serializer): string | Uint8Array {
	const { joinRef, ref, topic, event, payload } = message;
	if (serializer === '1.0.0') {
		if (event === 'broadcast' && (payload as Inner).payload instanceof Uint8Array) {
			throw new InvalidRequestError('Bytes can be sent with serializer 2.0.0 alone');
		}
		return JSON.stringify({ topic, event, payload, ref, join_ref: joinRef });
	}
	if (event !== 'broadcast') return JSON.stringify([joinRef, ref, topic, event, payload]);
	const inner = payload as Inner;
	const isBytes = inner.payload instanceof Uint8Array;
	const texts = [joinRef ?? '', ref ?? '', topic, inner.event, ''].map((text) => Buffer.from(text));
	const lengths = texts.map(({ length }) => {
		if (length > 255) throw new InvalidRequestError('Topic or event is longer than 255 bytes');
		return length;
	});
	return Buffer.concat([
		Buffer.from([PUSH, ...lengths, isBytes ? BYTES : JSON_TEXT]),
		...texts,
		isBytes ? (inner.payload as Uint8Array) : Buffer.from(JSON.stringify(inner.payload)),
	]);
}

/**
 * Reads what the server sent.
 *
 * @param isBinary whether it came as a binary message
 * @returns `undefined` for what is no message of the protocol
 */
export function decodeMessage(
	data: Buffer,
	isBinary: boolean,
	serializer: Serializer,
): ReceivedMessage | undefined {
	if (isBinary) return decodeBroadcast(data);
	const text = data.toString();
	return serializer === '1.0.0' ? decodeObject(text) : decodeList(text);
}

function decodeList(text: string): ReceivedMessage | undefined {
	const parsed = parseJson(text);
	if (!Array.isArray(parsed)) return undefined;
	const [joinRef, ref, topic, event, payload] = parsed as unknown[];
	if (typeof topic !== 'string' || typeof event !== 'string') return undefined;
	return {
		joinRef: refOf(joinRef),
		ref: refOf(ref),
		topic,
		event,
		payload,
		text,
		payloadOf: fifth,
	};
}

const fifth = (parsed: unknown) => (parsed as unknown[])[4];

/** The server leaves `join_ref` out of these. */
function decodeObject(text: string): ReceivedMessage | undefined {
	const parsed = parseJson(text);
	if (typeof parsed !== 'object' || parsed === null) return undefined;
	const { ref, topic, event, payload } = parsed as Record<string, unknown>;
	if (typeof topic !== 'string' || typeof event !== 'string') return undefined;
	return { joinRef: null, ref: refOf(ref), topic, event, payload, text, payloadOf: named };
}

const named = (parsed: unknown) => (parsed as Message).payload;

function refOf(value: unknown): string | null {
	return typeof value === 'string' ? value : null;
}

/** A broadcast of kind 4: lengths of topic, event and metadata, encoding, then these and the payload. */
function decodeBroadcast(data: Buffer): ReceivedMessage | undefined {
	if (data[0] !== BROADCAST || data.length < 5) return undefined;
	let at = 5;
	const [topic = '', event = '', metadata = ''] = [1, 2, 3].map((index) => {
		const from = at;
		at += data[index] ?? 0;
		return data.toString('utf8', from, at);
	});
	if (at > data.length) return undefined;
	const rest = data.subarray(at);
	const text = data[4] === JSON_TEXT ? rest.toString() : '';
	const payloadOf = (parsed: unknown) => ({
		type: 'broadcast',
		event,
		payload: text ? parsed : new Uint8Array(rest),
		...(metadata && { meta: parseJson(metadata) }),
	});
	const parsed = text ? parseJson(text) : undefined;
	if (text && parsed === undefined) return undefined;
	const payload = payloadOf(parsed);
	return { joinRef: null, ref: null, topic, event: 'broadcast', payload, text, payloadOf };
}
