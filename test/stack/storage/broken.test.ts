import { randomUUID } from 'node:crypto';

import { sendRaw } from './replay/send';

const url = process.env.SUPABASE_URL ?? '';
const apikey = process.env.SUPABASE_SECRET_KEY ?? '';

const formStart = '--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n';

describe('an upload whose connection breaks', () => {
	it.each([
		['raw', 'application/octet-stream', ''],
		['as a form', 'multipart/form-data; boundary=x', formStart],
	])('leaves nothing: %s', async (_, type, start) => {
		const path = `/storage/v1/object/private/${randomUUID()}.bin`;
		const headers = { apikey, 'content-type': type };
		const body = Buffer.concat([Buffer.from(start), Buffer.alloc(1e6)]);
		const when = async () => await new Promise((resolve) => setTimeout(resolve, 100));
		const breakOff = { bytes: 5e5, when };
		const sent = sendRaw(url, { method: 'POST', path, headers, body, breakOff });
		await expect(sent).rejects.toThrow();
		const answer = await fetch(url + path, { headers: { apikey } });
		expect(await answer.json()).toMatchObject({ code: 'NoSuchKey' });
	});
});
