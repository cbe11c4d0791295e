import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Something that happened in a recorded session, `t` milliseconds after its beginning. */
export interface RecordedFrame {
	dir:
		'open' | 'send' | 'recv' | 'close' | 'sql' | 'note' | 'http' | 'connect' | 'call' | 'callback';
	t: number;
	/** Which of several sockets. */
	sock?: string;
	text?: string;
	base64?: string;
	ping?: boolean;
	pong?: boolean;
	path?: string;
	headers?: Record<string, string>;
	code?: number;
	by?: 'client' | 'server';
	request?: RecordedRequest;
	response?: RecordedResponse;
}

export interface RecordedRequest {
	method: string;
	path: string;
	headers: Record<string, string>;
	body?: string | { base64: string } | null;
}

export interface RecordedResponse {
	status: number;
	/** Missing where the official client asked. */
	headers?: Record<string, string>;
	body: string;
}

/** A session over one or more sockets, or one HTTP exchange. */
export interface Recording {
	op: string;
	case: string;
	vsn?: string | null;
	frames?: RecordedFrame[];
	request?: RecordedRequest;
	response?: RecordedResponse;
}

/** A recording that our server answers in another way, and why. */
export interface Exception {
	op: string;
	case: string;
	vsn?: string;
	reason: string;
	/** Of what was done the recording keeps too little to do it again. */
	isUnplayable?: true;
}

const FOLDER = join(__dirname, '..', '..', '..', 'fixtures', 'realtime');

export function loadRecordings(): Recording[] {
	return readFileSync(join(FOLDER, 'sessions.jsonl'), 'utf8')
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as Recording);
}

export function loadExceptions(): Exception[] {
	return JSON.parse(readFileSync(join(FOLDER, 'exceptions.json'), 'utf8')) as Exception[];
}

/** Names are unique: the same case of the two versions is two recordings. */
export function nameOf({ op, case: name, vsn }: Pick<Recording, 'op' | 'case' | 'vsn'>): string {
	return `${op}: ${name}${vsn ? ` (${vsn})` : ''}`;
}
