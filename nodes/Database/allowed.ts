import type { DatabaseFunction } from '../../src/api/database/call';
import { embeddedRelations } from '../../src/api/database/embedded';
import type { Table } from '../../src/api/database/table';
import { InvalidRequestError } from '../../src/api/errors';
import type { ItemParameters } from '../../src/n8n/parameters';

/**
 * The table that an item names.
 *
 * @throws InvalidRequestError for one that is not among Allowed Tables
 */
export function tableOf(get: ItemParameters): Table {
	return get.once(tableIn);
}

/**
 * The function that an item names.
 *
 * @throws InvalidRequestError for one that is not among Allowed Functions
 */
export function functionOf(get: ItemParameters): DatabaseFunction {
	return get.once(functionIn);
}

/**
 * Makes sure that a select expression reaches no table that Allowed Tables does not name.
 *
 * @throws InvalidRequestError for a related table that is not among them
 */
export function requireAllowedRelations(get: ItemParameters, columns = ''): void {
	const names = get.option('allowedTables').someNames();
	if (!names) return;
	const schema = get.required('schema');
	for (const name of embeddedRelations(columns)) {
		requireAmong(names, { schema, name }, 'related table');
	}
}

const tableIn = (get: ItemParameters) => allowed(get, 'table', 'allowedTables');
const functionIn = (get: ItemParameters) => allowed(get, 'function', 'allowedFunctions');

interface Named {
	readonly schema: string;
	readonly name: string;
}

function allowed(get: ItemParameters, parameter: string, option: string): Named {
	const found = { schema: get.required('schema'), name: get.required(parameter) };
	const names = get.option(option).someNames();
	if (names) requireAmong(names, found, parameter);
	return found;
}

function requireAmong(names: readonly string[], { schema, name }: Named, what: string): void {
	const isThis = (each: Named) => each.schema === schema && each.name === name;
	if (names.map(readName).some(isThis)) return;
	throw new InvalidRequestError(
		`The ${what} "${schema === PUBLIC ? name : `${schema}.${name}`}" is not among those that this node may use`,
		`Use one of ${names.join(', ')}, or change the allowed ones in Options.`,
	);
}

const PUBLIC = 'public';

const PART = String.raw`"(?:\\.|[^"\\])+"|[^".]+`;
const NAME = new RegExp(`^(?:(${PART})\\.)?(${PART})$`, 's');

/** `schema.name`, or a name alone of the schema `public`; each may stand between double quotes. */
function readName(text: string): Named {
	const [, schema = PUBLIC, name] = NAME.exec(text) ?? [];
	if (name !== undefined) return { schema: bare(schema), name: bare(name) };
	throw new InvalidRequestError(
		`"${text}" among the allowed ones is no name`,
		'Write a name, or schema.name. One that holds a dot stands between double quotes.',
	);
}

function bare(part: string): string {
	return part.startsWith('"') ? part.slice(1, -1).replace(/\\(.)/gs, '$1') : part.trim();
}
