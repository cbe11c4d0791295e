import { parseColumn } from '../../src/api/database/column';
import type { Condition } from '../../src/api/database/filters';
import { sentForms } from '../../src/api/database/keyForms';
import type { Row, Table } from '../../src/api/database/table';
import type { Carrying } from '../../src/n8n/each';
import type { Job } from '../../src/n8n/operation';

interface Plan {
	readonly table: Table;
	readonly row: Row;
	readonly options: { readonly filters: readonly Condition[] };
}

/**
 * How items are carried out that change what their filters meet: in their order, but those side by
 * side that cannot meet the same row, as each of them asks for another value of one column.
 *
 * @param setsColumns what the rows hold is set, and may bring a row into another item's filters
 */
export function carryingOf<P extends Plan>(
	jobs: ReadonlyArray<Job<P>>,
	setsColumns: boolean,
): Carrying<P> {
	const [first] = jobs;
	const candidates = first ? [...equalsOf(first.plan).keys()] : [];
	const column = candidates.find((each) =>
		jobs.every(
			({ plan }) => equalsOf(plan).has(each) && !(setsColumns && Object.hasOwn(plan.row, each)),
		),
	);
	if (column === undefined) return { width: 1 };
	return {
		targetsOf: ({ plan }) =>
			sentForms(equalsOf(plan).get(column)).map((form) => JSON.stringify([plan.table, form])),
	};
}

const known = new WeakMap<Plan, ReadonlyMap<string, unknown>>();

/** The columns that have to equal a value, whatever else is asked. */
function equalsOf(plan: Plan): ReadonlyMap<string, unknown> {
	const found = known.get(plan) ?? new Map(plan.options.filters.flatMap(equality));
	known.set(plan, found);
	return found;
}

function equality(condition: Condition): Array<readonly [column: string, value: unknown]> {
	if (!('operator' in condition) || condition.operator !== 'eq' || condition.negate) return [];
	const { relations, name, path } = parseColumn(condition.column);
	return relations.length || path.length ? [] : [[name, condition.value]];
}
