import { SupabaseApiError, type ErrorParts } from '../../../../src/api/errors';
import type { SchemaDescription } from '../../../../src/api/database/description';
import type { Advice, ErrorContext } from '../../../../src/n8n/advice/advice';
import { GATEWAY } from '../../../../src/n8n/advice/gateway';
import { explain } from '../../../../src/n8n/advice/lookup';
import { REST } from '../../../../src/n8n/advice/rest';

const errorOf = (parts: Partial<ErrorParts>) =>
	new SupabaseApiError('rest', 'refused', { message: 'm', ...parts });

const column = (name: string, more = {}) => ({
	name,
	type: 'text',
	required: false,
	hasDefault: false,
	primaryKey: false,
	...more,
});

const described = {
	tables: [
		{
			name: 'contacts',
			columns: [
				column('id'),
				column('email'),
				column('mood', { type: 'public.mood', values: ['sad', 'ok'] }),
			],
		},
		{ name: 'Events', columns: [column('Name')] },
	],
	functions: [],
} as unknown as SchemaDescription;

/** What a person filled in; `plan` is what it was compiled to. */
const on = (
	operation: string,
	parameters: Record<string, unknown> = {},
	plan?: unknown,
): ErrorContext => {
	const all: Record<string, unknown> = { schema: 'public', table: 'contacts', ...parameters };
	return {
		operation,
		role: 'authenticated',
		parameter: (name) => all[name],
		plans: plan === undefined ? [] : [{ item: 0, plan }],
		description: (schema) => (schema === 'public' ? described : undefined),
	};
};

const RELOAD = "NOTIFY pgrst, 'reload schema'";
const violation = 'new row violates row-level security policy for table "notes"';
const notInteger = 'invalid input syntax for type integer: "thirty"';
const duplicate = {
	code: '23505',
	message: 'duplicate key value violates unique constraint "contacts_email_key"',
	details: 'Key (email)=(ada@example.org) already exists.',
};

type Case = [
	what: string,
	Partial<ErrorParts>,
	ErrorContext | undefined,
	title: string,
	mend: string,
];

