import { bulkDelete, requiredKey } from '../../../src/api/database/bulkChange';
import { deleteRows } from '../../../src/api/database/change';
import { operation } from '../../../src/n8n/operation';
import { schema, table } from '../../../src/n8n/tableFields';
import {
	applyToAll,
	applyToAllNotice,
	byFilters,
	byMatch,
	changeOptions,
	deleteKeyColumns,
	matchBy,
} from '../changeFields';
import { changePlan, type ChangePlan } from '../changePlan';
import { changing, checkPlan, type Change } from '../changing';

const change: Change = {
	build: (plan, options) => deleteRows(plan.table, options),
	bulk: bulkDelete,
	check: requiredKey,
	setsColumns: false,
};

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
		deleteKeyColumns,
		byFilters,
		byMatch,
		applyToAll,
		applyToAllNotice,
		changeOptions,
	],
	compile: (get) => checkPlan(changePlan(get, get.json), change),
	execute: changing(change),
});
