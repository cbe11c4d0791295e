import { SupabaseApiError, type ErrorParts } from '../../../../src/api/errors';
import { explain } from '../../../../src/n8n/advice/lookup';
import type { DatabaseRole } from '../../../../src/n8n/advice/advice';

function explained(parts: Partial<ErrorParts>, role?: DatabaseRole) {
	const error = new SupabaseApiError('functions', 'refused', { message: 'm', ...parts });
	return explain(error, {
		role,
		parameter: (name) => (name === 'function' ? 'orders' : undefined),
	});
}

test.each<[code: string, title: string, mend: string]>([
	['RELAY_ERROR', 'did not get through to the function orders', 'another Region'],
	['NOT_FOUND', 'There is no function orders', 'Check its name'],
	['NOT_FOUND_FUNCTION_BLOB', 'There is no function orders', 'that it is deployed'],
	['LOAD_FUNCTION_ERROR', 'The function orders could not be loaded', 'Deploy it again'],
	['BOOT_ERROR', 'The function orders did not start', 'an import that is not there'],
	['IDLE_TIMEOUT', 'The function orders took too long', '150 seconds'],
	['WORKER_LIMIT', 'The function orders used up its time or its memory', 'Send less at once'],
	['WORKER_RESOURCE_LIMIT', 'The function orders used up its time or its memory', 'smaller parts'],
	['WORKER_ERROR', 'The function orders failed', 'was not caught'],
	['EDGE_FUNCTION_ERROR', 'The function orders failed: m', 'under Edge Functions'],
	['INVALID_RESPONSE_STATUS_CODE', 'a status that HTTP does not have', 'from 200 to 599'],
	['RATE_LIMIT_EXCEEDED', 'The function orders is called too often', 'fewer calls at once'],
	['UNAUTHORIZED_NO_AUTH_HEADER', 'not for callers without a token', 'Verify JWT'],
	['UNAUTHORIZED_INVALID_JWT_FORMAT', 'did not accept the key', 'Verify JWT'],
	['UNAUTHORIZED_ASYMMETRIC_JWT', 'did not accept the key', 'Verify JWT'],
	['UNAUTHORIZED_LEGACY_JWT', 'did not accept the key', 'Verify JWT'],
	['UNAUTHORIZED_UNSUPPORTED_TOKEN_ALGORITHM', 'did not accept the key', 'Verify JWT'],
	['INVALID_URL', 'The address of the function orders', 'Function and Path'],
	['REDIRECT', 'The function orders answers with a redirect', 'headers.location'],
])('%s', (code, title, mend) => {
	const { title: said, mend: how } = explained({ code, status: 500 });
	expect(said).toContain(title);
	expect(how).toContain(mend);
});

test("a user's token that is not accepted is renewed", () => {
	const { title, mend } = explained({ code: 'UNAUTHORIZED_LEGACY_JWT' }, 'authenticated');
	expect(title).toBe('The function orders did not accept the access token');
	expect(mend).toContain('Sign in again');
});

test('a function that fails without a word of its own', () => {
	const code = 'EDGE_FUNCTION_ERROR';
	for (const message of ['Internal Server Error', 'HTTP status 500']) {
		expect(explained({ code, message, status: 500 }).title).toBe('The function orders failed');
	}
});

test.each([
	[401, 'Missing authorization header', 'The function orders is not for callers without a token'],
	[401, 'Invalid JWT', 'The function orders did not accept the key or token'],
	[404, 'Function not found', 'There is no function orders'],
	[500, 'InvalidWorkerCreation: could not find it', 'There is no function orders'],
])('what a self-hosted project says without a code: %i %s', (status, message, title) => {
	expect(explained({ status, message }).title).toBe(title);
});

test.each([400, 401, 403, 404, 409, 418, 422, 429, 500, 501])(
	'what the function itself answers: %i',
	(status) => {
		expect(explained({ status, message: 'No such order' })).toMatchObject({
			title: 'The function orders answered with an error: No such order',
			mend: expect.stringContaining('Never Error'),
		});
		expect(explained({ status, message: `HTTP status ${status}` }).title).toBe(
			`The function orders answered with status ${status}`,
		);
	},
);

test.each([
	[401, 'Invalid API key', 'was not accepted'],
	[401, 'No API key found in request', 'No key reached the project'],
	[404, 'no Route matched with those values', 'Nothing is at that address'],
	[502, 'Bad Gateway', 'does not answer its gateway'],
	[503, 'm', 'does not answer its gateway'],
	[504, 'm', 'did not answer its gateway in time'],
	[540, 'Project is paused', 'The project is paused'],
])(
	'what the gateway says is not put into the mouth of the function: %i %s',
	(status, message, title) => {
		expect(explained({ status, message }).title).toContain(title);
	},
);
