import { select, selectColumns, type SelectOptions } from '../../../../src/api/database/select';
import { requestTarget } from '../../../../src/api/request';
import { thrownBy } from '../../thrown';

const table = { schema: 'public', name: 'planets' };

const queryOf = (options: SelectOptions) => {
	const { query = [] } = select(table, options);
	return query.map(([name, value]) => `${name}=${value}`).join('&');
};

it('reads a table of a schema', () => {
	const request = select({ schema: 'other', name: 'Order Items' });
	expect(request).toMatchObject({
		service: 'rest',
		method: 'GET',
		path: ['Order Items'],
		headers: { 'accept-profile': 'other' },
	});
	expect(request.headers).not.toHaveProperty('prefer');
	expect(request.body).toBeUndefined();
	expect(requestTarget(request)).toBe('/Order%20Items?select=*');
});

it.each<[SelectOptions, string]>([
	[{}, 'select=*'],
	[{ columns: '' }, 'select=*'],
	[{ columns: ' id,\n\tname ' }, 'select=id,name'],
	[{ columns: '"full name", x: "a \\" b"' }, 'select="full name",x:"a \\" b"'],
	[{ columns: '*, teams ( name )' }, 'select=*,teams(name)'],
	[{ limit: 0 }, 'select=*&limit=0'],
	[{ limit: 10, offset: 20 }, 'select=*&offset=20&limit=10'],
	[{ order: [{ column: 'name' }] }, 'select=*&order=name.asc'],
	[
		{
			order: [
				{ column: ' name ', descending: true, nulls: 'last' },
				{ column: 'data->>age', nulls: 'first' },
				{ column: 'teams(name)' },
				{ column: '"a,b"' },
			],
		},
		'select=*&order=name.desc.nullslast,data->>age.asc.nullsfirst,teams(name).asc,"a,b".asc',
	],
	[
		{
			filters: [
				{ column: 'id', operator: 'gte', value: 1 },
				{ column: 'id', operator: 'lte', value: 5 },
			],
			conditions: [['id', 'gt.3']],
			limit: 1,
		},
		'select=*&id=gte.1&id=lte.5&id=gt.3&limit=1',
	],
	[
		{
			relations: [
				{ relation: 't2', order: [{ column: 'a' }], limit: 3 },
				{ relation: 't3', offset: 0 },
				{ relation: ' t2 ', order: [{ column: 'b', descending: true }], limit: 3, offset: 1 },
			],
		},
		'select=*&t2.order=a.asc,b.desc&t2.offset=1&t2.limit=3&t3.offset=0',
	],
])('%j becomes %s', (options, query) => expect(queryOf(options)).toBe(query));

it('asks for a count where it is wanted', () => {
	expect(select(table, { count: 'estimated' }).headers).toMatchObject({
		prefer: 'count=estimated',
	});
});

it.each<[SelectOptions, string]>([
	[{ limit: -1 }, 'The limit -1 is not a whole number of 0 or more'],
	[{ limit: 1.5 }, 'The limit 1.5 is not a whole number of 0 or more'],
	[{ limit: NaN }, 'The limit NaN is not a whole number of 0 or more'],
	[{ limit: Infinity }, 'The limit Infinity is not a whole number of 0 or more'],
	[{ offset: -1 }, 'The offset -1 is not a whole number of 0 or more'],
	[{ order: [{ column: ' ' }] }, 'An order has no column'],
	[{ order: [{ column: 'id,name' }] }, '"id,name" is not one column'],
	[{ order: [{ column: 'id.desc' }] }, 'The order "id.desc" holds a direction'],
	[
		{
			relations: [
				{ relation: 't', limit: 1 },
				{ relation: 't', limit: 2 },
			],
		},
		'The limit of "t" is given twice, as 1 and as 2',
	],
	[{ relations: [{ relation: 'a,b', limit: 1 }] }, '"a,b" is not one column'],
	[{ filters: [{ column: '', operator: 'eq', value: 1 }] }, 'A filter has no column'],
])('%j is refused', (options, message) => {
	const error = thrownBy(() => select(table, options));
	expect(error).toMatchObject({ name: 'InvalidRequestError', message });
});

it('selectColumns takes exact names, which select leaves as they are', () => {
	const names = ['id', 'full name', 'a,b', 'say "hi"', 'x:y', 'address->>city'];
	const columns = selectColumns(names);
	expect(columns).toBe('id,"full name","a,b","say \\"hi\\"","x:y","address->>city"');
	expect(queryOf({ columns })).toBe(`select=${columns}`);
});
