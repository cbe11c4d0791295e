import type { Project } from '../project';
import { waitBefore } from './backoff';
import { connect } from './connect';
import { grantFault, ownFault, type Fault } from './faults';
import { keepFresh } from './grants';
import { holdChannel, type ChannelHost, type HeldChannel } from './held';
import type { Realtime, RealtimeOptions, RealtimeState } from './connection';
import { takeOver, type Socket } from './socket';
import { checkSubscription } from './subscription';
import { TIMINGS, type Timings } from './timings';

export type { Grant, Realtime, RealtimeOptions, RealtimeState } from './connection';

/**
 * Opens a connection to a project's Realtime. It never throws for outages: it says its state, and
 * tries until it is closed.
 */
export function openRealtime(project: Project, options: RealtimeOptions): Realtime {
	const { serializer = '2.0.0', onFault } = options;
	const timings: Timings = { ...TIMINGS, ...options.timings };
	const channels = new Set<HeldChannel>();
	const sockets = new Set<Socket>();
	const ending = new AbortController();
	const grants = keepFresh(project, options.authority, timings, (accessToken) => {
		for (const channel of channels) channel.renew(accessToken);
	});
	let state: RealtimeState = { name: 'connecting' };
	/** The one to join on; another may still be there until all have moved. */
	let socket: Socket | undefined;
	let failures = 0;
	let retry: NodeJS.Timeout | undefined;
	let replacement: NodeJS.Timeout | undefined;
	let replacing: Promise<void> | undefined;
	const farewells = new Set<NodeJS.Timeout>();

	const call = (listen: () => void) => {
		try {
			listen();
		} catch (error) {
			onFault?.(error);
		}
	};
	const tell = (told: RealtimeState) => {
		state = told;
		call(() => options.onState?.(told));
	};

	/** Makes a socket, or says why there is none; throws nothing. */
	async function open(): Promise<Socket | Fault> {
		let authority;
		try {
			({ authority } = await grants.fetch());
		} catch (error) {
			return grantFault(error);
		}
		const { signal } = ending;
		const settings = { authority, serializer, timeout: timings.connect, signal };
		const opened = await connect(project, settings);
		if ('reason' in opened) return opened;
		if (signal.aborted) {
			opened.terminate();
			return ownFault('LEFT');
		}
		const made = takeOver(opened, serializer, timings, {
			onMessage(message) {
				for (const channel of channels) channel.receive(made, message);
			},
			onAnswered() {
				failures = 0;
			},
			onEnd: (fault) => ended(made, fault),
		});
		sockets.add(made);
		return made;
	}

	async function hold(): Promise<void> {
		tell({ name: 'connecting' });
		const made = await open();
		if (ending.signal.aborted) return;
		if ('reason' in made) wait(made);
		else use(made);
	}

	function use(made: Socket): void {
		socket = made;
		planReplacement(timings.lifetime * (0.9 + Math.random() / 10));
		tell({ name: 'open' });
		for (const channel of channels) channel.socketOpened();
	}

	function ended(which: Socket, fault: Fault): void {
		sockets.delete(which);
		const isInUse = which === socket;
		if (isInUse) socket = undefined;
		for (const channel of channels) channel.socketEnded(which, fault);
		if (isInUse) wait(fault);
	}

	function wait({ reason, final }: Fault): void {
		clearTimeout(replacement);
		const time = waitBefore(failures++, final, timings);
		retry = setTimeout(() => void hold(), time);
		tell({ name: 'waiting', reason, final, until: Date.now() + time });
	}

	function planReplacement(time: number): void {
		clearTimeout(replacement);
		replacement = setTimeout(() => {
			replaceSocket().catch(() => planReplacement(timings.longestWait));
		}, time);
	}

	/** One at a time, whoever wants it. */
	async function replaceSocket(): Promise<void> {
		replacing ??= replace().finally(() => (replacing = undefined));
		await replacing;
	}

	async function replace(): Promise<void> {
		const before = socket;
		if (!before) throw ownFault('NOT_CONNECTED').reason;
		const made = await open();
		if ('reason' in made) throw made.reason;
		if (socket !== before) {
			// The old one broke meanwhile, and its successor is there or on its way.
			sockets.delete(made);
			await made.close();
			throw ownFault('NOT_CONNECTED').reason;
		}
		socket = made;
		planReplacement(timings.lifetime * (0.9 + Math.random() / 10));
		const moves = await Promise.allSettled([...channels].map(async (each) => await each.move()));
		const farewell = setTimeout(() => {
			farewells.delete(farewell);
			for (const channel of channels) channel.socketEnded(before, ownFault('NOT_CONNECTED'));
			void before.close().then(() => sockets.delete(before));
		}, timings.overlap);
		farewells.add(farewell);
		const failed = moves.find((move) => move.status === 'rejected');
		if (failed) throw failed.reason;
	}

	const host: ChannelHost = {
		timings,
		socket: () => socket,
		accessToken: async () => (await grants.fetch()).accessToken,
		replaceSocket,
		call,
		onLeft: (channel) => channels.delete(channel),
	};

	void hold();
	return {
		get state() {
			return state;
		},
		channels: () => [...channels],
		join(subscription, listener) {
			checkSubscription(subscription);
			const channel = holdChannel(subscription, listener, host);
			channels.add(channel);
			channel.socketOpened();
			return channel;
		},
		async close() {
			if (ending.signal.aborted) return;
			ending.abort();
			grants.stop();
			clearTimeout(retry);
			clearTimeout(replacement);
			for (const farewell of farewells) clearTimeout(farewell);
			await Promise.all([...channels].map(async (channel) => await channel.leave()));
			socket = undefined;
			await Promise.all([...sockets].map(async (each) => await each.close()));
			tell({ name: 'closed' });
		},
	};
}
