import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { readForm } from './multipart';

const BOUNDARY = '--x';

const part = (headers: string, content: string) =>
	`--${BOUNDARY}\r\nContent-Disposition: form-data; ${headers}\r\n\r\n${content}\r\n`;

/** A request whose body comes in pieces of `size` bytes. */
function request(body: string, size: number): IncomingMessage {
	const bytes = Buffer.from(body);
	const pieces = function* () {
		for (let start = 0; start < bytes.length; start += size)
			yield bytes.subarray(start, start + size);
	};
	const headers = { 'content-type': `multipart/form-data; boundary="${BOUNDARY}"` };
	return Object.assign(Readable.from(pieces()), { headers }) as unknown as IncomingMessage;
}

const end = `--${BOUNDARY}--\r\n`;
// What looks like the beginning of the end, again and again.
const content = `\r\n-\r\n--\r\n--${BOUNDARY.slice(0, 2)}\r\n\r\n--\r`.repeat(50);
const form =
	part('name="cacheControl"', '60') +
	part('name=""; filename="a.txt"\r\nContent-Type: text/plain', content) +
	part('name="late"', 'yes') +
	end;

describe('reading a form', () => {
	it.each([1, 2, 7, 64, 100_000])('in pieces of %d bytes', async (size) => {
		const { file, mimeType, fields, isTruncated } = await readForm(request(form, size), 1e6);
		expect(fields.cacheControl).toBe('60');
		expect((await buffer(file)).toString()).toBe(content);
		expect([mimeType, isTruncated()]).toEqual(['text/plain', false]);
	});

	it('has the fields after a file that came in at once with it', async () => {
		const { fields } = await readForm(request(form, 100_000), 1e6);
		expect(fields.late).toBe('yes');
	});

	it('cuts a file that is too large', async () => {
		const { file, isTruncated } = await readForm(request(form, 50), 10);
		expect((await buffer(file)).toString()).toBe(content.slice(0, 10));
		expect(isTruncated()).toBe(true);
	});

	it('takes a file of no bytes', async () => {
		const { file } = await readForm(request(part('name="f"; filename=""', '') + end, 5), 10);
		expect(await buffer(file)).toHaveLength(0);
	});

	it('refuses a form without a file', async () => {
		const refused = readForm(request(part('name="a"', 'b') + end, 5), 10);
		await expect(refused).rejects.toThrow('No content provided');
	});

	it('breaks off the file when the form breaks off', async () => {
		const { file } = await readForm(request(form.slice(0, 400), 50), 1e6);
		await expect(buffer(file)).rejects.toThrow('ends midway');
	});
});
