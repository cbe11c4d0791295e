import type { INodeParameters } from 'n8n-workflow';

import type { ContractCase } from '../case';
import { onRows } from './parameters';

const rows = [
	{ id: 1, name: 'Earth' },
	{ id: 2, mass: 3.5, 'odd name, x': null },
	{ name: 'Mars', tags: ['red', { a: 1 }] },
];
const items = rows.map((json) => ({ json }));

function inserting(table: string, parameters: INodeParameters = {}): INodeParameters {
	return onRows('insert', table, parameters);
}

export const rowInsertCases: ContractCase[] = [
	{
		name: 'row.insert.missingDefault',
		official: (client) => client.from('planets').insert(rows, { defaultToNull: false }).select(),
		ours: { parameters: inserting('planets', { options: { missing: 'default' } }), items },
	},
	{
		name: 'row.insert.ownDefaults',
		official: (client) => client.from('planets').insert(rows).select(),
		ours: { parameters: inserting('planets'), items },
	},
	{
		name: 'row.insert.missingNull',
		official: (client) => client.from('planets').insert(rows).select(),
		ours: { parameters: inserting('planets', { options: { missing: 'null' } }), items },
	},
	{
		name: 'row.insert.minimal',
		official: (client) => client.from('planets').insert(rows),
		ours: {
			parameters: inserting('planets', { options: { missing: 'null', returning: 'minimal' } }),
			items,
		},
	},
	{
		name: 'row.insert.quotes',
		official: (client) =>
			client
				.from('planets')
				.insert([{ 'a "b"': 1 }], { defaultToNull: false })
				.select(),
		ours: {
			parameters: inserting('planets', { options: { missing: 'default' } }),
			items: [{ json: { 'a "b"': 1 } }],
		},
	},
	{
		name: 'row.insert.json',
		official: (client) =>
			client
				.schema('other')
				.from('Order Items')
				.insert([{ a: 1 }, { a: 2 }], { defaultToNull: false })
				.select(),
		ours: {
			parameters: inserting('Order Items', {
				schema: { __rl: true, mode: 'name', value: 'other' },
				rowSource: 'json',
				rowJson: '={{ { a: $json.n } }}',
				options: { missing: 'default' },
			}),
			items: [{ json: { n: 1 } }, { json: { n: 2 } }],
		},
	},
	{
		name: 'row.insert.defineBelow',
		official: (client) =>
			client
				.from('planets')
				.insert([{ id: 1, name: 'planet 1' }], { defaultToNull: false })
				.select(),
		ours: {
			parameters: inserting('planets', {
				columns: {
					mappingMode: 'defineBelow',
					value: { id: '={{ $json.n }}', name: '=planet {{ $json.n }}', mass: null },
					matchingColumns: [],
					schema: [],
				},
				options: { missing: 'default' },
			}),
			items: [{ json: { n: 1 } }],
		},
	},
	{
		name: 'row.insert.chunks',
		async official(client) {
			const planets = () => client.from('planets');
			await planets()
				.insert([{ id: 1 }, { id: 2 }], { defaultToNull: false })
				.select();
			await planets()
				.insert([{ id: 3 }], { defaultToNull: false })
				.select();
		},
		ours: {
			parameters: inserting('planets', { options: { missing: 'default', chunkRows: 2 } }),
			items: [{ json: { id: 1 } }, { json: { id: 2 } }, { json: { id: 3 } }],
		},
	},
];
