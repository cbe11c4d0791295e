import { redactor, secretsOf } from '../../../src/api/redaction';

const secret = 'sb_secret_k3Yq9ZpLw2Vx7Rt5Nm1Ab8Cd4';

describe('a secret in a text', () => {
	const hide = redactor([secret, 'pa"ss/w+rd & more', 'mine']);

	it.each([
		['whole', `key ${secret}!`, 'key [hidden]!'],
		['twice', `${secret} ${secret}`, '[hidden] [hidden]'],
		['twice in a row', secret + secret, '[hidden]'],
		['in capitals', secret.toUpperCase(), '[hidden]'],
		['its first half', `key ${secret.slice(0, 24)}…`, 'key sb_secret_[hidden]…'],
		['its last half', `…${secret.slice(17)}.`, '…[hidden].'],
		['a few of its characters', `${secret.slice(15, 24)}.`, `${secret.slice(15, 24)}.`],
		['what all keys begin with', 'It begins with sb_secret_', 'It begins with sb_secret_'],
		['as JSON', JSON.stringify({ a: 'pa"ss/w+rd & more' }), '{"a":"[hidden]"}'],
		['in an address', `?a=${encodeURIComponent('pa"ss/w+rd & more')}&b`, '?a=[hidden]&b'],
		['in a form', String(new URLSearchParams({ a: 'pa"ss/w+rd & more' })), 'a=[hidden]'],
		['short', 'Bearer mine', 'Bearer [hidden]'],
		['none', 'Nothing at all: größe, İ', 'Nothing at all: größe, İ'],
		['none at all', '', ''],
	])('%s', (_, text, shown) => {
		expect(hide(text)).toBe(shown);
	});

	it.each([0, 1, 2, 3])('in Base64, behind %d other characters', (before) => {
		for (const encoding of ['base64', 'base64url'] as const) {
			const encoded = Buffer.from(`${'x'.repeat(before)}${secret}:y`).toString(encoding);
			const shown = hide(encoded);
			expect(shown).toContain('[hidden]');
			// No three bytes of it.
			expect(Buffer.from(shown.replace('[hidden]', ''), 'base64').toString()).not.toMatch(
				/k3Y|Cd4/,
			);
		}
	});

	it('is found where letters change their length in the other case', () => {
		expect(hide(`${'İ'.repeat(20)}${secret}${'İ'.repeat(20)}`)).toBe(
			`${'İ'.repeat(20)}[hidden]${'İ'.repeat(20)}`,
		);
	});

	// Looked for at each place anew, it would take minutes.
	it('is looked for in a long text, too', () => {
		const text = `${'no secret here '.repeat(15_000)}${secret}`;
		expect(hide(text)).toHaveLength(text.length - secret.length + 8);
	});
});

describe('the secrets of a request', () => {
	it.each([
		[{ apikey: secret }, [secret]],
		[{ authorization: `Bearer ${secret}` }, [secret]],
		[{ authorization: 'Bearer mine' }, ['mine']],
		[{ authorization: 'Basic bWU6cGFzc3dvcmQ=' }, ['bWU6cGFzc3dvcmQ=', 'me:password', 'password']],
		[{ 'x-signature': secret }, [secret]],
		[{ 'x-gateway': 'of my own' }, ['of my own']],
		[{ 'x-debug': 'true' }, []],
		[{ accept: 'application/json', prefer: 'count=exact', 'x-upsert': 'true' }, []],
		[{ 'content-type': 'text/plain', range: 'bytes=0-499', 'if-none-match': '"etag"' }, []],
	])('in the headers %j are %j', (headers, secrets) => {
		expect(secretsOf(headers as Record<string, string>)).toEqual(secrets);
	});

	it('in its query are what is a token by its name', () => {
		const query = [
			['token', 'a.b.c'],
			['apikey', 'd'],
			['select', '*'],
			['refresh_token', 'e'],
		] as const;
		expect(secretsOf({}, query)).toEqual(['a.b.c', 'd', 'e']);
	});
});
