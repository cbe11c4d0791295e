import { parameterReader } from '../../../src/n8n/parameters';
import { requestOptionsOf } from '../../../src/n8n/requestOptions';
import { thrownBy } from '../thrown';
import { fakeNode } from './node';

const read = (options: Record<string, unknown>) =>
	requestOptionsOf(parameterReader(fakeNode({ options }).node, [])(0));

const header = (...rows: Array<{ name?: unknown; value?: unknown }>) => ({
	headers: { header: rows },
});

it.each([
	[{}, undefined],
	[{ timeout: 5 }, 5000],
	[{ timeout: '0.5' }, 500],
])('the timeout of %j is %s milliseconds', (options, timeout) => {
	expect(read(options)).toEqual({ timeout, headers: undefined });
});

it.each([0, -1, '0', 'soon', null, [], {}, true])('%j is no timeout', (timeout) => {
	expect(thrownBy(() => read({ timeout })).name).toBe('InvalidRequestError');
});

it('headers are read, in lower case, and with keys where the request has none', () => {
	const rows = [
		{ name: ' X-Own ', value: 'a' },
		{ name: 'x-number', value: 7 },
		{ name: 'Authorization', value: 'Bearer mine' },
	];
	expect(read(header(...rows)).headers).toEqual({
		'x-own': 'a',
		'x-number': '7',
		authorization: 'Bearer mine',
	});
});

it.each([
	[header({ name: '', value: 'a' }), 'The header "" (in Options) cannot be sent'],
	[header({ value: 'a' }), 'The header "" (in Options) cannot be sent'],
	[header({ name: 'x y', value: 'a' }), 'The header "x y" (in Options) cannot be sent'],
	[header({ name: 'x-own', value: 'a\nb' }), 'The header "x-own" (in Options) cannot be sent'],
	[header({ name: 'Host', value: 'a' }), 'The header "Host" (in Options) cannot be sent'],
	[
		header({ name: 'x-own', value: 'a' }, { name: 'X-Own', value: 'b' }),
		'The header "X-Own" (in Options) is there twice',
	],
])('%j are refused', (options, message) => {
	expect(thrownBy(() => read(options))).toMatchObject({ name: 'InvalidRequestError', message });
});
