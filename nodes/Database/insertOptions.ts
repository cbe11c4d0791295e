import type { INodeProperties } from 'n8n-workflow';

import type { BulkInsertOptions } from '../../src/api/database/bulkInsert';
import type { ItemParameters } from '../../src/n8n/parameters';
import { requestOptions } from '../../src/n8n/requestOptions';
import { allowedTables } from './fields';
import { dryRun, returningOf, returningOptions, type WantedBack } from './returning';

/** Among the Options of insert and upsert. */
export const insertOptions: readonly INodeProperties[] = [
	...returningOptions,
	{
		displayName: 'All or Nothing',
		name: 'allOrNothing',
		type: 'boolean',
		default: false,
		description:
			'Whether to write all rows in one request and one transaction. One bad row then keeps all of them out.',
	},
	{
		displayName: 'Missing Columns',
		name: 'missing',
		type: 'options',
		options: [
			{ name: 'Take Their Default', value: 'default' },
			{ name: 'Become NULL', value: 'null' },
		],
		default: 'default',
		description:
			'What a column of a new row becomes that this item leaves out and others name. Where a row is updated, it stays as it is.',
	},
	dryRun,
	allowedTables,
	{
		displayName: 'Rows per Request',
		name: 'chunkRows',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 1000,
		displayOptions: { hide: { allOrNothing: [true] } },
		description:
			'How many rows are sent at once. Each request is a transaction of its own. Above the row cap of the project, written rows do not all come back.',
	},
	...requestOptions,
];

/** What insert and upsert have in common. */
export interface InsertSettings {
	readonly options: WantedBack & Pick<BulkInsertOptions, 'missingDefault' | 'chunkRows'>;
	/** All items are written in one transaction, or none. */
	readonly allOrNothing: boolean;
}

export function insertSettingsOf(get: ItemParameters): InsertSettings {
	return get.once(insertSettingsIn);
}

function insertSettingsIn(get: ItemParameters): InsertSettings {
	const allOrNothing = get.option('allOrNothing').boolean();
	const missing = get.option('missing').oneOf(['default', 'null']);
	const chunkRows = get.option('chunkRows').wholeNumber(1);
	return {
		allOrNothing,
		options: {
			...returningOf(get),
			missingDefault: missing !== 'null',
			chunkRows: allOrNothing ? Infinity : chunkRows,
		},
	};
}
