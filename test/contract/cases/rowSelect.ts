import { select } from '../../../src/api/database/select';
import type { ContractCase } from '../case';
import { condition, filtering, named, selecting } from './parameters';

const planets = {
	definitions: {
		planets: {
			properties: {
				id: {
					type: 'integer',
					format: 'bigint',
					description: 'Note:\nThis is a Primary Key.<pk/>',
				},
			},
		},
	},
};

const page = (...ids: number[]) => ({
	to: '/rest/v1/planets',
	body: ids.map((id) => ({ id })),
});

export const rowSelectCases: ContractCase[] = [
	{
		name: 'row.select',
		official: (client) => client.from('planets').select().limit(50),
		ours: { parameters: selecting('planets') },
	},
	{
		name: 'row.select.columns',
		official: (client) => client.from('planets').select('id,name').limit(50),
		ours: {
			parameters: selecting('planets', { columnsMode: 'list', columnList: ['id', 'name'] }),
		},
	},
	{
		name: 'row.select.expression',
		official: (client) =>
			client
				.from('planets')
				.select(
					`pid:id, mass::text,
					"weird col, x", city:address->>city,
					moons!inner(count)`,
				)
				.limit(50),
		ours: {
			parameters: selecting('planets', {
				columnsMode: 'expression',
				columnExpression: `pid:id, mass::text,
					"weird col, x", city:address->>city,
					moons!inner(count)`,
			}),
		},
	},
	{
		name: 'row.select.schemaAndSpace',
		official: (client) => client.schema('other').from('Order Items').select().limit(50),
		ours: { parameters: selecting('Order Items', { schema: named('other') }) },
	},
	{
		name: 'row.select.filter.several',
		official: (client) =>
			client
				.from('users')
				.select()
				.gte('id', 1)
				.lte('id', 5)
				.eq('address->>city', 'Graz')
				.eq('teams.name', 'Red')
				.limit(50),
		ours: {
			parameters: selecting(
				'users',
				filtering(
					condition('id', 'gte', '1'),
					condition('id', 'lte', '5'),
					condition('address->>city', 'eq', 'Graz'),
					condition('teams.name', 'eq', 'Red'),
				),
			),
		},
	},
	{
		name: 'row.select.order',
		official: (client) =>
			client
				.from('planets')
				.select()
				.order('mass', { ascending: false, nullsFirst: false })
				.order('name', { nullsFirst: true })
				.order('id')
				.limit(7),
		ours: {
			parameters: selecting('planets', {
				order: {
					by: [
						{ column: named('mass'), direction: 'desc', nulls: 'last' },
						{ column: named('name'), nulls: 'first' },
						{ column: named('id') },
					],
				},
				limit: 7,
			}),
		},
	},
	{
		name: 'row.select.all',
		async official(client) {
			const read = () => client.from('planets').select('*');
			await read().order('id').limit(1000);
			await read().gt('id', 2).order('id').limit(1000);
			await read().gt('id', 4).order('id').limit(1000);
		},
		ours: { parameters: selecting('planets', { returnAll: true }) },
		answers: [{ to: '/rest/v1/', body: planets }, page(1, 2), page(3, 4), page()],
	},
	{
		name: 'builder.select.offset',
		official: (client) => client.from('planets').select().range(20, 29),
		ours: () => [select({ schema: 'public', name: 'planets' }, { offset: 20, limit: 10 })],
	},
];
