import fc from 'fast-check';

import { InvalidRequestError } from '../../../../src/api/errors';
import {
	bucketName,
	fileName,
	objectKey,
	originalName,
	safeName,
} from '../../../../src/api/storage/key';
import { requestTarget } from '../../../../src/api/request';
import {
	publicAddress,
	signedAddress,
	signImageUrl,
	uploadTicket,
} from '../../../../src/api/storage/sign';

const ADDRESS = 'https://x.supabase.co/storage/v1';

describe('keys', () => {
	test('are taken as they are, without the slash before them', () => {
		expect(objectKey("/a b/it's (1) $&@=;:+,!*?_.-txt")).toBe("a b/it's (1) $&@=;:+,!*?_.-txt");
		expect(objectKey('//a//b/ ')).toBe('a//b/ ');
	});

	test.each(['', '/', 'ü', 'a#b', '100%', 'a~b', 'a[1]', 'a\\b', 'a\nb', '日本', '😀'])(
		'that nobody can have are refused: %j',
		(key) => expect(() => objectKey(key)).toThrow(InvalidRequestError),
	);

	test.each(['', 'a/b', ' a', 'bücket', 'x'.repeat(101)])('no bucket is called %j', (name) =>
		expect(() => bucketName(name)).toThrow(InvalidRequestError),
	);

	test('are made safe, and back', () => {
		expect(safeName('Größe #1=!.png')).toBe('Gr!C3!B6!C3!9Fe !231!3D!21.png');
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
				const safe = safeName(name);
				expect(originalName(safe)).toBe(name);
				if (/[^/]/.test(name)) expect(() => objectKey(safe)).not.toThrow();
				// In no address is any of it encoded, so that no two programs encode it in two ways.
				expect(encodeURIComponent(safe)).toBe(safe.replaceAll(' ', '%20').replaceAll('/', '%2F'));
			}),
		);
	});

	test('that were made safe in the older way are read, too', () => {
		expect(originalName('Gr=C3=B6=C3=9Fe =231=3D!,.png')).toBe('Größe #1=!,.png');
	});

	test.each([
		['C:\\photos\\me.png', 'me.png'],
		['../../etc/passwd', 'passwd'],
		['a\u0000b\nc\u202Etxt.exe', 'a_b_c_txt.exe'],
		['/', ''],
	])('the name %j of a file is %j', (given, name) => expect(fileName(given)).toBe(name));

	test.each(['a=b.txt', '=FF.txt', '=3d', '=C3=9', 'hey!.txt', '!FF', '!c3!b6'])(
		'%s was not made safe, and stays',
		(name) => expect(originalName(name)).toBe(name),
	);
});

describe('addresses', () => {
	test('of signed URLs are whole and encoded, whatever the name holds', () => {
		expect(signedAddress(ADDRESS, '/object/sign/b/a ?token=x.txt?token=t.t.t', 'é 1.txt')).toBe(
			`${ADDRESS}/object/sign/b/a%20%3Ftoken=x.txt?token=t.t.t&download=%C3%A9%201.txt`,
		);
		expect(() => signedAddress(ADDRESS, '')).toThrow(InvalidRequestError);
		expect(() => signedAddress(ADDRESS, '/object/sign/b/a?token=t', '\uD83D')).toThrow(
			InvalidRequestError,
		);
	});

	test('of an image are asked for with what the service does not decode as it is', () => {
		const key = 'a b/&=+@:;,$.png';
		const request = signImageUrl({ bucket: 'b', key }, 60, { width: 9, quality: 80 });
		expect(requestTarget(request)).toBe('/object/sign/b/a%20b/&=+@:;,$.png');
		expect(JSON.parse(String(request.body as string))).toEqual({
			expiresIn: 60,
			transform: { width: 9, quality: 80 },
		});
		expect(() => signImageUrl({ bucket: 'b', key: 'a?.png' }, 60, { width: 9 })).toThrow(
			/whose path holds "\?"/,
		);
	});

	test('of signed uploads are read', () => {
		const ticket = { bucket: 'b', key: 'a b/c?.txt', token: 't.t.t' };
		const path = '/object/upload/sign/b/a%20b/c%3F.txt?token=t.t.t';
		expect(uploadTicket(ADDRESS + path)).toEqual(ticket);
		expect(uploadTicket(path)).toEqual(ticket);
		expect(uploadTicket('/object/upload/sign/b/100%25 %FF?.txt?token=t.t.t')).toMatchObject({
			key: '100%25 %FF?.txt',
		});
		for (const wrong of [
			'',
			'https://x/object/sign/b/a?token=t',
			'/object/upload/sign/b?token=t',
		]) {
			expect(() => uploadTicket(wrong)).toThrow(InvalidRequestError);
		}
	});

	test('of public files are made without asking', () => {
		const place = { bucket: 'b', key: 'a b.png' };
		expect(publicAddress(ADDRESS, place)).toBe(`${ADDRESS}/object/public/b/a%20b.png`);
		expect(publicAddress(ADDRESS, place, { download: true, transform: { width: 9 } })).toBe(
			`${ADDRESS}/render/image/public/b/a%20b.png?download=&width=9`,
		);
	});
});
