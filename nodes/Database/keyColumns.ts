import type { INodeProperties } from 'n8n-workflow';

import { InvalidRequestError } from '../../src/api/errors';
import { textOf } from '../../src/n8n/each';
import type { Run } from '../../src/n8n/operation';
import type { ItemParameters } from '../../src/n8n/parameters';
import type { Table } from '../../src/api/database/table';

/** Columns of the table, chosen from the list. */
export function columnNames(displayName: string, name: string): INodeProperties {
	return {
		displayName,
		name,
		type: 'multiOptions',
		typeOptions: {
			loadOptionsMethod: 'getColumns',
			loadOptionsDependsOn: ['schema.value', 'table.value'],
		},
		default: [],
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	};
}

/** The columns that tell rows apart. */
export const keyColumnFields: INodeProperties = columnNames('Key Columns', 'keyColumns');

/** The columns that a person entered as the key; none where the primary key is meant. */
export function keyColumnsOf(get: ItemParameters): readonly string[] {
	return get.once(keyColumnsIn);
}

const keyColumnsIn = (get: ItemParameters) => get.names('keyColumns').map(unquoted);

/** The list gives odd names in quotes, since it serves expressions, too. */
export function unquoted(name: string): string {
	return /^".*"$/s.test(name) ? name.slice(1, -1).replace(/\\(.)/gs, '$1') : name;
}

/** A table, and the columns that were entered to tell its rows apart. */
interface Keyed {
	readonly table: Table;
	readonly key: readonly string[];
}

/**
 * The columns that were entered, or the primary key.
 *
 * @param field where they are entered
 * @throws InvalidRequestError where neither is known
 */
export async function keyOf(
	{ table: { schema, name }, key }: Keyed,
	run: Run,
	field: string,
): Promise<readonly string[]> {
	if (key.length) return key;
	const primary = await run.primaryKey(schema, name);
	if (primary.length) return primary;
	const columns = await run.columns(schema, name);
	throw new InvalidRequestError(
		columns.length
			? `The table ${name} has no primary key`
			: `The table's primary key is not known`,
		`Enter the columns that tell its rows apart in ${field}.`,
	);
}

/** The same, looked up once for each table; at once where it is known. */
export function keyFinder(
	run: Run,
	field: string,
): (keyed: Keyed) => readonly string[] | Promise<readonly string[]> {
	const known = new Map<string, readonly string[]>();
	const lookUp = async (keyed: Keyed, text: string) => {
		const key = await keyOf(keyed, run, field);
		known.set(text, key);
		return key;
	};
	return (keyed) => {
		if (keyed.key.length) return keyed.key;
		const text = textOf(keyed.table);
		return known.get(text) ?? lookUp(keyed, text);
	};
}
