import { proxyFor } from '../../../src/api/proxy';

const uri = 'http://proxy.example:3128';
const https = 'https://abcdefghijklmnopqrst.supabase.co';

it.each([
	[https, { HTTPS_PROXY: uri }, 'HTTPS_PROXY'],
	[https, { https_proxy: uri, HTTPS_PROXY: 'http://other.example' }, 'https_proxy'],
	[https, { HTTP_PROXY: uri }, 'HTTP_PROXY'],
	[https, { https_proxy: '', HTTP_PROXY: uri }, 'HTTP_PROXY'],
	['http://a.example', { HTTP_PROXY: uri, HTTPS_PROXY: 'http://other.example' }, 'HTTP_PROXY'],
	['http://a.example', { HTTPS_PROXY: uri }, undefined],
	['http://a.example', { http_proxy: '', HTTP_PROXY: uri }, undefined],
	[https, {}, undefined],
])('%s with %j goes by %s', (address, environment, variable) => {
	expect(proxyFor(address, environment)).toEqual(variable && { uri, variable, loopback: false });
});

it.each([
	['http://a.example', 'a.example', true],
	['http://b.a.example', 'a.example', true],
	['http://b.a.example', '.a.example', true],
	['http://b.a.example', '*.a.example', true],
	['http://ba.example', 'a.example', false],
	['http://a.example', 'b.example, A.EXAMPLE', true],
	['http://a.example', 'b.example A.example', true],
	['http://a.example', '*', true],
	['http://a.example', '', false],
	['http://a.example', ',', false],
	['http://a.example:8000', 'a.example:8000', true],
	['http://a.example:8001', 'a.example:8000', false],
	['http://a.example', 'a.example:80', true],
	['https://a.example', 'a.example:443', true],
	['http://[::1]:8000', '::1', true],
	['http://[::1]:8000', '[::1]:8000', true],
	['http://[::1]:8001', '[::1]:8000', false],
	['http://127.0.0.1:8000', 'localhost,127.0.0.1', true],
])('%s with NO_PROXY=%s is passed by: %s', (address, NO_PROXY, isPassedBy) => {
	const proxy = proxyFor(address, { HTTP_PROXY: uri, HTTPS_PROXY: uri, NO_PROXY });
	expect(proxy === undefined).toBe(isPassedBy);
});

it.each([
	['http://localhost:8000', true],
	['http://127.0.0.1', true],
	['http://127.1.2.3', true],
	['http://[::1]:8000', true],
	['http://10.0.0.1', false],
	['http://localhost.example', false],
])('%s is this machine: %s', (address, loopback) => {
	expect(proxyFor(address, { HTTP_PROXY: uri })?.loopback).toBe(loopback);
});

it.each(['proxy:3128', '10.0.0.1:3128', 'ftp://proxy', '//proxy', 'http://'])(
	'%s is no proxy',
	(value) => {
		expect(() => proxyFor(https, { HTTPS_PROXY: value })).toThrow(
			'HTTPS_PROXY is not the address of a proxy',
		);
		expect(proxyFor(https, { HTTPS_PROXY: value, NO_PROXY: '.supabase.co' })).toBeUndefined();
	},
);
