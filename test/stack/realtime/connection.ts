import type { WebSocket } from 'ws';

import type { Channel } from './channel';
import { decodeBinary, decodeText, encode, type Incoming, type Version } from './frames';
import type { Hub } from './hub';
import { join } from './join';
import type { Claims } from './tokens';

const UNMATCHED = '{"status":"error","response":{"reason":"unmatched topic"}}';
const OK = '{"status":"ok","response":{}}';

/** A frame longer than that ends the socket, without a close frame. */
const MOST_BYTES = 5_000_000;

/** One websocket with its channels. Frames are handled one after another: a refused join holds up the rest. */
export class Connection {
	/** By topic. */
	readonly channels = new Map<string, Channel>();
	/** Hears and says nothing more. */
	isMute = false;
	private queue: Promise<void> = Promise.resolve();
	/** What is to be sent while a refusal holds the socket up. */
	private held: Array<string | Buffer> | undefined;
	private silence: NodeJS.Timeout | undefined;
	private emptiness: NodeJS.Timeout | undefined;

	constructor(
		readonly hub: Hub,
		readonly socket: WebSocket,
		readonly version: Version,
		/** Of the key that the socket was opened with. */
		readonly claims: Claims,
	) {
		hub.connections.add(this);
		socket.on('message', (data: Buffer, isBinary) => {
			if (this.isMute || hub.settings.answerNothing) return;
			if (data.length > MOST_BYTES) return this.close(1006);
			this.listen();
			const message = isBinary
				? version === '2.0.0' && decodeBinary(data)
				: decodeText(version, data.toString());
			if (message) this.queue = this.queue.then(async () => await this.handle(message));
		});
		socket.on('ping', () => this.listen());
		socket.on('error', () => {});
		socket.once('close', () => void this.end());
		this.listen();
	}

	send(frame: string | Buffer): void {
		if (this.isMute || this.hub.settings.answerNothing) return;
		if (this.held) this.held.push(frame);
		else if (this.socket.readyState === this.socket.OPEN) this.socket.send(frame);
	}

	/** Ends it with a close code, or as a killed server does: 1006 at the client. */
	close(code: number, reason = ''): void {
		if (code === 1006) this.socket.terminate();
		else this.socket.close(code, reason);
	}

	/** Lets the whole socket wait. */
	async holdUp(ms: number): Promise<void> {
		this.held = [];
		await new Promise((resolve) => setTimeout(resolve, ms));
	}

	/** Ends the wait; `first` is sent before what has gathered. */
	goOn(first: string): void {
		const frames = this.held ?? [];
		this.held = undefined;
		for (const frame of [first, ...frames]) this.send(frame);
	}

	add(channel: Channel): void {
		clearTimeout(this.emptiness);
		this.channels.set(channel.topic, channel);
	}

	/** Takes a channel away; a socket that is left without any ends after a while. */
	remove(channel: Channel): void {
		if (this.channels.get(channel.topic) !== channel) return;
		this.channels.delete(channel.topic);
		if (this.channels.size > 0) return;
		const { emptySocketMs } = this.hub.settings;
		this.emptiness = setTimeout(() => this.close(1006), emptySocketMs).unref();
	}

	private listen(): void {
		clearTimeout(this.silence);
		this.silence = setTimeout(() => {
			// What has come while this process was busy is heard first.
			const { silence } = this;
			setImmediate(() => silence === this.silence && this.close(1000));
		}, this.hub.settings.silenceMs).unref();
	}

	private async end(): Promise<void> {
		clearTimeout(this.silence);
		clearTimeout(this.emptiness);
		this.hub.connections.delete(this);
		await Promise.all([...this.channels.values()].map(async (channel) => await channel.end()));
	}

	private async handle(message: Incoming): Promise<void> {
		try {
			await this.answer(message);
		} catch {
			this.channels.get(message.topic)?.crash();
		}
	}

	private async answer(message: Incoming): Promise<void> {
		const { topic, event, ref } = message;
		const reply = (payload: string) =>
			this.send(encode(this.version, { ref, topic, event: 'phx_reply', payload }));
		if (topic === 'phoenix') {
			if (event === 'heartbeat' && this.hub.settings.ignoreHeartbeats) return;
			return reply(event === 'heartbeat' ? OK : UNMATCHED);
		}
		if (event === 'phx_join' && topic.startsWith('realtime:')) return await join(this, message);
		const channel = this.channels.get(topic);
		if (channel) return await channel.handle(message);
		reply(event === 'phx_leave' ? OK : UNMATCHED);
	}
}
