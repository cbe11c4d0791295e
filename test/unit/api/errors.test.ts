import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import {
	InvalidRequestError,
	readErrorBody,
	refusal,
	SupabaseApiError,
	type ErrorParts,
} from '../../../src/api/errors';
import { thrownBy } from '../thrown';

const json = { 'content-type': 'application/json' };
const html = { 'content-type': 'text/html; charset=utf-8' };

describe('readErrorBody', () => {
	interface Form {
		readonly of: string;
		readonly status: number;
		readonly headers?: Record<string, string>;
		readonly body: unknown;
		readonly parts: Omit<ErrorParts, 'status'>;
	}

	const forms: Form[] = [
		{
			of: 'PostgREST',
			status: 409,
			body: {
				code: '23505',
				details: 'Key (id)=(1) already exists.',
				hint: null,
				message: 'duplicate key value violates unique constraint "planets_pkey"',
			},
			parts: {
				code: '23505',
				details: 'Key (id)=(1) already exists.',
				message: 'duplicate key value violates unique constraint "planets_pkey"',
			},
		},
		{
			of: 'PostgREST, with details as JSON',
			status: 300,
			body: { code: 'PGRST201', details: [{ embedding: 'a with b' }], hint: 'h', message: 'm' },
			parts: { code: 'PGRST201', details: '[{"embedding":"a with b"}]', hint: 'h', message: 'm' },
		},
		{
			of: 'PostgREST to HEAD, which has no body',
			status: 404,
			headers: { ...json, 'proxy-status': 'PostgREST; error=PGRST205' },
			body: '',
			parts: { code: 'PGRST205', message: 'HTTP status 404' },
		},
		{
			of: 'Auth of the API version 2024-01-01',
			status: 400,
			body: { code: 'validation_failed', message: 'Unable to validate email address' },
			parts: { code: 'validation_failed', message: 'Unable to validate email address' },
		},
		{
			of: 'Auth before it',
			status: 422,
			body: { code: 422, error_code: 'weak_password', msg: 'Too short', error_id: 'x' },
			parts: { code: 'weak_password', message: 'Too short' },
		},
		{
			of: 'Auth, in the words of OAuth',
			status: 400,
			body: { error: 'invalid_grant', error_description: 'Invalid login credentials' },
			parts: { code: 'invalid_grant', message: 'Invalid login credentials' },
		},
		{
			of: 'Storage',
			status: 400,
			body: {
				statusCode: '404',
				error: 'not_found',
				message: 'Object not found',
				code: 'NoSuchKey',
			},
			parts: { code: 'NoSuchKey', message: 'Object not found' },
		},
		{
			of: 'Realtime',
			status: 401,
			body: { message: 'Unauthorized' },
			parts: { message: 'Unauthorized' },
		},
		{
			of: 'Realtime, with a list of errors',
			status: 422,
			body: { errors: [{ topic: ["can't be blank"] }] },
			parts: { message: '{"errors":[{"topic":["can\'t be blank"]}]}' },
		},
		{
			of: 'the gateway',
			status: 401,
			headers: { ...json, 'sb-request-id': 'r1', 'x-request-id': 'r2', 'cf-ray': 'r3' },
			body: { message: 'Invalid API key', hint: 'Double check your API key.' },
			parts: {
				message: 'Invalid API key',
				hint: 'Double check your API key.',
				requestId: 'r1',
			},
		},
		{
			of: 'the gateway, as a page',
			status: 522,
			headers: { ...html, 'cf-ray': '8d0-FRA' },
			body: '<!DOCTYPE html><html><head><title>\n 522: Connection timed out </title>…',
			parts: { message: '522: Connection timed out', requestId: '8d0-FRA' },
		},
		{
			of: 'a page without a title',
			status: 502,
			headers: html,
			body: '<html><body><h1>Bad Gateway</h1></body></html>',
			parts: { message: 'HTTP status 502' },
		},
		{
			of: 'a page that does not say that it is one',
			status: 502,
			headers: { 'content-type': 'text/plain' },
			body: '\n<!doctype html><title>Bad</title>',
			parts: { message: 'Bad' },
		},
		{
			of: 'a function, as an object',
			status: 500,
			body: { error: { message: 'Boom' } },
			parts: { message: 'Boom' },
		},
		{
			of: 'a function, as a word',
			status: 500,
			body: { error: 'Boom' },
			parts: { message: 'Boom' },
		},
		{
			of: 'a function, as text',
			status: 500,
			headers: { 'content-type': 'text/plain' },
			body: ' Internal Server Error\n',
			parts: { message: 'Internal Server Error' },
		},
		{
			of: 'nobody',
			status: 503,
			headers: {},
			body: '',
			parts: { message: 'HTTP status 503' },
		},
		{
			of: 'a service that says null',
			status: 500,
			body: 'null',
			parts: { message: 'null' },
		},
		{
			of: 'a service that leaves its message empty',
			status: 500,
			body: { message: '', error: 'E', code: '', hint: '', details: {} },
			parts: { message: 'E', details: '{}' },
		},
	];

	it.each(forms)('reads what $of answers', ({ status, headers = json, body, parts }) => {
		const text = typeof body === 'string' ? body : JSON.stringify(body);
		expect(readErrorBody(status, headers, text)).toStrictEqual({ status, ...parts });
	});

	it('keeps a long text short', () => {
		const { message } = readErrorBody(500, {}, 'x'.repeat(100_000));
		expect(message).toBe('x'.repeat(500));
	});

	it('makes something readable of any text', () => {
		const body = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc.json(),
			fc
				.record(
					Object.fromEntries(
						['code', 'error_code', 'msg', 'message', 'error', 'error_description', 'details'].map(
							(name) => [name, fc.jsonValue()],
						),
					),
					{ requiredKeys: [] },
				)
				.map((value) => JSON.stringify(value)),
		);
		const headers = fc.dictionary(
			fc.constantFrom('content-type', 'proxy-status', 'sb-request-id'),
			fc.string(),
		);
		fc.assert(
			fc.property(fc.integer({ min: 300, max: 999 }), headers, body, (status, names, text) => {
				const parts = readErrorBody(status, names, text);
				expect(parts.status).toBe(status);
				expect(parts.message).not.toBe('');
				for (const name of ['message', 'code', 'details', 'hint', 'requestId'] as const) {
					expect(['string', ...(name === 'message' ? [] : ['undefined'])]).toContain(
						typeof parts[name],
					);
				}
			}),
			{ numRuns: 500 },
		);
	});
});

