import type { INodeProperties } from 'n8n-workflow';

import type { Returning } from '../../src/api/database/insert';
import type { Modifiers } from '../../src/api/database/modifiers';
import type { Table } from '../../src/api/database/table';
import type { Run } from '../../src/n8n/operation';
import type { ItemParameters } from '../../src/n8n/parameters';
import { requireAllowedRelations } from './allowed';
import { exactlyRead } from './exactNumbers';
import { explainOf, planDetails, rollsBack } from './plan';

const withRows = { hide: { returning: ['minimal'] } };

/** Among the Options of every write. */
export const returningOptions: readonly INodeProperties[] = [
	{
		displayName: 'Return',
		name: 'returning',
		type: 'options',
		options: [
			{ name: 'Rows', value: 'representation', description: 'The rows as they are now' },
			{
				name: 'Nothing',
				value: 'minimal',
				description: 'Faster, and needs no right to read the table',
			},
			{
				name: 'Query Plan',
				value: 'plan',
				description: 'What EXPLAIN says; nothing is written. It has to be switched on.',
			},
		],
		default: 'representation',
	},
	{ ...planDetails, displayOptions: { show: { returning: ['plan'] } } },
	{
		displayName: 'Return Columns',
		name: 'returnColumns',
		type: 'string',
		default: '',
		placeholder: 'e.g. ID, name, country:countries(name)',
		displayOptions: withRows,
		description: 'What of the rows to return, as a select expression. All columns if empty.',
	},
	{
		displayName: 'Exact Numbers',
		name: 'exactNumbers',
		type: 'boolean',
		default: false,
		displayOptions: withRows,
		description:
			'Whether to return bigint and numeric columns as text, since large numbers lose digits otherwise',
	},
];

export const dryRun: INodeProperties = {
	displayName: 'Dry Run',
	name: 'dryRun',
	type: 'boolean',
	default: false,
	description:
		'Whether to roll the write back in the end. Refused where the server does not allow it (db-tx-end), as hosted projects do not by default.',
};

/** What a write gives back, as the person wants it. */
export interface WantedBack extends Returning, Pick<Modifiers, 'explain' | 'dryRun'> {
	/** Numbers that JavaScript would round come as text. */
	readonly exactNumbers: boolean;
}

export function returningOf(get: ItemParameters): WantedBack {
	return get.once(returningIn);
}

function returningIn(get: ItemParameters): WantedBack {
	const { option } = get;
	const form = option('returning').oneOf(['representation', 'minimal', 'plan']);
	const details = option('planDetails').names();
	const explain = form === 'plan' ? explainOf(details) : undefined;
	const returnColumns = option('returnColumns').text() || undefined;
	requireAllowedRelations(get, returnColumns);
	return {
		explain,
		dryRun: option('dryRun').boolean() || (explain !== undefined && rollsBack(details)),
		returning: form === 'minimal' ? 'minimal' : 'representation',
		returnColumns,
		exactNumbers: option('exactNumbers').boolean(),
	};
}

/**
 * The same options with the columns to return written out, where numbers are to be exact.
 *
 * @throws InvalidRequestError where the table's columns are not known
 */
export async function withExactNumbers<Options extends WantedBack>(
	table: Table,
	options: Options,
	run: Run,
): Promise<Options> {
	if (!options.exactNumbers || options.returning === 'minimal' || options.explain) return options;
	return { ...options, returnColumns: await exactlyRead(table, options.returnColumns, run) };
}
