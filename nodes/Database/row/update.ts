import { bulkUpdate } from '../../../src/api/database/bulkChange';
import { update, type ChangeOptions } from '../../../src/api/database/change';
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
import { CHANGES, changeFields, rowOf } from '../rows';

const build = (plan: ChangePlan, options: ChangeOptions) => update(plan.table, plan.row, options);

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
		byKeyColumns,
		byFilters,
		byMatch,
		applyToAll,
		applyToAllNotice,
		...changeFields,
		changeOptions,
	],
	compile: (get) => checkPlan(changePlan(get, rowOf(get, CHANGES)), build),
	execute: changing({ build, bulk: bulkUpdate }),
});
