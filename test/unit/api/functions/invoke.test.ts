import { InvalidRequestError } from '../../../../src/api/errors';
import { invoke, type Invocation } from '../../../../src/api/functions/invoke';
import { requestTarget } from '../../../../src/api/request';
import { thrownBy } from '../../thrown';

const call: Invocation = { name: 'hello', method: 'POST' };

test('a call is a request below the functions, whose answer is not read yet', () => {
	expect(invoke({ ...call, path: '/orders/a b', query: [['x', '1']] })).toEqual({
		service: 'functions',
		method: 'POST',
		path: ['hello', 'orders', 'a b'],
		query: [['x', '1']],
		headers: {},
		body: undefined,
		expect: 'stream',
		repeatable: undefined,
	});
});

test.each([
	[undefined, '/hello'],
	['', '/hello'],
	['/', '/hello'],
	['sub', '/hello/sub'],
	['/sub/', '/hello/sub/'],
	['a//b', '/hello/a//b'],
	['ü/%2F', '/hello/%C3%BC/%252F'],
	['...', '/hello/...'],
])('the path %j becomes %s', (path, target) => {
	expect(requestTarget(invoke({ ...call, path }))).toBe(target);
});

test.each([
	'..',
	'../rest/v1',
	'a/../../b',
	'.',
	'a/.',
	'%2e%2E',
	'.%2e/x',
	'..\\rest',
	'a\\..\\b',
])('the path %j, which leads out of the function, is refused', (path) => {
	const error = thrownBy(() => invoke({ ...call, path }));
	expect(error).toBeInstanceOf(InvalidRequestError);
	expect(error.message).toContain('leads out of the function');
});

test.each(['sub?x=1', 'sub#x'])('the path %j, which holds a query, is refused', (path) => {
	const error = thrownBy(() => invoke({ ...call, path }));
	expect(error.message).toBe('Path holds a query');
});

test.each([
	['hello/sub', 'A path below it goes into Path'],
	['hello?x=1', 'a query into Query Parameters'],
	['hello world', 'as in the dashboard under Edge Functions'],
	['', 'as in the dashboard under Edge Functions'],
	['https://x.supabase.co/functions/v1/hello', 'the last part of its address'],
])('the name %j is refused', (name, hint) => {
	const error = thrownBy(() => invoke({ ...call, name }));
	expect(error).toBeInstanceOf(InvalidRequestError);
	expect((error as InvalidRequestError).hint).toContain(hint);
});

test.each(['.', '..'])('the name %j, which is another place, is refused', (name) => {
	const error = thrownBy(() => requestTarget(invoke({ ...call, name })));
	expect(error).toBeInstanceOf(InvalidRequestError);
});

test('a region goes into a header and once into the query', () => {
	const query = [
		['a', '1'],
		['forceFunctionRegion', 'us-east-1'],
		['a', '2'],
	] as const;
	const request = invoke({ ...call, query, region: 'eu-west-1' });
	expect(request.headers).toEqual({ 'x-region': 'eu-west-1' });
	expect(requestTarget(request)).toBe('/hello?a=1&a=2&forceFunctionRegion=eu-west-1');
});

test('a body goes with its type, and with its length where that is told', () => {
	const { body, headers } = invoke(call, { content: 'x', type: 'text/plain', size: 1 });
	expect([body, headers]).toEqual(['x', { 'content-type': 'text/plain', 'content-length': '1' }]);
	const error = thrownBy(() => invoke({ ...call, method: 'GET' }, { content: '', type: 'a/b' }));
	expect(error.message).toBe('A call with GET cannot carry a body');
});

test.each([true, false])('whether it may be repeated is as told: %s', (repeatable) => {
	expect(invoke({ ...call, repeatable }).repeatable).toBe(repeatable);
});
