/** One server-sent event. */
export interface ServerEvent {
	/** `message` unless the server says otherwise. */
	readonly event: string;
	readonly data: string;
	/** The last id that the server gave, with this event or before it. */
	readonly id?: string;
}

/** What is known between two parts of a stream. */
export interface EventState {
	/** A line that has not come to its end. */
	readonly line: string;
	/** The part before ended in a carriage return, to which a line feed may belong. */
	readonly afterReturn: boolean;
	readonly event: string;
	readonly data?: string;
	readonly id?: string;
}

export const noEvents: EventState = { line: '', afterReturn: false, event: '' };

/**
 * Reads one part of a stream of events; it may be cut anywhere.
 *
 * @param state what the part before left, `noEvents` for the first one
 * @returns the events that end in this part, and the state for the next one
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export function readEvents(
	state: EventState,
	part: string,
): { readonly events: ServerEvent[]; readonly state: EventState } {
	const text = state.afterReturn && part.startsWith('\n') ? part.slice(1) : part;
	const lines = text.split(/\r\n|\n|\r/);
	const events: ServerEvent[] = [];
	const rest = lines.pop() ?? '';
	let { event, data, id } = state;
	for (const [index, ending] of lines.entries()) {
		const line = index === 0 ? state.line + ending : ending;
		if (line === '') {
			if (data !== undefined) events.push(eventOf({ event, data, id }));
			event = '';
			data = undefined;
			continue;
		}
		const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
		if (field === 'event') event = value;
		if (field === 'data') data = data === undefined ? value : `${data}\n${value}`;
		if (field === 'id' && !value.includes('\0')) id = value;
	}
	return {
		events,
		state: {
			line: lines.length ? rest : state.line + rest,
			afterReturn: part === '' ? state.afterReturn : part.endsWith('\r'),
			event,
			data,
			id,
		},
	};
}

/**
 * The event that a stream ended in: a browser drops one without a blank line behind it, but it was
 * sent all the same.
 */
export function lastEvent(state: EventState): ServerEvent[] {
	return readEvents(state, '\n\n').events;
}

function eventOf({ event, data, id }: Pick<EventState, 'event' | 'id'> & { data: string }) {
	return { event: event || 'message', data, ...(id !== undefined && { id }) };
}
