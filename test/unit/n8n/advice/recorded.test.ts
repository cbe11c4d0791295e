import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readErrorBody, SupabaseApiError } from '../../../../src/api/errors';
import type { ErrorContext } from '../../../../src/n8n/advice/advice';
import { explain } from '../../../../src/n8n/advice/lookup';
import { nodeError } from '../../../../src/n8n/errors';
import { aNode } from '../node';

interface Answer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: unknown;
}

const lines = (name: string) =>
	readFileSync(join(__dirname, '../../../fixtures', name), 'utf8')
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as unknown);

const refusalOf = (service: 'rest' | 'storage' | 'auth', { status, headers, body }: Answer) => {
	const text = typeof body === 'string' ? body : body === null ? '' : JSON.stringify(body);
	return new SupabaseApiError(service, 'refused', readErrorBody(status, headers, text, service));
};

/** Every refusal that PostgREST 16.2, also before pgmq, Storage 1.70.6 and Auth 2.196 gave. */
const refusals = [
	...(lines('postgrest-errors.jsonl') as Answer[]).map((answer) => refusalOf('rest', answer)),
	...(lines('storage/exchanges.jsonl') as Array<{ response: Answer }>)
		.filter(({ response }) => response.status >= 400)
		.map(({ response }) => refusalOf('storage', response)),
	...(lines('queues/exchanges.jsonl') as Array<{ response: Answer }>)
		.filter(({ response }) => response.status >= 400)
		.map(({ response }) => refusalOf('rest', response)),
	...(lines('auth/exchanges.jsonl') as Array<{ response: Answer }>)
		.filter(({ response }) => response.status >= 400)
		.map(({ response }) => refusalOf('auth', response)),
];

/** Each of them once. */
const recorded = [
	...new Map(
		refusals.map((error) => [JSON.stringify([error.service, error.message, error]), error]),
	).values(),
];

/** What a function of the database or a trigger raised on purpose is said as it is. */
const RAISED = /^(m \w{5}|boom|bare message|denied|"?teapot"?|Payment Required)$/;

/** How PostgreSQL, PostgREST, Storage and Auth begin what they say. */
const RAW =
	/^("?failed to|null value|duplicate key|invalid (input|regular|value)|malformed|JSON object|Could not|column |relation |new row|permission denied|insert or update|update or delete|value |numeric field|cannot |operator |function |JWT|Cannot|None of|Invalid|Bucket |Object |The (resource|object)|mime type|body|querystring|headers|Route |AAL|MFA|PKCE|Token has|Signups|Unsupported|Unable|Email (link|log|sign)|User (is|from|not)|captcha protection|For security|Error |Processing|\d{3}\b)/;

const parameters: Readonly<Record<string, unknown>> = {
	schema: 'public',
	table: 'planets',
	function: 'lab_add',
	queue: 'plain',
	bucket: 'docs',
	path: 'a/b.txt',
	user: 'ann@example.com',
	email: 'bob@example.com',
	'options.maxAffected': 1,
};

const contexts: Array<[string, ErrorContext | undefined]> = [
	['without a context', undefined],
	...['row.select', 'row.upsert', 'function.call'].map((operation): [string, ErrorContext] => [
		operation,
		{ operation, role: 'authenticated', parameter: (name) => parameters[name] },
	]),
	...['user.update', 'account.signUp', 'ssoProvider.create', 'identity.link'].map(
		(operation): [string, ErrorContext] => [
			operation,
			{ operation, role: 'service_role', parameter: (name) => parameters[name] },
		],
	),
	...['message.send', 'message.archive', 'queue.metrics'].map(
		(operation): [string, ErrorContext] => [
			operation,
			{ operation, role: 'authenticated', parameter: (name) => parameters[name] },
		],
	),
	...['file.upload', 'bucket.create'].map((operation): [string, ErrorContext] => [
		operation,
		{
			operation,
			role: 'anon',
			rights: 'SELECT on storage.objects',
			parameter: (name) => parameters[name],
		},
	]),
];

it('there are many', () => expect(recorded.length).toBeGreaterThan(500));

describe.each(contexts)('every recorded refusal, %s,', (_, context) => {
	const shown = recorded.map((error) => ({
		error,
		shown: nodeError(aNode, error, { item: 0, context }),
	}));

	it("says what is wrong in a person's words", () => {
		const raw = shown
			.filter(({ error }) => !RAISED.test(error.message))
			.filter(({ error, shown: { message } }) => message === error.message || RAW.test(message))
			.map(({ error, shown: { message } }) => ({ code: error.code, message }));
		expect(raw).toEqual([]);
	});

	it('says how to mend it, before codes and the words of the service', () => {
		const without = recorded.filter(
			(error) => !explain(error, context).mend && error.hint === undefined,
		);
		expect(without.map(({ code, message }) => ({ code, message }))).toEqual([]);
		for (const { error, shown: each } of shown) {
			const text = each.description ?? '';
			const mend = explain(error, context).mend ?? error.hint ?? '';
			expect(text.indexOf(mend)).toBe(0);
			if (error.code) expect(text.slice(mend.length)).toContain(`Code ${error.code}`);
		}
	});

	it('leaves no word out, and is no longer than a person reads', () => {
		for (const { error, shown: each } of shown) {
			expect(each.message).not.toMatch(/undefined|null$/);
			if (!error.message.includes('{')) expect(each.message).not.toContain('{');
			expect(each.message.length).toBeLessThan(320);
			expect(each.description?.length ?? 0).toBeLessThan(2_000);
		}
	});
});
