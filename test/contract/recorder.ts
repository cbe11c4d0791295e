import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { readBody } from './body';

/** A request as a server sees it. */
export interface RecordedRequest {
	readonly method: string;
	/** The segments of the path, each decoded by itself, so that an encoded slash stays one. */
	readonly path: readonly string[];
	/** Decoded names and values in the order they were sent. */
	readonly query: ReadonlyArray<readonly [name: string, value: string]>;
	/** Names in lower case; a header sent twice is joined with commas. */
	readonly headers: Readonly<Record<string, string>>;
	/** Parsed if it is JSON or a form, else its text; undefined if there was none. */
	readonly body: unknown;
}

/** What the recorder answers. A body that is not a string is sent as JSON. */
export interface Answer {
	/** The path it is for, such as `/rest/v1/planets`; whichever comes next if not given. */
	readonly to?: string;
	readonly status?: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: unknown;
}

/** A server on this machine that writes down what it is asked. */
export interface Recorder {
	/** Its address, without a slash at its end. */
	readonly url: string;
	/** What was asked since it was last taken. */
	readonly take: () => RecordedRequest[];
	/** Answers for the next requests, one each; after them the usual one: an empty list. */
	readonly answer: (...answers: readonly Answer[]) => void;
	readonly close: () => Promise<void>;
}

/** Starts a recorder on a free port. */
export async function startRecorder(): Promise<Recorder> {
	let requests: RecordedRequest[] = [];
	let answers: Answer[] = [];

	function nextAnswer({ path }: RecordedRequest): Answer | undefined {
		const address = `/${path.join('/')}`;
		const own = answers.findIndex(({ to }) => to === address);
		const index = own < 0 ? answers.findIndex(({ to }) => to === undefined) : own;
		return index < 0 ? undefined : answers.splice(index, 1)[0];
	}

	const server = createServer((incoming, outgoing) => {
		void record(incoming).then((request) => {
			requests.push(request);
			const usual = { status: request.method === 'POST' ? 201 : 200, body: [] };
			const { status, headers, body } = { ...usual, ...nextAnswer(request) };
			const text = typeof body === 'string' ? body : JSON.stringify(body);
			outgoing.writeHead(status, { 'content-type': 'application/json', ...headers });
			outgoing.end(request.method === 'HEAD' || status === 204 ? undefined : text);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		take() {
			const taken = requests;
			requests = [];
			answers = [];
			return taken;
		},
		answer(...next) {
			answers.push(...next);
		},
		async close() {
			// Both clients keep their connections, which would hold the server open.
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

async function record(incoming: IncomingMessage): Promise<RecordedRequest> {
	const [path = '', ...search] = (incoming.url ?? '').split('?');
	const headers = Object.fromEntries(
		Object.entries(incoming.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
	);
	return {
		method: incoming.method ?? '',
		path: path.split('/').slice(1).map(decoded),
		query: [...new URLSearchParams(search.join('?'))],
		headers,
		body: await readBody(await buffer(incoming), headers['content-type']),
	};
}

function decoded(segment: string): string {
	try {
		return decodeURIComponent(segment);
	} catch {
		return segment;
	}
}
