import type { InvalidRequestError } from '../../../src/api/errors';
import { checkHeaders, withOwnHeaders } from '../../../src/api/headers';

/** What is thrown, message and hint. */
function refusalOf(check: () => unknown): { message: string; hint?: string } {
	try {
		check();
	} catch (error) {
		const { name, message, hint } = error as InvalidRequestError;
		expect(name).toBe('InvalidRequestError');
		return { message, hint };
	}
	throw new Error('It was taken');
}

describe('a header of a person', () => {
	it('is taken, with its name in lower case', () => {
		expect(
			checkHeaders(
				[
					['X-Gateway', 'a\tb größe'],
					["x!#$%&'*+.^`|~-_9", ''],
				],
				'in Options',
			),
		).toEqual({ 'x-gateway': 'a\tb größe', "x!#$%&'*+.^`|~-_9": '' });
	});

	it.each(['', ' ', 'x y', 'x:', 'x\n', 'naïve', '"x"'])('has no such name: %j', (name) => {
		expect(refusalOf(() => checkHeaders([[name, 'a']], 'in Options'))).toEqual({
			message: `The header ${JSON.stringify(name)} (in Options) cannot be sent`,
			hint: expect.stringContaining('letters, digits and dashes'),
		});
	});

	it.each(['a\nb', 'a\rb', 'a\u0000', 'a\u0007', 'a\u007f', 'Ω', '€', '🪐', '“a”'])(
		'has no such value, which is not shown: %j',
		(value) => {
			const secret = `planted ${value}`;
			const { message, hint } = refusalOf(() => checkHeaders([['X-Own', secret]], 'in Options'));
			expect(message).toBe('The header "X-Own" (in Options) cannot be sent');
			expect(hint).toContain('a character that no header can hold');
			expect(message + hint).not.toContain('planted');
		},
	);

	it.each([
		['Connection', 'the connection'],
		['Keep-Alive', 'the connection'],
		['TE', 'the connection'],
		['Trailer', 'the connection'],
		['Transfer-Encoding', 'the connection'],
		['Upgrade', 'the connection'],
		['Expect', 'the connection'],
		['Host', 'Project URL'],
		['Content-Length', 'counted'],
		['Accept-Encoding', 'not compressed'],
		['Proxy-Authorization', 'HTTPS_PROXY'],
		['proxy-connection', 'HTTPS_PROXY'],
		['AUTHORIZATION', 'Run As'],
		['ApiKey', 'Run As'],
	])('is not for a person to set: %s', (name, instead) => {
		expect(refusalOf(() => checkHeaders([[name, 'a']], 'in the credential'))).toEqual({
			message: `The header "${name}" (in the credential) cannot be sent`,
			hint: expect.stringContaining(instead),
		});
	});

	it('may hold a key where the node sends none', () => {
		const headers = [
			['Authorization', 'Bearer mine'],
			['apikey', 'mine'],
		] as const;
		expect(checkHeaders(headers, 'in Options', true)).toEqual({
			authorization: 'Bearer mine',
			apikey: 'mine',
		});
		expect(() => checkHeaders([['host', 'a']], 'in Options', true)).toThrow('cannot be sent');
	});

	it('is there once', () => {
		const twice = [
			['X-Own', 'a'],
			['x-own', 'b'],
		] as const;
		expect(() => checkHeaders(twice, 'in Options')).toThrow('is there twice');
	});
});

describe('headers of a request and of persons', () => {
	it('go together; of two persons the later one wins', () => {
		expect(
			withOwnHeaders({ Accept: 'a' }, { 'x-one': '1', 'x-two': '1' }, { 'x-two': '2' }),
		).toEqual({ accept: 'a', 'x-one': '1', 'x-two': '2' });
	});

	it.each([
		['prefer', 'options of the operation'],
		['accept', 'form of the answer'],
		['content-type', 'beside the content'],
		['range', 'Limit and Offset'],
		['accept-profile', 'Schema'],
		['cache-control', 'Cache Control'],
		['x-upsert', 'Overwrite'],
		['x-other', 'overridden'],
	])('are refused where one would be lost: %s', (name, instead) => {
		expect(refusalOf(() => withOwnHeaders({ [name]: 'ours' }, { [name]: 'theirs' }))).toEqual({
			message: `The header "${name}" is set by the node itself here`,
			hint: expect.stringContaining(instead),
		});
	});

	it('may say the same', () => {
		expect(withOwnHeaders({ Prefer: 'a' }, { prefer: 'a' })).toEqual({ prefer: 'a' });
	});

	it('are refused where one of the request cannot be sent', () => {
		expect(refusalOf(() => withOwnHeaders({ 'content-type': 'text/€' }))).toEqual({
			message: 'The header "content-type" cannot be sent',
			hint: expect.stringContaining('a character that no header can hold'),
		});
	});
});
