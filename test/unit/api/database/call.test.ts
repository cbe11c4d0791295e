import { call } from '../../../../src/api/database/call';
import { InvalidRequestError } from '../../../../src/api/errors';
import { requestTarget } from '../../../../src/api/request';

const f = { schema: 'public', name: 'f' };

it('sends bytes as they are, for a function of one unnamed bytea argument', () => {
	const bytes = Buffer.from([0, 255, 10]);
	const request = call(f, bytes, { argumentType: 'binary' });
	expect(request).toMatchObject({ method: 'POST', path: ['rpc', 'f'], body: bytes });
	expect(request.headers?.['content-type']).toBe('application/octet-stream');
});

it('asks for GeoJSON, and reads it as JSON', () => {
	const request = call(f, {}, { format: 'geojson' });
	expect(request.headers?.accept).toBe('application/geo+json');
	expect(request.expect).toBe('json');
});

it.each([[[{ a: 1 }, { a: 2 }]], [[1, 2]], ['text'], [5], [null]])(
	'hands %j to a function of one unnamed argument as it is',
	(value) => {
		const request = call(f, value);
		expect(request.query).toEqual([['columns', 'unnamed_argument']]);
		expect(request.body).toBe(JSON.stringify(value));
	},
);

it('names arguments in the body alone', () => {
	expect(call(f, { a: [1] })).toMatchObject({ query: [], body: '{"a":[1]}' });
});

describe('a variadic argument of a read-only call', () => {
	const target = (args: object) =>
		decodeURIComponent(requestTarget(call(f, args, { method: 'GET', variadic: ['v'] })));

	it('is named once for each value', () => {
		expect(target({ v: ['a', 'b,c'], w: [1, 2] })).toBe('/rpc/f?v=a&v=b,c&w={1,2}');
		expect(target({ v: 5 })).toBe('/rpc/f?v=5');
		expect(target({ v: [] })).toBe('/rpc/f');
	});

	it.each([['eq.1'], [null]])('cannot hold %j', (value) => {
		expect(() => target({ v: ['a', value] })).toThrow(InvalidRequestError);
	});
});