describe('in words, with the names of what was asked for', () => {
	it.each<Case>([
		[
			'a list for a column of ranges',
			{ code: '22P02', message: 'malformed range literal: "{1,10}"' },
			undefined,
			'The list 1,10 was sent as an array, and the column holds ranges',
			'A Range',
		],
		[
			'an unknown column of a row',
			{
				code: 'PGRST204',
				message: "Could not find the 'mail' column of 'contacts' in the schema cache",
			},
			on('row.insert'),
			'Table contacts has no column "mail". It has id, email, mood.',
			RELOAD,
		],
		[
			'an unknown column of a row, where the columns are not known',
			{
				code: 'PGRST204',
				message: "Could not find the 'mail' column of 'others' in the schema cache",
			},
			on('row.insert', { table: 'others' }),
			'Table others has no column "mail"',
			RELOAD,
		],
		[
			'a column of another case',
			{
				code: 'PGRST204',
				message: "Could not find the 'Email' column of 'contacts' in the schema cache",
			},
			on('row.insert'),
			'Table contacts has no column "Email". There is a column email: names are case-sensitive.',
			'Write email.',
		],
		[
			'an unknown column of a filter',
			{
				code: '42703',
				message: 'column contacts.mial does not exist',
				hint: 'Perhaps you meant to reference the column "contacts.email".',
			},
			on('row.select'),
			'Table contacts has no column "mial". It has id, email, mood.',
			'Do you mean email?',
		],
		[
			'a column of another case in a filter',
			{ code: '42703', message: 'column contacts.EMAIL does not exist' },
			on('row.select'),
			'Table contacts has no column "EMAIL". There is a column email: names are case-sensitive.',
			'Write email.',
		],
		[
			'a column of a related table',
			{ code: '42703', message: 'column countries_1.nope does not exist' },
			on('row.select'),
			'The related table countries has no column "nope"',
			'case',
		],
		[
			'a column of what a function returns',
			{ code: '42703', message: 'column pgrst_call.nope does not exist' },
			on('function.call'),
			'What the function returns has no column "nope"',
			'filters, order and columns',
		],
		[
			'an unknown table',
			{
				code: 'PGRST205',
				message: "Could not find the table 'public.nowhere' in the schema cache",
			},
			on('row.select', { table: 'nowhere' }),
			'There is no table nowhere in the schema public',
			RELOAD,
		],
		[
			'a count of an unknown table, which has no message',
			{ code: 'PGRST205', message: 'HTTP status 404', status: 404 },
			on('row.select', { table: 'nowhere' }),
			'There is no table nowhere in the schema public',
			RELOAD,
		],
		[
			'a table of another case',
			{ code: 'PGRST205', message: "Could not find the table 'public.events' in the schema cache" },
			on('row.select', { table: 'events' }),
			'There is no table events. There is a table Events: names are case-sensitive.',
			'Choose Events in Table.',
		],
		[
			'a table of a similar name',
			{
				code: 'PGRST205',
				message: "Could not find the table 'public.contact' in the schema cache",
				hint: "Perhaps you meant the table 'public.contacts'",
			},
			on('row.select', { table: 'contact' }),
			'There is no table contact in the schema public',
			'Do you mean contacts?',
		],
		[
			'an unknown schema',
			{
				code: 'PGRST106',
				message: 'Invalid schema: nope',
				hint: 'Only the following schemas are exposed: public, myschema',
			},
			on('row.select'),
			'The schema nope is not exposed',
			'Choose one of public, myschema in Schema',
		],
		[
			'a row that exists already, for Create or Update',
			duplicate,
			on('row.upsert'),
			'A row with email ada@example.org exists already: choose email in Columns to Match On',
			'that row is updated',
		],
		[
			'a row that exists already, for Insert',
			duplicate,
			on('row.insert'),
			'A row with email ada@example.org exists already',
			'Use Create or Update with email in Columns to Match On',
		],
		[
			'a row that exists already, for Update',
			duplicate,
			on('row.update'),
			'A row with email ada@example.org exists already',
			'Give another value',
		],
		[
			'a row that exists already, of a key of two columns',
			{ ...duplicate, details: 'Key (a, b)=(1, 2) already exists.' },
			on('row.update'),
			'A row with a, b 1, 2 exists already',
			'Give another value',
		],
		[
			'a row that exists already, where the role may not know its key',
			{ ...duplicate, details: undefined },
			on('row.insert'),
			'A row like this exists already (constraint contacts_email_key)',
			'Give another value',
		],
		[
			'a value that is nobody’s business',
			{ ...duplicate, details: 'Key (api_key)=(hunter2) already exists.' },
			on('row.update'),
			'A row with api_key like that exists already',
			'Give another value',
		],
		[
			'a value of another type in a filter',
			{ code: '22P02', message: notInteger },
			on(
				'row.select',
				{},
				{ options: { filters: [{ column: 'age', operator: 'eq', value: 'thirty' }] } },
			),
			'"thirty" is no integer (filter on age)',
			'42, without a fraction',
		],
		[
			'a value of another type in a list inside a group',
			{ code: '22P02', message: notInteger },
			on(
				'row.select',
				{},
				{ filters: [{ conditions: [{ column: 'age', operator: 'in', value: [1, 'thirty'] }] }] },
			),
			'"thirty" is no integer (filter on age)',
			'42, without a fraction',
		],
		[
			'a value of another type in a row',
			{ code: '22P02', message: notInteger },
			on('row.insert', {}, { table: { name: 'thirty' }, row: { name: 'x', age: 'thirty' } }),
			'"thirty" is no integer (column age)',
			'42, without a fraction',
		],
		[
			'a value of another type among the arguments',
			{ code: '22P02', message: notInteger },
			on('function.call', {}, { args: { a: 'thirty' } }),
			'"thirty" is no integer (argument a)',
			'42, without a fraction',
		],
		[
			'a value whose place is not known',
			{ code: '22P02', message: notInteger },
			on('row.select', {}, { table: 'thirty' }),
			'"thirty" is no integer',
			'42, without a fraction',
		],
		[
			'an empty text for a number',
			{ code: '22P02', message: 'invalid input syntax for type integer: ""' },
			on('row.insert'),
			'An empty text is no integer',
			'null where there is none',
		],
		[
			'a value of no enum',
			{ code: '22P02', message: 'invalid input value for enum mood: "nope"' },
			on('row.insert', {}, { row: { mood: 'nope' } }),
			'"nope" is none of the values of mood (column mood)',
			': sad, ok.',
		],
		[
			'a date that does not exist',
			{ code: '22008', message: 'date/time field value out of range: "2024-13-45"' },
			on('row.insert', {}, { row: { born: '2024-13-45' } }),
			'"2024-13-45" is no date or time that exists (column born)',
			'2026-01-31',
		],
		[
			'a column without a value',
			{
				code: '23502',
				message: 'null value in column "email" of relation "contacts" violates not-null constraint',
			},
			on('row.insert'),
			'The column email needs a value',
			'Give the item a value',
		],
		[
			'more rows than are to change',
			{
				code: 'PGRST124',
				message: 'Query result exceeds max-affected preference constraint',
				details: 'The query affects 5 rows',
			},
			on('row.update', { 'options.maxAffected': 1 }),
			'5 rows would change, more than Maximum Rows Changed (1). Nothing was changed.',
			'Narrow the filters',
		],
		[
			'a row that refers to none',
			{
				code: '23503',
				message:
					'insert or update on table "cities" violates foreign key constraint "cities_country"',
				details: 'Key (country_id)=(99) is not present in table "countries".',
			},
			on('row.insert'),
			'Table countries has no row that country_id 99 could refer to',
			'Write that row first',
		],
		[
			'a row that others refer to',
			{
				code: '23503',
				message:
					'update or delete on table "countries" violates foreign key constraint "cities_country" on table "cities"',
				details: 'Key (id)=(1) is still referenced from table "cities".',
			},
			on('row.delete'),
			'Rows of table cities still refer to the row with id 1',
			'Delete or change those first',
		],
		[
			'an operator that does not fit',
			{ code: '42883', message: 'operator does not exist: integer ~~ unknown' },
			on('row.select'),
			'The operator does not fit a column of the type integer (Matches Pattern)',
			'Choose another operator',
		],
		[
			'columns that no constraint has',
			{
				code: '42P10',
				message:
					'there is no unique or exclusion constraint matching the ON CONFLICT specification',
			},
			on('row.upsert', { keyColumns: ['name'] }),
			'No unique constraint consists of the columns to match on (name)',
			'ALTER TABLE public.contacts ADD UNIQUE (the_column);',
		],
		[
			'division by zero',
			{ code: '22012', message: 'division by zero' },
			undefined,
			'Something is divided by zero',
			'NULLIF(value, 0)',
		],
		[
			'a pattern that is none',
			{ code: '2201B', message: 'invalid regular expression: parentheses () not balanced' },
			undefined,
			'The pattern is no regular expression: parentheses () not balanced',
			'backslash',
		],
		[
			'a search text that is no query',
			{ code: '42601', message: 'syntax error in tsquery: "a b"' },
			on('row.select', {}, { filters: [{ column: 'content', operator: 'fts', value: 'a b' }] }),
			'The search text "a b" is no query (filter on content)',
			'Text Search (Words)',
		],
		[
			'a view that takes no rows',
			{ code: '55000', status: 500, message: 'cannot insert into view "lab_agg_view"' },
			undefined,
			'The view lab_agg_view cannot be written to',
			'INSTEAD OF trigger',
		],
		[
			'a row that a view does not show',
			{ code: '44000', status: 500, message: 'new row violates check option for view "grown_ups"' },
			undefined,
			'The row would not be seen in the view grown_ups, which takes only what it shows',
			"meet the view's condition",
		],
		[
			'a row that is changed twice',
			{
				code: '21000',
				status: 500,
				message: 'ON CONFLICT DO UPDATE command cannot affect row a second time',
			},
			undefined,
			'Two items are about the same row, which can be changed once only',
			'Remove duplicates',
		],
		[
			'a change of every row',
			{ code: '21000', message: 'UPDATE requires a WHERE clause' },
			undefined,
			'The database changes no rows without a filter',
			'Apply to All Rows',
		],
		[
			'a database that takes no writes',
			{ code: '25006', message: 'cannot execute INSERT in a read-only transaction' },
			on('row.insert'),
			'The database takes no writes at the moment',
			'disk is full',
		],
		[
			'a function that writes where it may only read',
			{ code: '25006', message: 'cannot execute INSERT in a read-only transaction' },
			on('function.call'),
			'The function writes, which a call by Read-Only (GET) cannot',
			'Reading and Writing (POST)',
		],
		[
			'an ambiguous related table',
			{
				code: 'PGRST201',
				message:
					"Could not embed because more than one relationship was found for 'messages' and 'users'",
				hint: "Try changing 'users' to one of the following: 'users!from', 'users!to'. Find the desired relationship in the 'details' key.",
			},
			undefined,
			'messages and users are related in several ways',
			"'users!from', 'users!to'.",
		],
	])('%s', (_, parts, context, title, mend) => {
		const explained = explain(errorOf({ status: 400, ...parts }), context);
		expect(explained.title).toBe(title);
		expect(explained.mend).toContain(mend);
	});

	it('values and lists are cut to what a person reads', () => {
		const long = 'x'.repeat(5_000);
		const { title = '' } = explain(
			errorOf({ code: '22P02', message: `invalid input syntax for type integer: "${long}"` }),
		);
		expect(title).toBe(`"${'x'.repeat(80)}…" is no integer`);
		const wide = {
			tables: [{ name: 't', columns: Array.from({ length: 400 }, (_, n) => column(`c${n}`)) }],
			functions: [],
		};
		const { title: many } = explain(
			errorOf({ code: '42703', message: 'column t.nope does not exist' }),
			{
				operation: 'row.select',
				parameter: (name) => ({ schema: 's', table: 't' })[name],
				description: () => wide,
			},
		);
		expect(many).toMatch(/^Table t has no column "nope"\. It has c0, .*, c14 and 385 more\.$/);
	});

	it('several items say which of them it is, counted from 1', () => {
		const plans = ['1', 'thirty', '3'].map((age, item) => ({ item, plan: { row: { age } } }));
		const { title } = explain(errorOf({ code: '22P02', message: notInteger }), { plans });
		expect(title).toBe('"thirty" is no integer (column age of item 2)');
	});

	it('a value is looked for among the first items only, so that it does not hold up n8n', () => {
		const row = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`c${n}`, n]));
		const plans = Array.from({ length: 150_000 }, (_, item) => ({ item, plan: { row } }));
		const last = { item: 150_000, plan: { row: { c0: 'thirty' } } };
		const { title } = explain(errorOf({ code: '22P02', message: notInteger }), {
			plans: [...plans, last],
		});
		expect(title).toBe('"thirty" is no integer');
	});
});

