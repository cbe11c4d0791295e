/** One message of `POST /api/broadcast`. */
export interface Message {
	id?: string;
	topic: string;
	event: string;
	payload: object;
	isPrivate: boolean;
}

type Faults = Record<string, string[]>;

const BLANK = "can't be blank";
const INVALID = 'is invalid';

/** All messages of a batch, or what is wrong with each: none is sent then. */
export function checkBatch(
	body: unknown,
	maxBytes: number,
	tooLarge: string,
): Message[] | { errors: { messages: Array<string | Faults> } } {
	const messages = (body as { messages?: unknown } | null)?.messages;
	if (messages === undefined || messages === null || (messages as unknown[]).length === 0)
		return { errors: { messages: [BLANK] } };
	if (!Array.isArray(messages)) return { errors: { messages: [INVALID] } };
	const faults = messages.map((message) => faultsOf(message, maxBytes, tooLarge));
	if (faults.some((found) => Object.keys(found).length > 0))
		return { errors: { messages: faults } };
	return (messages as Array<Record<string, unknown>>).map((message) => ({
		id: typeof message.id === 'string' ? message.id : undefined,
		topic: message.topic as string,
		event: message.event as string,
		payload: message.payload as object,
		isPrivate: message.private === true || message.private === 'true',
	}));
}

function faultsOf(message: unknown, maxBytes: number, tooLarge: string): Faults {
	const { topic, event, payload } = (message ?? {}) as Record<string, unknown>;
	const faults: Faults = {};
	if (typeof topic !== 'string' || !topic) faults.topic = [BLANK];
	if (typeof event !== 'string' || !event) faults.event = [BLANK];
	if (payload === undefined || payload === null) faults.payload = [BLANK];
	else if (typeof payload !== 'object' || Array.isArray(payload)) faults.payload = [INVALID];
	else if (Buffer.byteLength(JSON.stringify(payload)) > maxBytes) faults.payload = [tooLarge];
	return faults;
}
