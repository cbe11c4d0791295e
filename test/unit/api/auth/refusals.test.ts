import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { retryAfterIn } from '../../../../src/api/auth/rateLimit';
import { authRequest } from '../../../../src/api/auth/request';
import { readErrorBody } from '../../../../src/api/errors';
import { send } from '../../../../src/api/transport';
import { closeServers, projectAt, startServer, type Answer } from '../../server';

afterEach(closeServers);

interface Exchange {
	readonly op: string;
	readonly case: string;
	readonly response: {
		readonly status: number;
		readonly headers: Readonly<Record<string, string>>;
		readonly body: unknown;
	};
}

const refusals = readFileSync(join(__dirname, '../../../fixtures/auth/exchanges.jsonl'), 'utf8')
	.trim()
	.split('\n')
	.map((line) => JSON.parse(line) as Exchange)
	.filter(({ response }) => response.status >= 400);

const textOf = (body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body ?? ''));

describe('all shapes of bodies become one', () => {
	it('there are many', () => expect(refusals.length).toBeGreaterThan(300));

	it('with the code of Auth, wherever it stands', () => {
		for (const { response } of refusals) {
			const { status, headers, body } = response;
			const parts = readErrorBody(status, headers, textOf(body), 'auth');
			const told = Object(body) as Record<string, string | undefined>;
			const code = told.error_code ?? told.code ?? (told.error_description && told.error);
			expect(parts.code).toBe(typeof body === 'object' ? code : undefined);
			expect(parts.status).toBe(status);
			expect(parts.message).toBe(
				told.msg ??
					told.message ??
					told.error_description ??
					(textOf(body).trim() || 'HTTP status 405'),
			);
		}
	});

	it('with the code of the header where the body has a number alone', () => {
		const headers = { 'x-sb-error-code': 'user_not_found' };
		const body = JSON.stringify({ code: 404, msg: 'User not found' });
		expect(readErrorBody(404, headers, body, 'auth')).toEqual({
			status: 404,
			code: 'user_not_found',
			message: 'User not found',
		});
	});

	it('with the detail of PostgreSQL, which Auth passes on', () => {
		const body = { code: '23505', message: 'duplicate key', detail: 'Key (email)=(a@b.co) exists' };
		expect(readErrorBody(500, {}, JSON.stringify(body), 'auth')).toMatchObject({
			code: '23505',
			details: 'Key (email)=(a@b.co) exists',
		});
	});
});

describe('what is known after a refusal', () => {
	const asked = authRequest('POST', ['invite'], { body: { email: 'a@b.co' } });
	const outcomeOf = async (answer: Answer) => {
		const server = await startServer(() => answer);
		const error = await send(projectAt(server.url), asked, {
			authority: { role: 'service_role' },
			maxRepeats: 1,
		}).catch((each: unknown) => each as { outcome: string });
		return { ...error, requests: server.requests.length };
	};

	it.each([
		[{ status: 500, body: { code: 'unexpected_failure', message: 'm' } }, 'refused'],
		[{ status: 500, body: { code: '23505', message: 'm' } }, 'refused'],
		[{ status: 504, body: { code: 'request_timeout', message: 'm' } }, 'unknown'],
		[{ status: 502, body: '<html><title>Bad gateway</title>' }, 'unknown'],
		[{ status: 422, body: { code: 'email_exists', message: 'm' } }, 'refused'],
	])('%j: %s, and it is not sent again', async (answer, outcome) => {
		expect(await outcomeOf(answer)).toMatchObject({ outcome, requests: 1 });
	});

	it('one that asks to wait for a second is sent again then', async () => {
		const server = await startServer((_, n) =>
			n > 1
				? { body: { id: 'x' } }
				: {
						status: 429,
						body: {
							code: 'over_email_send_rate_limit',
							message: 'For security purposes, you can only request this after 1 seconds.',
						},
					},
		);
		const begun = Date.now();
		await send(projectAt(server.url), asked, { authority: { role: 'service_role' } });
		expect(Date.now() - begun).toBeGreaterThanOrEqual(1000);
	});

	it.each([
		['For security purposes, you can only request this after 59 seconds.', '59'],
		['email rate limit exceeded', '3600'],
		['SMS rate limit exceeded', '3600'],
		['Request rate limit reached', undefined],
	])('%s', async (message, seconds) => {
		expect(retryAfterIn(message)).toBe(seconds);
		if (seconds === undefined) return;
		// Longer than anybody waits: it is not sent again.
		const body = { code: 'over_email_send_rate_limit', message };
		expect(await outcomeOf({ status: 429, body })).toMatchObject({
			outcome: 'refused',
			requests: 1,
		});
	});
});
