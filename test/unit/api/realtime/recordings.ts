import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What happened at one moment of a recorded session; `t` is in milliseconds since its beginning. */
export interface RecordedFrame {
	readonly dir:
		'connect' | 'open' | 'send' | 'recv' | 'close' | 'callback' | 'call' | 'sql' | 'note' | 'http';
	readonly t: number;
	/** Which of several sockets. */
	readonly sock?: string;
	readonly path?: string;
	readonly text?: string;
	readonly base64?: string;
	readonly code?: number;
	readonly by?: 'client' | 'server';
}

/** A session with the real server, supabase/realtime 2.129.8, or one request to it. */
export interface RecordedSession {
	readonly op: string;
	readonly case: string;
	readonly vsn?: string;
	readonly client?: string;
	readonly frames?: readonly RecordedFrame[];
	readonly request?: { readonly path: string };
	readonly response?: { readonly status: number; readonly body: string };
}

export const recordings: readonly RecordedSession[] = readFileSync(
	join(__dirname, '../../../fixtures/realtime/sessions.jsonl'),
	'utf8',
)
	.split('\n')
	.filter(Boolean)
	.map((line) => JSON.parse(line) as RecordedSession);

/** Equal characters in a row are written short. */
const SHORTENED = /(.)…\((\d+)×\)/gsu;

/** The sessions over websockets, each socket by itself, with what was written short written out. */
export function socketSessions(): Array<{
	readonly name: string;
	readonly op: string;
	readonly frames: readonly RecordedFrame[];
}> {
	return recordings.flatMap(({ op, case: name, vsn = '', frames }) => {
		if (!frames) return [];
		const sockets = [...new Set(frames.map(({ sock }) => sock))].filter(
			(sock) => sock !== undefined || frames.every((frame) => frame.sock === undefined),
		);
		return sockets.map((sock) => ({
			op,
			name: `${op}: ${name} (${vsn}${sock ? `, ${sock}` : ''})`,
			frames: frames
				.filter((frame) => frame.sock === undefined || frame.sock === sock)
				.map((frame) => ({
					...frame,
					text: frame.text?.replace(SHORTENED, (_, character: string, count: string) =>
						character.repeat(Number(count)),
					),
				})),
		}));
	});
}
