import { isDeepStrictEqual } from 'node:util';
import type postgres from 'postgres';
import { WebSocket } from 'ws';

import type { Realtime } from '../realtime';
import { Comparable, type Streams } from './comparable';
import { directorOf, type Director } from './directors';
import { exchange, ofRecording } from './exchange';
import { tokensOfSession } from './keys';
import { nameOf, type RecordedFrame, type Recording } from './recording';

/** What a recording is played against. */
export interface Stage {
	url: string;
	/** One connection: transactions are written as they were recorded. */
	sql: postgres.Sql;
	databaseUrl: string;
	realtime: Realtime;
}

/** What came, beside what was recorded. */
export interface Outcome {
	recording: Recording;
	ours: unknown;
	recorded: unknown;
}

const PATIENCE_MS = 4_000;
/** With recordings that are known to differ. */
const LITTLE_PATIENCE_MS = 150;
const GRACE_MS = 15;
/** Recorded sessions begin then. */
const BEGINNING = Date.UTC(2026, 0, 1);

/**
 * Plays a recording: does what the client did, and collects what came.
 *
 * @param isExpected what was recorded shall come, and is waited for
 */
export async function play(
	stage: Stage,
	recording: Recording,
	isExpected = true,
): Promise<Outcome> {
	const director = directorOf(recording);
	Object.assign(stage.realtime.settings, director.settings);
	const session = new Session(
		stage,
		recording,
		director,
		isExpected ? PATIENCE_MS : LITTLE_PATIENCE_MS,
	);
	try {
		await director.before?.(session);
		await stage.realtime.settled();
		if (recording.request && recording.response) {
			const ours = await exchange(stage.url, recording.request, session.fill);
			return { recording, ours, recorded: ofRecording(recording.response) };
		}
		await session.run(recording.frames ?? []);
		return { recording, ours: session.ours(), recorded: session.recorded() };
	} catch (error) {
		return { recording, ours: `${(error as Error).stack}`, recorded: nameOf(recording) };
	} finally {
		await session.end();
	}
}

export function isSame({ ours, recorded }: Outcome): boolean {
	return isDeepStrictEqual(ours, recorded);
}

interface Line {
	socket: WebSocket;
	came: number;
	expected: number;
	/** The code that it was closed with. */
	closed?: number;
	ours: Comparable;
	recorded: Comparable;
}

/** A session that is being played. */
export class Session {
	readonly fill: (text: string) => string;
	private readonly beganAt = Date.now();
	private readonly lines = new Map<string, Line>();
	private readonly answers: unknown[] = [];
	private readonly recordedAnswers: unknown[] = [];
	private lastAt = 0;
	private path = '';
	private hasGivenUp = false;
	private hasWritten = false;
	private leaving = false;

	constructor(
		readonly stage: Stage,
		readonly recording: Recording,
		private readonly director: Director,
		private readonly patienceMs: number,
	) {
		this.fill = tokensOfSession();
	}

	async run(frames: RecordedFrame[]): Promise<void> {
		const cues = [...(this.director.cues ?? [])];
		for (const frame of inOrder(frames)) {
			while (cues[0] && cues[0].t <= frame.t) {
				await this.settle();
				await this.stage.realtime.settled();
				await cues.shift()?.act(this);
				this.hasWritten = true;
			}
			if (frame.dir === 'connect') this.path = frame.path ?? '';
			if (frame.dir === 'open') await this.open(frame, frame.path ?? this.path);
			if (frame.dir === 'recv') this.expect(frame);
			if (frame.dir === 'send') await this.send(frame);
			if (frame.dir === 'close') await this.close(frame);
			if (frame.dir === 'sql') await this.write(frame.text ?? '');
			if (frame.dir === 'http') await this.request(frame);
			if (frame.dir === 'note') await this.obey(frame.text ?? '');
		}
		await this.calm();
	}

	ours(): unknown {
		return { streams: this.all('ours'), answers: this.answers };
	}

	recorded(): unknown {
		return { streams: this.all('recorded'), answers: this.recordedAnswers };
	}

	/** Sends something that the recording only tells of. */
	raw(text: string, name = ''): void {
		this.lines.get(name)?.socket.send(text);
	}

	async end(): Promise<void> {
		for (const { socket } of this.lines.values()) socket.terminate();
		await this.director.after?.(this);
	}

	private all(side: 'ours' | 'recorded'): Streams {
		return Object.assign(
			{},
			...[...this.lines.values()].map((line) => line[side].streams),
		) as Streams;
	}

	private async open(frame: RecordedFrame, path: string): Promise<void> {
		await this.settle();
		const name = frame.sock ?? '';
		const before = this.lines.get(name);
		const { 'Sec-WebSocket-Extensions': offered, ...headers } = frame.headers ?? {};
		const socket = new WebSocket(this.stage.url.replace(/^http/, 'ws') + this.fill(path), {
			perMessageDeflate: offered !== undefined,
			headers: Object.fromEntries(
				Object.entries(headers).map(([key, value]) => [key, this.fill(value)]),
			),
		});
		const line: Line = {
			socket,
			came: 0,
			expected: 0,
			ours: before?.ours ?? new Comparable(name),
			recorded: before?.recorded ?? new Comparable(name),
		};
		this.lines.set(name, line);
		socket.on('message', (data: Buffer, isBinary) => {
			if (this.leaving) return;
			line.came += 1;
			if (isBinary) line.ours.binary(data);
			else line.ours.text(data.toString());
		});
		const hasPongs = this.recording.frames?.some(({ pong }) => pong);
		if (hasPongs)
			socket.on('pong', () => {
				line.came += 1;
				line.ours.pong();
			});
		socket.once('close', (code) => (line.closed = code));
		await new Promise<void>((resolve, reject) => {
			socket.once('open', resolve);
			socket.once('error', reject);
		});
		socket.on('error', () => {});
	}

