import { bulkUpdate, requireChanges, requiredKey } from '../../../src/api/database/bulkChange';
import { update } from '../../../src/api/database/change';
import { operation } from '../../../src/n8n/operation';
import { schema, table } from '../../../src/n8n/tableFields';
import {
	applyToAll,
	applyToAllNotice,
	byFilters,
	byMatch,
	changeOptions,
	matchBy,
	updateKeyColumns,
} from '../changeFields';
import { changePlan, type ChangePlan } from '../changePlan';
import { changing, checkPlan, type Change } from '../changing';
import { CHANGES, changeFields } from '../rowFields';
import { rowReader } from '../rows';

const change: Change = {
	build: (plan, options) => update(plan.table, plan.row, options),
	bulk: bulkUpdate,
	check(row, key) {
		requiredKey(row, key);
		requireChanges(row, key);
	},
	setsColumns: true,
};

const rowOfChanges = rowReader(CHANGES);

export const updateRows = operation<ChangePlan>({
	name: 'Update',
	value: 'update',
	action: 'Update rows',
	description: 'Change the rows that meet filters, or the row with the key of each item',
	writes: ['row', 'changed'],
	parameters: [
		schema,
		table,
		matchBy,
		updateKeyColumns,
		byFilters,
		byMatch,
		applyToAll,
		applyToAllNotice,
		...changeFields,
		changeOptions,
	],
	compile: (get) => checkPlan(changePlan(get, rowOfChanges(get)), change),
	execute: changing(change),
});
