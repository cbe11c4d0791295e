import type { RawData, WebSocket } from 'ws';

import { objectOf } from '../json';
import { closeFault, ownFault, unanswered, type Fault } from './faults';
import { decodeMessage, encodeMessage, type ReceivedMessage, type Serializer } from './message';
import type { Timings } from './timings';

/** The answer to a message. */
export type Reply =
	| { readonly status: 'ok' | 'error'; readonly response: unknown }
	| { readonly status: 'none'; readonly fault: Fault };

/** What goes out on a socket. */
export interface Outgoing {
	readonly topic: string;
	readonly event: string;
	readonly payload: unknown;
	/** The channel's; a join's own `ref` where it is left out. */
	readonly joinRef?: string;
}

/** One open websocket: messages with their answers, heartbeats, and its end. */
export interface Socket {
	/** Sends a message. Nothing happens on a socket that has ended. */
	send(message: Outgoing): void;
	/**
	 * Sends a message whose answer is wanted.
	 *
	 * @param timeout in milliseconds
	 * @param answered called once, after `ask` has returned
	 * @returns the message's `ref`
	 * @throws InvalidRequestError for what cannot be sent
	 */
	ask(message: Outgoing, timeout: number, answered: (reply: Reply) => void): string;
	/** How many messages have come. */
	readonly heard: number;
	/** Ends it as broken. */
	fail(fault: Fault): void;
	/** Closes it in good order, and by force after a while. */
	close(): Promise<void>;
}

export interface SocketOwner {
	/** Every message but answers to ours. */
	onMessage(message: ReceivedMessage): void;
	/** The server has answered something with ok. */
	onAnswered(): void;
	/** It is over, and not by `close`. */
	onEnd(fault: Fault): void;
}

/**
 * Takes over an open websocket.
 *
 * A heartbeat that is not answered until the next one is due ends the socket, unless a join is under
 * way: the server handles nothing else meanwhile, for five seconds when it refuses one.
 */
export function takeOver(
	websocket: WebSocket,
	serializer: Serializer,
	timings: Timings,
	owner: SocketOwner,
): Socket {
	const waiting = new Map<string, { readonly event: string; settle(reply: Reply): void }>();
	let references = 0;
	let heard = 0;
	let isOver = false;
	let isHeartbeatOpen = false;
	const heartbeat = setInterval(beat, timings.heartbeat);

	function beat(): void {
		if (!isHeartbeatOpen) {
			isHeartbeatOpen = true;
			const message = { topic: 'phoenix', event: 'heartbeat', payload: {} };
			ask(message, timings.heartbeat * 10, () => (isHeartbeatOpen = false));
			return;
		}
		const isJoining = [...waiting.values()].some(({ event }) => event === 'phx_join');
		if (!isJoining) fail(ownFault('SOCKET_SILENT'));
	}

	function ask(message: Outgoing, timeout: number, answered: (reply: Reply) => void): string {
		const { topic, event, payload } = message;
		const ref = String(++references);
		if (isOver) {
			queueMicrotask(() => answered({ status: 'none', fault: ownFault('NOT_CONNECTED') }));
			return ref;
		}
		const joinRef = message.joinRef ?? (event === 'phx_join' ? ref : null);
		write({ joinRef, ref, topic, event, payload });
		const settle = (reply: Reply) => {
			clearTimeout(timer);
			waiting.delete(ref);
			answered(reply);
		};
		const timer = setTimeout(
			() => settle({ status: 'none', fault: ownFault('PUSH_TIMEOUT', 'unknown') }),
			timeout,
		);
		waiting.set(ref, { event, settle });
		return ref;
	}

	function write(message: Parameters<typeof encodeMessage>[0]): void {
		// What could not be written shows at the end of the socket.
		websocket.send(encodeMessage(message, serializer), () => undefined);
	}

	function receive(data: RawData, isBinary: boolean): void {
		heard++;
		const message = decodeMessage(data as Buffer, isBinary, serializer);
		if (!message || isOver) return;
		if (message.event !== 'phx_reply') {
			owner.onMessage(message);
			return;
		}
		const { status, response } = objectOf(message.payload) ?? {};
		if (status === 'ok') owner.onAnswered();
		waiting.get(message.ref ?? '')?.settle({ status: status === 'ok' ? 'ok' : 'error', response });
	}

	function fail(fault: Fault): void {
		if (isOver) return;
		finish();
		websocket.terminate();
		owner.onEnd(fault);
		leaveUnanswered(fault);
	}

	function finish(): void {
		isOver = true;
		clearInterval(heartbeat);
	}

	function leaveUnanswered(fault: Fault): void {
		const lost: Reply = { status: 'none', fault: unanswered(fault) };
		for (const each of [...waiting.values()]) each.settle(lost);
	}

	websocket.on('message', receive);
	// Its end tells why.
	websocket.on('error', () => undefined);
	websocket.on('close', (code, reason) => fail(closeFault(code, reason.toString())));
	websocket.resume();
	return {
		send({ topic, event, payload, joinRef = null }) {
			if (!isOver) write({ joinRef, ref: String(++references), topic, event, payload });
		},
		ask,
		get heard() {
			return heard;
		},
		fail,
		async close() {
			finish();
			leaveUnanswered(ownFault('LEFT'));
			if (websocket.readyState === websocket.CLOSED) return;
			await new Promise<void>((resolve) => {
				const timer = setTimeout(() => websocket.terminate(), timings.leave);
				websocket.once('close', () => {
					clearTimeout(timer);
					resolve();
				});
				websocket.close(1000);
			});
		},
	};
}
