import { InvalidRequestError } from '../../../src/api/errors';
import {
	CAPTURED_EVENTS,
	type CapturedTable,
	type DurablePlan,
} from '../../../src/api/queues/plan';
import { durableSql, functionsSql, uninstallSql } from '../../../src/api/queues/sql/durable';
import { eachItem, outputs } from '../../../src/n8n/each';
import type { Fields } from '../../../src/n8n/field';
import { operation } from '../../../src/n8n/operation';
import { filledIn, type ItemParameters } from '../../../src/n8n/parameters';
import { getSqlParameters, PURPOSES } from './fields';

export const getSql = operation<{ readonly sql: string }>({
	name: 'Get SQL',
	value: 'getSql',
	action: 'Get the SQL for durable delivery',
	description:
		'Get the SQL that sends changes, sign-ups and files to a queue, for the SQL editor of the project',
	anyKey: true,
	parameters: getSqlParameters,
	compile: (get) => ({ sql: sqlOf(get) }),
	execute: eachItem(async ({ plan: { sql } }) => await Promise.resolve(outputs([{ sql }]))),
});

function sqlOf(get: ItemParameters): string {
	// Never taken for everything where an expression gives nothing.
	const purpose = get.oneOf('purpose', PURPOSES) ?? 'install';
	if (purpose === 'uninstallAll') return uninstallSql();
	if (purpose === 'functions') return functionsSql();
	const queue = get.required('queue');
	return purpose === 'uninstall' ? uninstallSql(queue) : durableSql(planOf(get, queue));
}

function planOf(get: ItemParameters, queue: string): DurablePlan {
	const buckets = filledIn(get, 'buckets')?.someNames();
	return {
		queue,
		tables: get
			.field('tables')
			.collections('table')
			.map(tableIn(get.raw('tables'))),
		users: get.boolean('users'),
		files: get.boolean('files') ? { ...(buckets && { buckets }) } : undefined,
	};
}

/** @param raw what stands in the form: a list of columns that an expression leaves empty is refused */
function tableIn(raw: unknown) {
	const forms = (raw as { table?: Array<{ omit?: unknown }> } | undefined)?.table;
	return (row: Fields, index: number): CapturedTable => {
		const isLeftEmpty = (forms?.[index]?.omit ?? '') === '' && forms !== undefined;
		return {
			schema: row('schema').required(),
			name: row('table').required(),
			events: row('events').names().map(eventNamed),
			omit: isLeftEmpty ? undefined : row('omit').someNames(),
			bulk: row('bulk').boolean(),
		};
	};
}

function eventNamed(name: string): (typeof CAPTURED_EVENTS)[number] {
	const found = CAPTURED_EVENTS.find((event) => event === name);
	if (found) return found;
	throw new InvalidRequestError(
		`"${name}" is no event of a table`,
		`Choose from ${CAPTURED_EVENTS.join(', ')}.`,
	);
}
