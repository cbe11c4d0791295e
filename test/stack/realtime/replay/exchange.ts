import { request as httpRequest } from 'node:http';

import type { RecordedRequest, RecordedResponse } from './recording';

/** What is compared of an answer. */
export interface Answer {
	status: number;
	type: string | undefined;
	/** It tells of limits. */
	isLimited: boolean;
	body: unknown;
}

export function ofRecording({ status, headers = {}, body }: RecordedResponse): Answer {
	return {
		status,
		type: headers['content-type'],
		isLimited: 'x-rate-limit' in headers,
		body,
	};
}

/** Sends a request as it was recorded; a refused upgrade is an answer too. */
export async function exchange(
	url: string,
	recorded: RecordedRequest,
	fill: (text: string) => string,
): Promise<Answer> {
	const headers: Record<string, string> = Object.fromEntries(
		Object.entries(recorded.headers).map(([name, value]) => [name, fill(value)]),
	);
	if (headers.upgrade)
		Object.assign(headers, {
			connection: 'Upgrade',
			'sec-websocket-version': '13',
			'sec-websocket-key': Buffer.alloc(16).toString('base64'),
		});
	const body = bodyOf(recorded.body);
	return await new Promise((resolve, reject) => {
		const request = httpRequest(url + fill(recorded.path), { method: recorded.method, headers });
		request.once('error', reject);
		request.once('upgrade', (_response, socket) => {
			socket.destroy();
			resolve({ status: 101, type: undefined, isLimited: false, body: '' });
		});
		request.once('response', (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk: Buffer) => chunks.push(chunk));
			response.once('end', () =>
				resolve({
					status: response.statusCode ?? 0,
					type: response.headers['content-type'],
					isLimited: 'x-rate-limit' in response.headers,
					body: Buffer.concat(chunks).toString(),
				}),
			);
		});
		request.end(body);
	});
}

/** Of large bodies only the beginning and the length were kept. */
function bodyOf(body: RecordedRequest['body']): Buffer | undefined {
	if (body === null || body === undefined) return undefined;
	if (typeof body === 'object') return Buffer.from(body.base64, 'base64');
	const [, beginning = '', bytes] = /^(.*)…\((\d+) bytes\)$/s.exec(body) ?? [];
	if (bytes === undefined) return Buffer.from(body);
	if (beginning.includes('{"i":1}')) return Buffer.from(manyMessages(Number(bytes)));
	const end = beginning.startsWith('{"messages"') ? '"}}]}' : '"}';
	return Buffer.from(beginning.padEnd(Number(bytes) - end.length, 'x') + end);
}

/** As many as make up a length. */
function manyMessages(bytes: number): string {
	const messages: object[] = [];
	const text = () => JSON.stringify({ messages });
	while (text().length < bytes)
		messages.push({ topic: 'b', event: 'e', payload: { i: messages.length } });
	return text();
}
