import { WebSocket, type RawData } from 'ws';

/** A frame that came, and when: a list as of 2.0.0, or bytes. */
export type Frame =
	[string | null, string | null, string, string, Record<string, unknown>] | Buffer;

/** A bare websocket of version 2.0.0 that remembers what came. */
export interface Listener {
	frames: Frame[];
	socket: WebSocket;
	/** The close code, once it is closed. */
	closed: Promise<number>;
	send(frame: unknown): void;
	/** Joins `realtime:<name>` with what stands under `config`. */
	join(name: string, config: object, token?: string): void;
	/** The first frame, come or to come, of this event that meets a condition. */
	next(
		event: string,
		meets?: (payload: Record<string, unknown>) => boolean,
	): Promise<Record<string, unknown>>;
	/** Payloads of all frames of an event so far. */
	all(event: string): Array<Record<string, unknown>>;
	close(): Promise<void>;
}

/** Opens it; refused upgrades reject with the `response` of `ws`. */
export async function listen(url: string, key: string): Promise<Listener> {
	const address = `${url.replace(/^http/, 'ws')}/realtime/v1/websocket?vsn=2.0.0&apikey=${key}`;
	const socket = new WebSocket(address);
	const frames: Frame[] = [];
	const waiting = new Set<() => void>();
	socket.on('message', (data: RawData, isBinary: boolean) => {
		frames.push(isBinary ? (data as Buffer) : (JSON.parse((data as Buffer).toString()) as Frame));
		for (const look of waiting) look();
	});
	const closed = new Promise<number>((resolve) => socket.once('close', resolve));
	await new Promise<void>((resolve, reject) => {
		socket.once('open', resolve);
		socket.once('error', reject);
	});
	socket.on('error', () => {});
	const send = (frame: unknown) => socket.send(JSON.stringify(frame));
	const all = (event: string) =>
		frames.flatMap((frame) => (Array.isArray(frame) && frame[3] === event ? [frame[4]] : []));
	let ref = 0;
	return {
		frames,
		socket,
		closed,
		send,
		all,
		join: (name, config, token) => {
			ref += 1;
			const payload = { config, ...(token === undefined ? {} : { access_token: token }) };
			send([String(ref), String(ref), `realtime:${name}`, 'phx_join', payload]);
		},
		next: async (event, meets = () => true) =>
			await new Promise((resolve) => {
				const look = () => {
					const found = all(event).find(meets);
					if (!found) return;
					waiting.delete(look);
					resolve(found);
				};
				waiting.add(look);
				look();
			}),
		close: async () => {
			socket.close();
			await closed;
		},
	};
}
