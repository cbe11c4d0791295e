import { exactColumns } from '../../src/api/database/exactNumbers';
import type { Table } from '../../src/api/database/table';
import { InvalidRequestError } from '../../src/api/errors';
import type { Run } from '../../src/n8n/operation';

/**
 * A select expression by which numbers come as text that JavaScript would round.
 *
 * @param columns a select expression; all columns unless given
 * @throws InvalidRequestError where the table's columns are not known
 */
export async function exactlyRead(
	{ schema, name }: Table,
	columns: string | undefined,
	run: Run,
): Promise<string> {
	const known = await run.columns(schema, name);
	if (known.length > 0) return exactColumns(known, columns);
	throw new InvalidRequestError(
		"The table's columns are not known, so Exact Numbers cannot be given",
		'Cast them in a select expression instead: id::text.',
	);
}