describe('what PostgREST really answered', () => {
	interface Recorded {
		readonly status: number;
		readonly headers: Record<string, string>;
		readonly body: string | null;
	}

	const recorded = readFileSync(join(__dirname, '../../fixtures/postgrest-errors.jsonl'), 'utf8')
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as Recorded);

	const text = (value: unknown) => {
		if (value === null || value === '') return undefined;
		return typeof value === 'string' ? value : JSON.stringify(value);
	};

	it('is a fixture of some size', () => expect(recorded.length).toBeGreaterThan(200));

	it('is read as it was meant', () => {
		const withBody = recorded.filter(({ body }) => body?.startsWith('{'));
		expect(withBody.length).toBeGreaterThan(200);
		for (const { status, headers, body } of withBody) {
			const { code, message, details, hint } = JSON.parse(body ?? '');
			const read = readErrorBody(status, headers, body ?? '');
			expect({ ...read, body }).toEqual({
				status,
				code,
				message,
				details: text(details),
				hint: text(hint),
				body,
			});
		}
	});

	it('without an object as body still says something', () => {
		const others = recorded.filter(({ body }) => !body?.startsWith('{'));
		const read = others.map(({ status, headers, body }) => {
			const { message, code } = readErrorBody(status, headers, body ?? '');
			return `${message} ${code}`;
		});
		expect(read.sort()).toEqual([
			'"teapot" undefined',
			'Bad Request undefined',
			'HTTP status 400 PGRST100',
			'HTTP status 404 PGRST205',
			'HTTP status 406 PGRST116',
			'Something went wrong undefined',
		]);
	});
});

describe('refusal', () => {
	it('gives the refusal of a service back', () => {
		const error = new SupabaseApiError('rest', 'refused', { message: 'm', code: 'c' });
		expect(refusal(error)).toBe(error);
	});

	it.each([new InvalidRequestError('m'), new TypeError('t'), 'text', undefined])(
		'throws anything else on: %p',
		(error) => {
			let thrown: unknown = 'nothing';
			try {
				refusal(error);
			} catch (caught) {
				thrown = caught;
			}
			expect(thrown).toBe(error);
		},
	);
});

it('an error has the parts that it was given and no others', () => {
	const error = new SupabaseApiError('auth', 'unknown', {
		message: 'm',
		code: 'c',
		status: 500,
		details: 'd',
	});
	expect({ ...error }).toEqual({
		name: 'SupabaseApiError',
		service: 'auth',
		outcome: 'unknown',
		code: 'c',
		status: 500,
		details: 'd',
		hint: undefined,
		requestId: undefined,
	});
	expect(thrownBy(() => refusal(new InvalidRequestError('m', 'h')))).toMatchObject({
		name: 'InvalidRequestError',
		hint: 'h',
	});
});
