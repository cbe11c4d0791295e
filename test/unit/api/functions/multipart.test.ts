import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import type { Content } from '../../../../src/api/content';
import { multipart, type FormPart } from '../../../../src/api/functions/multipart';

const boundary = 'boundary';

function file(name: string, content: Content, type = 'image/png', fileName = 'a.png'): FormPart {
	return { name, fileName, type, content };
}

async function bytesOf(content: Content): Promise<Buffer> {
	return 'bytes' in content ? Buffer.from(content.bytes) : await buffer(await content.open());
}

/** Reads a form as any server would. */
async function readBack(parts: readonly FormPart[]) {
	const content = multipart(parts, boundary);
	const bytes = await bytesOf(content);
	expect(content.size).toBe(bytes.length);
	const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
	const form = await new Response(new Uint8Array(bytes), { headers }).formData();
	return await Promise.all(
		[...form].map(async ([name, value]) =>
			typeof value === 'string'
				? [name, value]
				: [name, value.name, value.type, await value.text()],
		),
	);
}

test('fields and files come out as they went in, in their order', async () => {
	const streamed = { size: 5, open: async () => Readable.from([Buffer.from('by'), 'tes']) };
	const parts = [
		{ name: 'a', value: '1' },
		file('picture', { size: 3, bytes: Buffer.from('png') }),
		{ name: 'a', value: 'two\r\nlines' },
		file('ü', streamed, 'application/octet-stream', 'Größe.bin'),
	];
	expect(await readBack(parts)).toEqual([
		['a', '1'],
		['picture', 'a.png', 'image/png', 'png'],
		['a', 'two\r\nlines'],
		['ü', 'Größe.bin', 'application/octet-stream', 'bytes'],
	]);
});

test('a form without fields is a form', async () => {
	const content = multipart([], boundary);
	expect(String(await bytesOf(content))).toBe('--boundary--\r\n');
	expect(content.size).toBe(14);
});

test('it writes what a form of the browser writes', async () => {
	const form = new FormData();
	form.append('odd "name"\r\n\n', 'a\rb\nc\r\nd');
	form.append('file', new File(['x'], 'a"\n.txt', { type: 'text/plain' }));
	const response = new Response(form);
	const [, theirs = ''] = /boundary=(.*)$/.exec(response.headers.get('content-type') ?? '') ?? [];
	const ours = multipart(
		[
			{ name: 'odd "name"\r\n\n', value: 'a\rb\nc\r\nd' },
			file('file', { size: 1, bytes: Buffer.from('x') }, 'text/plain', 'a"\n.txt'),
		],
		theirs,
	);
	expect(String(await bytesOf(ours))).toBe(await response.text());
});

test('files are opened one after the other, and a file that ends early ends it', async () => {
	const log: string[] = [];
	const opening = (name: string): Content => ({
		size: 1,
		open: async () => {
			log.push(`open ${name}`);
			return Readable.from([Buffer.from(name)]).once('close', () => log.push(`closed ${name}`));
		},
	});
	const content = multipart([file('a', opening('a')), file('b', opening('b'))], boundary);
	expect(log).toEqual([]);
	await bytesOf(content);
	expect(log.slice(0, 3)).toEqual(['open a', 'closed a', 'open b']);
	const broken = { size: 1, open: async () => Readable.from(failing()) };
	await expect(bytesOf(multipart([file('a', broken)], boundary))).rejects.toThrow('gone');
});

async function* failing(): AsyncGenerator<Buffer> {
	yield Buffer.from('x');
	throw new Error('gone');
}
