import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import { InvalidRequestError, SupabaseApiError, type Outcome } from '../../../src/api/errors';
import type { ErrorParts } from '../../../src/api/errors';
import { failed, nodeError } from '../../../src/n8n/errors';
import { aNode } from './node';

const errorOf = (parts: Partial<ErrorParts> = {}, outcome: Outcome = 'refused') =>
	new SupabaseApiError('rest', outcome, { message: 'It went wrong', ...parts });

describe('the refusal of a service', () => {
	it.each<[string, SupabaseApiError, message: string, description: string]>([
		[
			'with everything: what is wrong, how to mend it, the code, and what the service says',
			errorOf({
				code: '23505',
				status: 409,
				message: 'duplicate key value violates unique constraint "a_pkey"',
				details: 'Key (id)=(1) already exists.',
				hint: 'Look at id',
				requestId: 'r1',
			}),
			'A row with id 1 exists already',
			'Give another value, or change or delete that row. Code 23505, HTTP status 409, request r1. PostgreSQL says: duplicate key value violates unique constraint "a_pkey". Key (id)=(1) already exists. Look at id.',
		],
		[
			'whose words are the best there are',
			errorOf({ code: 'P0001', status: 400, details: 'd' }),
			'It went wrong',
			'A function or trigger of the database raised this. Code P0001, HTTP status 400. PostgreSQL says: d.',
		],
		[
			'with its status alone',
			errorOf({ status: 418 }),
			'It went wrong',
			'The logs in the dashboard may tell more. HTTP status 418.',
		],
		['with nothing', errorOf(), 'It went wrong', ''],
		[
			'of unknown outcome',
			errorOf({ code: 'ECONNRESET', hint: 'Try again!' }, 'unknown'),
			'It went wrong',
			'Try again! Whether the request was carried out is unknown: if it writes, look before you run it again. Code ECONNRESET.',
		],
		[
			'that was carried out',
			errorOf({ status: 201, hint: 'Look.' }, 'done'),
			'It went wrong',
			'Look. The request was carried out; only its answer was lost. Do not run it again. HTTP status 201.',
		],
		[
			'that was never sent',
			errorOf({ code: 'ECONNREFUSED' }, 'notSent'),
			'It went wrong',
			'Code ECONNREFUSED.',
		],
		[
			'in our own words already',
			errorOf({ code: 'NoSuchKey', status: 404, hint: 'Mend it', ours: true }),
			'It went wrong',
			'Mend it. Code NoSuchKey, HTTP status 404.',
		],
		[
			'that shows the whole row, which others need not read',
			errorOf({
				code: '23502',
				message: 'null value in column "v" of relation "t" violates not-null constraint',
				details: 'Failing row contains (hunter2, null).',
			}),
			'The column v needs a value',
			'Give the item a value for it, or the column a default in the database. An empty value from an expression counts as none. Code 23502. PostgreSQL says: null value in column "v" of relation "t" violates not-null constraint.',
		],
		[
			'that shows what is nobody’s business',
			errorOf({
				code: '23505',
				message: 'duplicate key value violates unique constraint "t_token_key"',
				details: 'Key (token)=(hunter2) already exists.',
			}),
			'A row with token like that exists already',
			'Give another value, or change or delete that row. Code 23505. PostgreSQL says: duplicate key value violates unique constraint "t_token_key".',
		],
	])('%s', (_what, error, message, description) => {
		const shown = nodeError(aNode, error, { item: 3 });
		expect(shown).toBeInstanceOf(NodeApiError);
		expect(shown.message).toBe(message);
		expect(shown.description ?? '').toBe(description);
		expect(shown.context.itemIndex).toBe(3);
		expect(shown.node.name).toBe('Supabase');
	});

	it('says with the names of what was asked for', () => {
		const context = { operation: 'row.select', parameter: () => 'planets' };
		const shown = nodeError(aNode, errorOf({ code: 'PGRST205', status: 404 }), {
			item: 3,
			context,
		});
		expect(shown.message).toBe('There is no table planets in the schema planets');
	});

	it('is cut where the service says too much', () => {
		const long = 'x'.repeat(5_000);
		const error = errorOf({ message: long, details: long, hint: long, status: 400, code: '99999' });
		const shown = nodeError(aNode, error);
		expect(shown.message).toBe(`${'x'.repeat(300)}…`);
		expect(shown.description?.length).toBeLessThan(1_000);
	});

	it('keeps its parts for expressions', () => {
		const parts = { code: '23505', status: 409, details: 'd', hint: 'h', requestId: 'r' };
		const shown = nodeError(aNode, errorOf(parts));
		expect(shown.context.data).toEqual({ ...parts, outcome: 'refused' });
		expect((shown as NodeApiError).httpCode).toBe('409');
	});

	it('has no item where none is known', () => {
		expect(nodeError(aNode, errorOf()).context.itemIndex).toBeUndefined();
	});
});

