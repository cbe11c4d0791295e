import type { ChangeOptions } from '../../src/api/database/change';
import type { Row, Table } from '../../src/api/database/table';
import type { ItemParameters } from '../../src/n8n/parameters';
import { tableOf } from './allowed';
import { conditionsOf, holdsFilters } from './filters';
import { keyColumnsOf } from './keyColumns';
import { returningOf, type WantedBack } from './returning';

export interface ChangePlan {
	readonly table: Table;
	readonly by: 'filters' | 'key';
	/** The key columns that were entered. */
	readonly key: readonly string[];
	/** Meant for every row of the table. */
	readonly allRows: boolean;
	readonly row: Row;
	readonly options: Omit<ChangeOptions, 'allRows'> & WantedBack;
}

/** Reads what update and delete have in common; `row` is what they change, or the item. */
export function changePlan(get: ItemParameters, row: Row): ChangePlan {
	const by = get.oneOf('matchBy', ['filters', 'key']) ?? 'filters';
	return {
		table: tableOf(get),
		by,
		key: by === 'key' ? keyColumnsOf(get) : [],
		allRows: by === 'filters' && get.boolean('applyToAll') && !holdsFilters(get),
		row,
		options: get.once(by === 'filters' ? optionsWithFilters : optionsOf),
	};
}

function optionsOf(get: ItemParameters): ChangePlan['options'] {
	return {
		...returningOf(get),
		filters: [],
		maxAffected: get.option('maxAffected').wholeNumber(1),
	};
}

function optionsWithFilters(get: ItemParameters): ChangePlan['options'] {
	return { ...optionsOf(get), filters: conditionsOf(get) };
}
