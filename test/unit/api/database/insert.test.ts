import { totalCount } from '../../../../src/api/database/contentRange';
import { insert, type InsertOptions } from '../../../../src/api/database/insert';

const table = { schema: 'other', name: 'Order Items' };
const body = '[{"id":1}]';

const inserting = (options: Partial<InsertOptions> = {}) =>
	insert(table, body, { columns: ['id'], returning: 'minimal', ...options });

it('writes to a table of a schema', () => {
	const request = inserting();
	expect(request).toMatchObject({
		service: 'rest',
		method: 'POST',
		path: ['Order Items'],
		headers: {
			'content-profile': 'other',
			'content-type': 'application/json',
			prefer: 'return=minimal',
		},
		query: [['columns', '"id"']],
		body,
	});
	expect(request.headers).not.toHaveProperty('accept-profile');
	// Sent twice it would write twice.
	expect(request.repeatable).toBeFalsy();
});

it('quotes every column', () => {
	const columns = ['id', 'full name', 'a,b', 'say "hi"', 'back\\slash'];
	expect(inserting({ columns }).query).toEqual([
		['columns', '"id","full name","a,b","say \\"hi\\"","back\\\\slash"'],
	]);
});

const preferences = (options: Partial<InsertOptions>) =>
	inserting(options)
		.headers?.prefer?.split(',')
		.map((text) => text.trim())
		.sort();

it.each<[Partial<InsertOptions>, string[]]>([
	[{ returning: 'representation' }, ['return=representation']],
	[{ missingDefault: true }, ['missing=default', 'return=minimal']],
	[{ missingDefault: false }, ['return=minimal']],
	[{ count: 'exact' }, ['count=exact', 'return=minimal']],
])('prefers as %j says', (options, wanted) => expect(preferences(options)).toEqual(wanted));

it('selects what to give back, and nothing where nothing comes back', () => {
	const given = inserting({ returning: 'representation', returnColumns: 'id, name' });
	expect(given.query).toContainEqual(['select', 'id,name']);
	expect(inserting({ returning: 'representation' }).query).toContainEqual(['select', '*']);
	expect(inserting({ returnColumns: 'id' }).query).toEqual([['columns', '"id"']]);
});

it.each([
	['0-24/3573458', 3573458],
	['*/0', 0],
	['0-24/*', undefined],
	['*/*', undefined],
	['', undefined],
	[undefined, undefined],
])('reads the total of %j', (range, total) => {
	expect(totalCount(range === undefined ? {} : { 'content-range': range })).toBe(total);
});