describe('what row level security refuses names the policy and a line of SQL that mends it', () => {
	const refusedFor = (context: ErrorContext, message = violation) =>
		explain(errorOf({ code: '42501', status: 403, message }), context);

	it.each([
		[
			'row.insert',
			'No policy of table notes lets the role authenticated insert this row',
			'CREATE POLICY "authenticated inserts" ON public.notes FOR INSERT TO authenticated WITH CHECK (true);',
		],
		[
			'row.update',
			'No policy of table notes lets the role authenticated update this row',
			'CREATE POLICY "authenticated updates" ON public.notes FOR UPDATE TO authenticated USING (true) WITH CHECK (true);',
		],
		[
			'row.upsert',
			'No policy of table notes lets the role authenticated insert or update this row',
			'FOR INSERT TO authenticated WITH CHECK (true); CREATE POLICY "authenticated updates"',
		],
	])('%s', (operation, title, sql) => {
		const { title: said, mend } = refusedFor(on(operation));
		expect(said).toBe(title);
		expect(mend).toContain(sql);
		expect(mend).toContain('a policy for SELECT has to let the role read them, too');
	});

	it('to anon, and names are quoted where they have to be', () => {
		const message =
			'new row violates row-level security policy (USING expression) for table "My Notes"';
		const { mend } = refusedFor({ ...on('row.insert', { schema: 'Own' }), role: 'anon' }, message);
		expect(mend).toContain('ON "Own"."My Notes" FOR INSERT TO anon WITH CHECK (true);');
	});

	it.each([
		['row.select', 'read', 'GRANT SELECT ON public.notes TO authenticated;'],
		['row.insert', 'insert into', 'GRANT SELECT, INSERT ON public.notes TO authenticated;'],
		[
			'row.upsert',
			'insert into or update',
			'GRANT SELECT, INSERT, UPDATE ON public.notes TO authenticated;',
		],
		['row.update', 'update', 'GRANT SELECT, UPDATE ON public.notes TO authenticated;'],
		['row.delete', 'delete from', 'GRANT SELECT, DELETE ON public.notes TO authenticated;'],
	])('a right that is missing: %s', (operation, verbs, sql) => {
		const { title, mend } = refusedFor(on(operation), 'permission denied for table notes');
		expect(title).toBe(`The role authenticated has no right to ${verbs} table notes`);
		expect(mend).toContain(sql);
	});

	it.each([
		['function lab_fn', 'GRANT EXECUTE ON FUNCTION lab_fn TO authenticated;'],
		['sequence notes_id_seq', 'GRANT USAGE ON SEQUENCE notes_id_seq TO authenticated;'],
		['schema hidden', 'GRANT USAGE ON SCHEMA hidden TO authenticated;'],
	])('a right to %s', (what, sql) => {
		expect(refusedFor(on('row.insert'), `permission denied for ${what}`).mend).toContain(sql);
	});

	it('without a context it says what it knows', () => {
		const { title, mend } = explain(errorOf({ code: '42501', message: violation }));
		expect(title).toBe('No policy of table notes lets this role write this row');
		expect(mend).toContain('WITH CHECK');
	});
});

