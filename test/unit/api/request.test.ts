import fc from 'fast-check';

import { InvalidRequestError } from '../../../src/api/errors';
import { encodePath, requestTarget, type Query } from '../../../src/api/request';
import { thrownBy } from '../thrown';

describe('encodePath', () => {
	it.each([
		[['countries'], '/countries'],
		[[''], '/'],
		[[], ''],
		[['rpc', 'add them'], '/rpc/add%20them'],
		[['a/b'], '/a%2Fb'],
		[['a\\b'], '/a%5Cb'],
		[['a?b#c%d'], '/a%3Fb%23c%25d'],
		[['%2e%2e/x'], '/%252e%252e%2Fx'],
		[['größe', '国'], '/gr%C3%B6%C3%9Fe/%E5%9B%BD'],
		[['🪐'], '/%F0%9F%AA%90'],
		[['...'], '/...'],
		[['.a', 'a.'], '/.a/a.'],
		[['a\r\nb'], '/a%0D%0Ab'],
	])('%j becomes %s', (segments, path) => expect(encodePath(segments)).toBe(path));

	it.each(['.', '..', '%2e', '%2E', '%2e%2e', '%2E%2e', '.%2e', '%2E.'])(
		'refuses the segment %s',
		(segment) => {
			const error = thrownBy(() => encodePath(['bucket', segment, 'file']));
			expect(error).toBeInstanceOf(InvalidRequestError);
			expect(error.message).toBe(`"${segment}" cannot be part of an address`);
		},
	);

	it.each(['\ud83e', '\ude90', 'a\ud83e b', '\ude90\ud83e'])(
		'refuses half a character, %j',
		(segment) => {
			const error = thrownBy(() => encodePath([segment]));
			expect(error).toBeInstanceOf(InvalidRequestError);
			expect(error.message).toBe('A name holds half of a Unicode character');
		},
	);

	it('keeps every name apart from the address around it, and gives it back when decoded', () => {
		const name = fc.string({ unit: 'grapheme' }).filter((text) => !/^(\.|%2e){1,2}$/i.test(text));
		fc.assert(
			fc.property(fc.array(name, { minLength: 1 }), (segments) => {
				const path = encodePath(segments);
				expect(path.split('/').slice(1).map(decodeURIComponent)).toEqual(segments);
				const resolved = new URL(`https://example.com/rest/v1${path}`);
				expect(resolved.pathname).toBe(`/rest/v1${path}`);
				expect(resolved.search + resolved.hash).toBe('');
			}),
		);
	});
});

describe('requestTarget', () => {
	const target = (query?: Query) =>
		requestTarget({ service: 'rest', method: 'GET', path: ['a b'], query });

	it('is the path alone without a query', () => {
		expect(target()).toBe('/a%20b');
		expect(target([])).toBe('/a%20b');
	});

	it('keeps repeated names, in their order', () => {
		const query: Query = [
			['id', 'gte.1'],
			['select', '*'],
			['id', 'lte.5'],
		];
		expect(target(query)).toBe('/a%20b?id=gte.1&select=*&id=lte.5');
	});

	it('leaves nothing of a name or value that could end it', () => {
		fc.assert(
			fc.property(
				fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), {
					minLength: 1,
				}),
				(query) => {
					const { searchParams, hash } = new URL(`https://example.com${target(query)}`);
					expect([...searchParams]).toEqual(query);
					expect(hash).toBe('');
				},
			),
		);
	});
});
