import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { reset } from './reset';

/** What goes wrong with a request. */
export type FaultAction =
	/** Answered late: `before` (default) it reaches the service, or `after` the service has done its work. */
	| { kind: 'delay'; ms: number; when?: 'before' | 'after' }
	/** Answered by the gateway; the service never sees it. */
	| { kind: 'status'; status: number; headers?: Record<string, string>; body?: string }
	/** Answered with a page of HTML, status 502 unless told. */
	| { kind: 'html'; status?: number }
	/** Half of the answer, then the connection ends. The service has done its work. */
	| { kind: 'closeMidway' }
	/** Connection reset; the service never sees the request. */
	| { kind: 'resetBefore' }
	/** Connection reset after the service has done its work: the client cannot know. */
	| { kind: 'resetAfter' }
	/** Half of the answer, then nothing more. The service has done its work. */
	| { kind: 'stall' }
	/** Connection reset when so many bytes of the request's body have reached the service. */
	| { kind: 'cutBody'; bytes: number }
	/** Answered with another `Content-Range` than that of the service. */
	| { kind: 'contentRange'; value: string }
	/** From the first request on, all that match are reset for so long; `times` does not count. */
	| { kind: 'outage'; ms: number };

/** A fault and the requests that it hits. */
export interface Fault {
	method?: string;
	/** What path and query begin with. */
	path?: string;
	/** Text that path and query contain. */
	contains?: string;
	/** Matching requests to let pass first. */
	skip?: number;
	/** How many are hit (default 1). */
	times?: number;
	action: FaultAction;
}

/** The faults that are still to come. */
export class FaultBox {
	private faults: Array<Fault & { skip: number; times: number; until?: number }> = [];

	add(fault: Fault): void {
		this.faults.push({ ...fault, skip: fault.skip ?? 0, times: fault.times ?? 1 });
	}

	clear(): void {
		this.faults = [];
	}

	/** Faults that wait for a request, with what is left of their counts. */
	list(): Fault[] {
		return this.faults;
	}

	/** Takes the first fault that a request meets. */
	take(method: string, path: string): FaultAction | undefined {
		for (const fault of this.faults) {
			if (fault.method && fault.method !== method) continue;
			if (fault.path && !path.startsWith(fault.path)) continue;
			if (fault.contains && !path.includes(fault.contains)) continue;
			if (fault.skip > 0) {
				fault.skip -= 1;
				continue;
			}
			if (fault.action.kind === 'outage') {
				fault.until ??= Date.now() + fault.action.ms;
				if (Date.now() < fault.until) return { kind: 'resetBefore' };
				this.faults = this.faults.filter((other) => other !== fault);
				continue;
			}
			fault.times -= 1;
			if (fault.times <= 0) this.faults = this.faults.filter((other) => other !== fault);
			return fault.action;
		}
		return undefined;
	}
}

const HTML =
	'<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>';

/** Answers a request by `forward`, and lets `action` go wrong with it. */
export async function applyFault(
	action: FaultAction | undefined,
	request: IncomingMessage,
	response: ServerResponse,
	forward: () => Promise<void>,
): Promise<void> {
	switch (action?.kind) {
		case undefined:
			return await forward();
		case 'delay':
			if (action.when === 'after') holdBack(response, async () => await sleep(action.ms, true));
			else await sleep(action.ms);
			return await forward();
		case 'status':
			await drain(request);
			response.writeHead(action.status, { 'content-type': 'application/json', ...action.headers });
			response.end(action.body ?? JSON.stringify({ message: 'Injected' }));
			return;
		case 'html':
			await drain(request);
			response.writeHead(action.status ?? 502, { 'content-type': 'text/html; charset=utf-8' });
			response.end(HTML);
			return;
		case 'outage':
		case 'resetBefore':
			reset(request.socket);
			return;
		case 'resetAfter':
			holdBack(response, () => {
				reset(request.socket);
				return false;
			});
			return await forward();
		case 'closeMidway':
			holdBack(response, async (body) => {
				await sendHalf(response, body);
				response.socket?.destroy();
				return false;
			});
			return await forward();
		case 'stall':
			holdBack(response, async (body) => {
				await sendHalf(response, body);
				return false;
			});
			return await forward();
		case 'cutBody':
			cutBody(request, action.bytes);
			return await forward();
		case 'contentRange':
			withHeader(response, 'content-range', action.value);
			return await forward();
	}
}

/**
 * Keeps the whole answer back until the service has ended it, and sends it then only when `release`
 * resolves to true.
 */
function holdBack(
	response: ServerResponse,
	release: (body: Buffer) => Promise<boolean> | boolean,
): void {
	const chunks: Buffer[] = [];
	const write = response.write.bind(response);
	const end = response.end.bind(response) as (body: Buffer) => ServerResponse;
	const keep = (chunk: unknown, encoding: unknown) => {
		if (typeof chunk === 'string') chunks.push(Buffer.from(chunk, encodingOf(encoding)));
		else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
	};
	response.write = (chunk: unknown, encoding?: unknown) => {
		keep(chunk, encoding);
		return true;
	};
	response.end = (chunk?: unknown, encoding?: unknown) => {
		keep(chunk, encoding);
		const body = Buffer.concat(chunks);
		response.write = write;
		void Promise.resolve(release(body)).then((send) => {
			if (send && !response.destroyed) end(body);
		});
		return response;
	};
}

function encodingOf(value: unknown): BufferEncoding | undefined {
	return typeof value === 'string' ? (value as BufferEncoding) : undefined;
}

async function sendHalf(response: ServerResponse, body: Buffer): Promise<void> {
	if (!response.headersSent && !response.hasHeader('content-length')) {
		response.setHeader('content-length', Math.max(body.length, 2));
	}
	response.flushHeaders();
	await new Promise<void>((resolve) => {
		response.write(body.subarray(0, Math.floor(body.length / 2)), () => resolve());
	});
}

function withHeader(response: ServerResponse, name: string, value: string): void {
	const writeHead = response.writeHead.bind(response);
	response.writeHead = (status: number, ...rest: unknown[]) => {
		const headers = rest.find((each) => typeof each === 'object') ?? {};
		return writeHead(status, { ...headers, [name]: value });
	};
}

function cutBody(request: IncomingMessage, bytes: number): void {
	const push = request.push.bind(request);
	let left = bytes;
	request.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
		if (!chunk || chunk.length < left) {
			left -= chunk?.length ?? 0;
			return push(chunk, encoding);
		}
		push(chunk.subarray(0, left));
		left = Infinity;
		reset(request.socket);
		return false;
	};
}

async function drain(request: IncomingMessage): Promise<void> {
	request.resume();
	if (!request.readableEnded)
		await new Promise((resolve) => request.once('close', resolve).once('end', resolve));
}