describe('where no code is known it goes by the status', () => {
	it.each<[number, string, string]>([
		[401, 'The key or token was not accepted', 'Copy the keys again'],
		[403, 'The key or token has no right to this', 'Copy the keys again'],
		[404, 'Nothing is at that address', 'Check the Project URL'],
		[407, 'The proxy between n8n and the project asks for a name and a password', 'HTTPS_PROXY'],
		[413, 'The request is too large', 'Rows per Request'],
		[429, 'The project turns requests away: there are too many', 'Wait a while'],
		[500, 'The service failed', 'logs'],
		[502, 'The project does not answer its gateway', 'paused, starting'],
		[503, 'The project does not answer its gateway', 'paused, starting'],
		[504, 'The project did not answer its gateway in time', 'Ask for less'],
		[540, 'The project is paused', 'Restore it in the dashboard'],
	])('%d', (status, title, mend) => {
		for (const service of ['rest', 'storage', 'auth'] as const) {
			const error = new SupabaseApiError(service, 'refused', { message: 'm', status });
			const explained = explain(error);
			if (service !== 'storage') expect(explained.title).toBe(title);
			if (service !== 'storage') expect(explained.mend).toContain(mend);
			expect(explained.mend).not.toBe('');
		}
	});

	it('the key that was refused is named', () => {
		const said = (role: ErrorContext['role']) =>
			explain(errorOf({ status: 401, message: 'Invalid API key' }), { role }).title;
		expect(said('service_role')).toBe('The secret key was not accepted');
		expect(said('anon')).toBe('The publishable key was not accepted');
		expect(said('authenticated')).toMatch(/^The access token/);
	});

	it('goes by the code rather than the status', () => {
		expect(explain(errorOf({ status: 401, code: 'PGRST303', message: 'JWT expired' })).title).toBe(
			'The access token has expired',
		);
	});
});