// n8n puts its own words in the place of messages that hold these.
const rewritten = [
	'relation "public.eperm" does not exist',
	'column "ECONNREFUSED" does not exist',
	'Could not find the table "public.etimedout_log"',
	'getaddrinfo in a trigger',
	'enotfound, econnreset, eacces, eexist and eisdir',
	'unauthorized',
	'The service failed: 500',
];

it.each(rewritten)('keeps the message %j as it is', (message) => {
	for (const status of [undefined, 400, 401, 403, 404, 429, 500, 503]) {
		const shown = nodeError(
			aNode,
			errorOf({ message, status, code: 'X', hint: 'Mend it.', ours: true }),
		);
		expect(shown.message).toBe(message);
		expect(shown.description).toContain('Mend it.');
	}
	for (const error of [new InvalidRequestError(message, 'Mend it.'), new Error(message)]) {
		const shown = nodeError(aNode, error);
		expect(shown.message).toBe(message);
		expect(shown.description ?? 'Mend it.').toBe('Mend it.');
	}
});

describe('other errors', () => {
	it('of the input have their hint', () => {
		const shown = nodeError(aNode, new InvalidRequestError('Table is empty', 'Enter Table.'), {
			item: 2,
		});
		expect(shown).toBeInstanceOf(NodeOperationError);
		expect(shown).toMatchObject({ message: 'Table is empty', description: 'Enter Table.' });
		expect(shown.context.itemIndex).toBe(2);
	});

	it.each([
		[new TypeError('a mistake'), 'a mistake'],
		['a text', 'a text'],
		[7, '7'],
		[undefined, 'undefined'],
		[null, 'null'],
	])('of any kind are shown: %p', (error, message) => {
		const shown = nodeError(aNode, error, { item: 1 });
		expect(shown).toBeInstanceOf(NodeOperationError);
		expect(shown.message).toBe(message);
		expect(shown.context.itemIndex).toBe(1);
	});

	it("of n8n's own stay what they are, and learn their item", () => {
		const own = new NodeOperationError(aNode, 'Own', { description: 'Text' });
		expect(nodeError(aNode, own, { item: 4 })).toBe(own);
		expect(own.context.itemIndex).toBe(4);
		expect(nodeError(aNode, own, { item: 5 }).context.itemIndex).toBe(4);
	});
});

describe('the failure of certain items', () => {
	it('is its cause, of the one item that it is about', () => {
		const shown = nodeError(aNode, failed([6], errorOf({ status: 409 })), { item: 0 });
		expect(shown).toBeInstanceOf(NodeApiError);
		expect(shown.message).toBe('It went wrong');
		expect(shown.context.itemIndex).toBe(6);
	});

	it('of several is of the item that the caller names', () => {
		const error = failed([6, 7], errorOf());
		expect(nodeError(aNode, error).context.itemIndex).toBeUndefined();
		expect(nodeError(aNode, error, { item: 6 }).context.itemIndex).toBe(6);
	});

	it('says what became of the others behind the mend', () => {
		const shown = nodeError(aNode, failed([0], errorOf({ hint: 'Mend it.' }), '3 rows stay.'));
		expect(shown.description).toBe('Mend it. 3 rows stay.');
		const other = nodeError(aNode, failed([0], new Error('a mistake'), '3 rows stay.'));
		expect(other.description).toBe('3 rows stay.');
	});

	it('has the message of its cause', () => {
		expect(failed([0], errorOf()).message).toBe('It went wrong');
		expect(failed([0], 'text').message).toBe('text');
	});
});