	private expect(frame: RecordedFrame): void {
		if (this.leaving) return;
		const line = this.lineOf(frame);
		line.expected += 1;
		if (frame.pong) line.recorded.pong();
		else if (frame.base64 === undefined) line.recorded.text(frame.text ?? '');
		else line.recorded.binary(Buffer.from(frame.base64, 'base64'));
	}

	private async send(frame: RecordedFrame): Promise<void> {
		await this.pause(frame);
		if (this.hasWritten) await this.stage.realtime.settled();
		this.hasWritten = false;
		const { socket } = this.lineOf(frame);
		if (this.isLeaving(frame)) this.leaving = true;
		if (socket.readyState !== socket.OPEN) return;
		if (frame.ping) socket.ping();
		else if (frame.base64 === undefined) socket.send(this.shifted(this.fill(frame.text ?? '')));
		else socket.send(Buffer.from(frame.base64, 'base64'));
	}

	/** The official client closes at once when it has left: what still comes then is chance. */
	private isLeaving({ text = '' }: RecordedFrame): boolean {
		return this.recording.op === 'supabase-js' && text.includes('phx_leave');
	}

	/** `since` keeps its distance from the session's beginning. */
	private shifted(text: string): string {
		return text.replace(/"since":(\d{13})\b/g, (_all, since: string) => {
			return `"since":${Number(since) - BEGINNING + this.beganAt}`;
		});
	}

	private async close(frame: RecordedFrame): Promise<void> {
		const line = this.lines.get(frame.sock ?? '');
		await this.pause(frame);
		if (!line) return await this.expectRefusal();
		if (frame.by === 'client') {
			await this.calm();
			if (frame.code === 1006) line.socket.terminate();
			else line.socket.close(frame.code === 1005 ? undefined : frame.code);
			await until(() => line.closed !== undefined, this.patienceMs);
			return;
		}
		line.recorded.closed(frame.code ?? 0);
		await until(() => line.closed !== undefined, this.patienceMs);
		line.ours.closed(line.closed ?? 0);
	}

	/** A socket that never opened: the client saw no more than its end. */
	private async expectRefusal(): Promise<void> {
		const headers = { upgrade: 'websocket' };
		const request = { method: 'GET', path: this.path, headers };
		const { status } = await exchange(this.stage.url, request, this.fill);
		this.recordedAnswers.push('refused');
		this.answers.push(status >= 400 ? 'refused' : status);
	}

	private async write(text: string): Promise<void> {
		await this.settle();
		this.hasWritten = true;
		const staged = this.director.sql?.[text];
		if (staged) return await staged(this);
		await this.stage.sql.unsafe(text).catch((error: Error) => {
			if (!this.tellsOf(error.message)) throw error;
		});
	}

	/** The recording notes that the database refused it. */
	private tellsOf(message: string): boolean {
		return (this.recording.frames ?? []).some(
			({ dir, text }) => dir === 'note' && text === `database error: ${message}`,
		);
	}

	private async request({ request, response }: RecordedFrame): Promise<void> {
		if (!request || !response) return;
		await this.settle();
		const answer = await exchange(this.stage.url, request, this.fill);
		this.recordedAnswers.push(response.headers ? ofRecording(response) : response.status);
		this.answers.push(response.headers ? answer : answer.status);
	}

	private async obey(text: string): Promise<void> {
		const order = this.director.notes?.[text];
		await this.settle();
		await this.stage.realtime.settled();
		if (!order) return;
		await order(this);
	}

	private lineOf({ sock = '' }: RecordedFrame): Line {
		const line = this.lines.get(sock);
		if (!line) throw new Error(`No socket ${sock}`);
		return line;
	}

	private async pause(frame: RecordedFrame): Promise<void> {
		await this.settle();
		const wait = (frame.t - this.lastAt) * (this.director.pace ?? 0);
		this.lastAt = frame.t;
		if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
	}

	/** Waits until all has come that came before; once it has not, it is not waited for again. */
	async settle(): Promise<void> {
		const hasAll = () => [...this.lines.values()].every(({ came, expected }) => came >= expected);
		if (!this.hasGivenUp && !(await until(hasAll, this.patienceMs))) this.hasGivenUp = true;
	}

	/** Waits until nothing more can come. */
	private async calm(): Promise<void> {
		await this.settle();
		await this.stage.realtime.settled();
		await new Promise((resolve) => setTimeout(resolve, GRACE_MS));
	}
}

/** What a request or a parting brought to others was recorded before it. */
function inOrder(frames: RecordedFrame[]): RecordedFrame[] {
	const ordered: RecordedFrame[] = [];
	for (const frame of frames) {
		let at = ordered.length;
		while (comesOf(frame, ordered[at - 1])) at -= 1;
		ordered.splice(at, 0, frame);
	}
	return ordered;
}

function comesOf(cause: RecordedFrame, frame: RecordedFrame | undefined): boolean {
	if (frame?.dir !== 'recv') return false;
	if (cause.dir === 'http') return isBroadcast(frame);
	const isParting = cause.dir === 'close' && cause.by === 'client' && frame.sock !== cause.sock;
	return isParting && (frame.text?.includes('presence_diff') ?? false);
}

function isBroadcast(frame: RecordedFrame): boolean {
	return frame.base64 !== undefined || /"broadcast"/.test(frame.text ?? '');
}

async function until(holds: () => boolean, ms: number): Promise<boolean> {
	const end = Date.now() + ms;
	while (!holds()) {
		if (Date.now() > end) return false;
		await new Promise((resolve) => setTimeout(resolve, 2));
	}
	return true;
}
