import { bulkDelete } from '../../../src/api/database/bulkChange';
import { deleteRows, type ChangeOptions } from '../../../src/api/database/change';
import { operation } from '../../../src/n8n/operation';
import {
	applyToAll,
	applyToAllNotice,
	byFilters,
	byKeyColumns,
	byMatch,
	changeOptions,
	changePlan,
	changing,
	checkPlan,
	matchBy,
	type ChangePlan,
} from '../changing';
import { schema, table } from '../fields';

const build = (plan: ChangePlan, options: ChangeOptions) => deleteRows(plan.table, options);

export const deleteMatchingRows = operation<ChangePlan>({
	name: 'Delete',
	value: 'delete',
	action: 'Delete rows',
	description: 'Delete the rows that meet filters, or the row with the key of each item',
	writes: ['row', 'deleted'],
	parameters: [
		schema,
		table,
		matchBy,
		byKeyColumns,
		byFilters,
		byMatch,
		applyToAll,
		applyToAllNotice,
		changeOptions,
	],
	compile: (get) => checkPlan(changePlan(get, get.json), build),
	execute: changing({ build, bulk: bulkDelete }),
});