it('a fault of the connection, which says enough itself, gets no other words', () => {
	expect(explain(errorOf({ code: 'ECONNREFUSED', message: 'Nothing listens' }))).toEqual({});
});

/** Those that hold words of a context are asked for above. */
const examples: Array<Partial<ErrorParts>> = [
	{ code: 'PGRST205' },
	{ code: 'PGRST106' },
	{ code: 'PGRST126' },
	{ code: 'PGRST128' },
	{ code: 'PGRST123' },
	{ code: 'PGRST300' },
	{ code: 'PGRST302' },
	{ code: 'PGRST000' },
	{ code: 'PGRST003' },
	{ code: '42P17', message: 'infinite recursion detected in policy for relation "notes"' },
	{ code: '42846', message: 'cannot cast type text to point' },
	{ code: '23P01', message: 'conflicting key value violates exclusion constraint "x"' },
	{ code: '53100', message: 'could not extend file: No space left on device' },
	{ code: '40P01', message: 'deadlock detected' },
	{ code: '55P03', message: 'could not obtain lock on row' },
	{ code: '3F000', message: 'schema "x" does not exist' },
];

it.each(examples)('what no recording holds: %j', (parts) => {
	const { title, mend } = explain(errorOf(parts));
	expect(title).toMatch(/^[A-Z]/);
	expect(mend).toMatch(/^[A-Z].*[.;]$/);
});

it('every advice ends as a sentence does, and its titles do not, unless they are two', () => {
	const all: readonly Advice[] = [...REST.advice, ...GATEWAY.advice];
	for (const { title = 'x', mend } of all) {
		expect(mend).toMatch(/[.;}]$|html$/);
		expect(title).toMatch(/\. .*\.$|[^.]$/);
	}
});
