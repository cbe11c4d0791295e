import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { SupabaseApiError } from '../../../../src/api/errors';
import {
	collectEvents,
	formOf,
	readStream,
	readText,
	type Begun,
} from '../../../../src/api/functions/answer';
import { invoke } from '../../../../src/api/functions/invoke';
import { send } from '../../../../src/api/transport';
import { closeServers, projectAt, startServer, type Respond } from '../../server';
import { rejectionOf } from '../../thrown';

afterEach(closeServers);

/** Calls a function that a test wrote; what it saw of the connection's end is in `closed`. */
async function call(respond: Respond, signal?: AbortSignal): Promise<Begun> {
	const { url } = await startServer(respond);
	const request = invoke({ name: 'f', method: 'POST' });
	const options = { authority: { role: 'anon' }, signal } as const;
	return { answer: await send<Readable>(projectAt(url), request, options), reads: false, signal };
}

const typed = (type: string) => ({ headers: { 'content-type': type } });

test.each([
	['application/json', 'json'],
	['Application/JSON; charset=utf-8', 'json'],
	['application/problem+json', 'json'],
	['text/event-stream', 'events'],
	['text/plain;charset=UTF-8', 'text'],
	['text/html', 'text'],
	['image/svg+xml', 'file'],
	['application/xml', 'text'],
	['application/atom+xml', 'text'],
	['application/x-www-form-urlencoded', 'text'],
	['application/octet-stream', 'file'],
	['application/pdf', 'file'],
	['image/png', 'file'],
	['multipart/form-data; boundary=x', 'file'],
	['', 'file'],
	[undefined, 'file'],
] as const)('an answer of type %j is read as %s', (type, form) => {
	expect(formOf(type)).toBe(form);
});

test('text is read in the character set that it names', async () => {
	const latin = await call(() => (_, response) => {
		response.writeHead(200, { 'content-type': 'text/plain; charset="ISO-8859-1"' });
		response.end(Buffer.from([0xe9]));
	});
	expect(await readText(latin)).toBe('é');
	const unknown = await call(() => ({ ...typed('text/plain; charset=klingon'), body: 'é' }));
	expect(await readText(unknown)).toBe('é');
});

test('a character that is cut in two comes out whole', async () => {
	const begun = await call(() => (_, response) => {
		response.write(Buffer.from([0xe2, 0x82]));
		setTimeout(() => response.end(Buffer.from([0xac])), 20);
	});
	expect(await readText(begun)).toBe('€');
});

const half: Respond = () => (_, response) => {
	response.writeHead(200, { 'content-length': '10' });
	response.write('data: a\n\n', () => response.destroy());
};

test.each([
	['text', readText],
	['a stream', async (begun: Begun) => await buffer(readStream(begun))],
	['events', async (begun: Begun) => await collectEvents(begun, { most: 10, seconds: 10 })],
])('half of an answer is an error, read as %s', async (_, read) => {
	const error = await rejectionOf(read(await call(half)));
	expect(error).toBeInstanceOf(SupabaseApiError);
	expect(error).toMatchObject({
		service: 'functions',
		outcome: 'done',
		message: 'The connection broke before the answer was complete',
	});
	const { answer } = await call(half);
	expect(await rejectionOf(read({ answer, reads: true }))).toHaveProperty('outcome', 'refused');
});

test('an answer too large for memory is an error for all but files', async () => {
	const megabyte = 'x'.repeat(1024 * 1024);
	const endless: Respond = () => (_, response) => {
		Readable.from(
			(function* () {
				for (let n = 0; n < 70; n++) yield megabyte;
			})(),
		).pipe(response);
	};
	const error = await rejectionOf(readText(await call(endless)));
	expect(error).toMatchObject({ code: 'ANSWER_TOO_LARGE', outcome: 'done' });
	let size = 0;
	for await (const piece of readStream(await call(endless))) size += (piece as Buffer).length;
	expect(size).toBe(70 * 1024 * 1024);
});

test('a stream that nobody reads leaves nothing open', async () => {
	let gone: () => void;
	const closed = new Promise<void>((resolve) => (gone = resolve));
	const begun = await call(() => (_, response) => {
		response.once('close', () => gone());
		response.writeHead(200, { 'content-length': '10' });
		response.write('12345');
	});
	readStream(begun).destroy();
	await closed;
});

describe('events', () => {
	/** Sends an event every few milliseconds until the client goes away. */
	function ticking() {
		const gone = new Promise<void>((resolve) => {
			respond = () => (_, response) => {
				response.writeHead(200, { 'content-type': 'text/event-stream' });
				let n = 0;
				const timer = setInterval(() => response.write(`data: ${n++}\n\n`), 5);
				response.once('close', () => {
					clearInterval(timer);
					resolve();
				});
			};
		});
		return { gone, respond: respond as Respond };
	}
	let respond: Respond | undefined;

	test('are read up to a number, and the rest is cancelled', async () => {
		const server = ticking();
		const { events, endedBy } = await collectEvents(await call(server.respond), {
			most: 3,
			seconds: 60,
		});
		expect(events.map(({ data }) => data)).toEqual(['0', '1', '2']);
		expect(endedBy).toBe('most');
		await server.gone;
	});

	test('are read for a time, and the rest is cancelled', async () => {
		const server = ticking();
		const { events, endedBy } = await collectEvents(await call(server.respond), {
			most: 1_000_000,
			seconds: 0.3,
		});
		expect(events.length).toBeGreaterThan(0);
		expect(endedBy).toBe('seconds');
		await server.gone;
	});

	test('are no more when the execution is cancelled', async () => {
		const server = ticking();
		const stop = new AbortController();
		const begun = await call(server.respond, stop.signal);
		setTimeout(() => stop.abort(new Error('stopped')), 50);
		const error = await rejectionOf(collectEvents(begun, { most: 1_000_000, seconds: 60 }));
		expect(error.message).toBe('stopped');
		await server.gone;
	});

	test('end by themselves', async () => {
		const begun = await call(() => ({ ...typed('text/event-stream'), body: 'data: a\n\ndata: b' }));
		expect(await collectEvents(begun, { most: 10, seconds: 60 })).toEqual({
			events: [
				{ event: 'message', data: 'a' },
				{ event: 'message', data: 'b' },
			],
			endedBy: undefined,
		});
	});

	test('a bound that is met exactly is met', async () => {
		const begun = await call(() => ({ ...typed('text/event-stream'), body: 'data: a\n\n' }));
		const { endedBy } = await collectEvents(begun, { most: 1, seconds: 60 });
		expect(endedBy).toBe('most');
	});
});
