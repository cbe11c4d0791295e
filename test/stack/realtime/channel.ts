import { randomUUID } from 'node:crypto';

import { bindingsWithId, type BindingWithId } from './changes/binding';
import { cancelSubscription, subscribe } from './changes/subscribe';
import type { Connection } from './connection';
import { encode, type Incoming } from './frames';
import type { Config } from './config';
import { leaveRoom, presence } from './presence';
import { pushBroadcast } from './pushBroadcast';
import type { Rights } from './rights';
import { rightsOf } from './rights';
import { expired, isBad, readToken, type Claims } from './tokens';

const EXPIRY_CHECK_MS = 5 * 60_000;

/** A topic that a socket has joined. */
export class Channel {
	readonly name: string;
	readonly bindings: BindingWithId[];
	readonly presenceKey: string;
	/** By which the database sends changes to each binding, whatever token they are subscribed with. */
	readonly subscriptionIds: string[];
	/** Times of the last presence calls. */
	presenceCalls: number[] = [];
	/** Asked when it is first needed. */
	private writable: Rights['write'] | undefined;
	private hasEnded = false;
	private readonly timers = new Set<NodeJS.Timeout>();

	constructor(
		readonly connection: Connection,
		readonly topic: string,
		readonly joinRef: string | null,
		readonly config: Config,
		public claims: Claims,
		private token: string | undefined,
	) {
		this.name = topic.slice('realtime:'.length);
		this.bindings = bindingsWithId(config.changes);
		this.subscriptionIds = this.bindings.map(() => randomUUID());
		this.presenceKey = config.presence.key || randomUUID();
		this.watchExpiry();
	}

	get isPrivate(): boolean {
		return this.config.private;
	}

	get isJoined(): boolean {
		return !this.hasEnded;
	}

	async mayWrite(extension: Rights['write'][number]): Promise<boolean> {
		if (!this.isPrivate) return true;
		this.writable ??= await rightsOf(this.connection.hub, this.claims, this.name).then(
			({ write }) => write,
			() => undefined,
		);
		return this.writable?.includes(extension) ?? false;
	}

	/** Sends what belongs to this join; `payload` is JSON. */
	send(event: string, payload: string, ref: string | null = null): void {
		const { connection, joinRef, topic } = this;
		connection.send(encode(connection.version, { joinRef, ref, topic, event, payload }));
	}

	reply(ref: string | null, status: 'ok' | 'error', response: unknown = {}): void {
		this.send('phx_reply', JSON.stringify({ status, response }), ref);
	}

	system(extension: 'postgres_changes' | 'system', status: 'ok' | 'error', message: string): void {
		this.send('system', JSON.stringify({ message, status, extension, channel: this.name }));
	}

	/** A change of the database; `data` is JSON. It names no join, even when the topic was joined anew. */
	sendChange(type: string, data: string, ids: number[]): void {
		const { connection, topic } = this;
		const frame = this.config.old
			? { topic, event: type, payload: data }
			: {
					topic,
					event: 'postgres_changes',
					payload: `{"data":${data},"ids":${JSON.stringify(ids)}}`,
				};
		connection.send(encode(connection.version, frame));
	}

	async handle({ event, payload, ref, joinRef, binary }: Incoming): Promise<void> {
		if (event === 'phx_leave') {
			if (joinRef !== this.joinRef) return;
			await this.end(() => {
				this.reply(ref, 'ok');
				this.send('phx_close', '{}', this.joinRef);
			});
		} else if (event === 'broadcast') await pushBroadcast(this, ref, payload, binary);
		else if (event === 'presence') await presence(this, ref, payload);
		else if (event === 'access_token') await this.renew(payload);
	}

	/** Says what was wrong and leaves; the socket stays. */
	async refuse(message: string): Promise<void> {
		await this.end(() => {
			this.system('system', 'error', message);
			this.close();
		});
	}

	close(): void {
		this.send('phx_close', '{}', this.joinRef);
	}

	crash(): void {
		void this.end(() => this.send('phx_error', '{"reason":"channel_crash"}', this.joinRef));
	}

	/** Leaves the room, the topic and the database; `last` says it to the client. */
	async end(last?: () => void): Promise<void> {
		if (this.hasEnded) return;
		this.hasEnded = true;
		for (const timer of this.timers) clearTimeout(timer);
		const { hub } = this.connection;
		this.connection.remove(this);
		last?.();
		leaveRoom(hub, this);
		await cancelSubscription(hub, this);
	}

	/** Runs something later, unless the channel has ended. */
	later(ms: number, run: () => void): void {
		const timer = setTimeout(() => {
			this.timers.delete(timer);
			run();
		}, ms).unref();
		this.timers.add(timer);
	}

	/** Ends the channel as the passing of the token's time does. */
	async expire(): Promise<void> {
		await this.refuse(expired(0).renewal);
	}

	private watchExpiry(): void {
		const left = this.claims.exp * 1000 - Date.now();
		this.later(Math.min(EXPIRY_CHECK_MS, Math.max(0, left)), () => {
			if (this.claims.exp * 1000 > Date.now()) this.watchExpiry();
			else void this.expire();
		});
	}

	private async renew(payload: unknown): Promise<void> {
		const token = (payload as { access_token?: unknown } | null)?.access_token;
		if (typeof token !== 'string' || token.startsWith('sb_') || token === this.token) return;
		const { hub } = this.connection;
		const claims = readToken(token, hub.jwtSecret);
		if (isBad(claims)) return await this.refuse(claims.renewal);
		if (this.isPrivate) {
			const rights = await rightsOf(hub, claims, this.name);
			if (!mayRead(rights, this.config)) return await this.refuse(unreadable(this.name));
			this.writable = rights.write;
		}
		this.token = token;
		this.claims = claims;
		this.watchExpiry();
		if (this.bindings.length > 0)
			this.later(hub.settings.resubscribeDelayMs, () => void subscribe(hub, this));
	}
}

export function mayRead({ read }: Rights, { presence }: Config): boolean {
	return read.includes('broadcast') || (presence.enabled && read.includes('presence'));
}

export function unreadable(name: string): string {
	return `You do not have permissions to read from this Channel topic: ${name}`;
}
