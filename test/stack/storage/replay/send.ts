import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** What our server answered. */
export interface Answer {
	status: number;
	headers: IncomingHttpHeaders;
	body: Buffer;
}

export interface RawRequest {
	method: string;
	/** As it goes on the wire: nothing is repaired or encoded. */
	path: string;
	headers: Record<string, string>;
	body: Buffer;
	/** Break the connection after that many bytes of the body, as soon as `when` resolves. */
	breakOff?: { bytes: number; when: () => Promise<unknown> };
}

/**
 * Sends a request just as it was recorded, which `fetch` would not. The answer of a server that refuses
 * without reading the body may be lost when it closes the connection: then it is asked again.
 */
export async function sendRaw(origin: string, raw: RawRequest, tries = 3): Promise<Answer> {
	return await sendOnce(origin, raw).catch(async (error: NodeJS.ErrnoException) => {
		if (error.code !== 'EPIPE' || tries === 1) throw error;
		return await sendRaw(origin, raw, tries - 1);
	});
}

async function sendOnce(origin: string, raw: RawRequest): Promise<Answer> {
	const { hostname, port } = new URL(origin);
	return await new Promise((resolve, reject) => {
		const chunked = raw.headers['transfer-encoding'] !== undefined;
		const announced =
			chunked || raw.method === 'GET' || raw.method === 'HEAD'
				? {}
				: { 'content-length': raw.body.length };
		const request = httpRequest(
			{
				hostname,
				port,
				method: raw.method,
				path: raw.path,
				headers: { ...raw.headers, ...announced },
				agent: false,
			},
			(response) => {
				buffer(response).then(
					(body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
					reject,
				);
			},
		);
		request.on('error', reject);
		const { breakOff } = raw;
		if (!breakOff) request.end(raw.body);
		else
			request.write(raw.body.subarray(0, breakOff.bytes), () => {
				void breakOff.when().finally(() => request.destroy());
			});
	});
}
