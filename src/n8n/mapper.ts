import {
	validateFieldType,
	type IDataObject,
	type IExecuteFunctions,
	type ResourceMapperField,
} from 'n8n-workflow';

import { holdsExpression, isExpression } from './expressions';
import { UNREAD, type ReadField } from './itemFields';

/** Reads an item's values of a resource mapper by column, null and nothing told apart. */
export type ReadMapper = (item: number) => IDataObject;

/**
 * Reads the values of a resource mapper: each expression once. n8n itself gives nothing for null, so
 * that null has to be asked for once more.
 *
 * Values are checked and converted as n8n does it, by its own function. Where it refuses one, or an
 * expression fails, n8n is asked for the whole, whose error says what is wrong.
 *
 * @param name of the parameter
 * @param raw the mapper as it stands in the workflow
 * @param whole the values as n8n resolves them together
 */
export function mapperReader(
	node: IExecuteFunctions,
	name: string,
	raw: unknown,
	readField: ReadField,
	whole: ReadMapper,
): ReadMapper {
	const { value, schema } = Object(raw) as { value?: unknown; schema?: unknown };
	const given = typeof value === 'object' && !Array.isArray(value) ? (value ?? {}) : {};
	const fields = fieldsById(schema);
	const columns = Object.entries(given).map(([column, entry]: [string, unknown]) => ({
		column,
		entry,
		field: fields.get(column),
	}));
	const isReadable = columns.length > 0 && columns.every(({ entry }) => standsAlone(entry));

	const evaluated = (column: string, item: number) =>
		withoutDate(node.getNodeParameter(`${name}["value"][${JSON.stringify(column)}]`, item));

	function byColumn(item: number): IDataObject | undefined {
		const values: IDataObject = {};
		for (const { column, entry, field } of columns) {
			const read = isExpression(entry) ? readField(entry, item) : entry;
			const checked = checkedBy(field, read === UNREAD ? evaluated(column, item) : read);
			if (checked === UNREAD) return undefined;
			values[column] = checked as IDataObject[string];
		}
		return values;
	}

	function together(item: number): IDataObject {
		const values = whole(item);
		for (const { column, entry } of columns) {
			const isNothing = (values[column] ?? undefined) === undefined;
			if (isNothing && isExpression(entry)) {
				values[column] = evaluated(column, item) as IDataObject[string];
			}
		}
		return values;
	}

	return (item) => {
		if (!isReadable) return together(item);
		try {
			return byColumn(item) ?? together(item);
		} catch {
			return together(item);
		}
	};
}

/** What n8n evaluates by itself as among the others: those see each other by `$parameter["&…"]`. */
function standsAlone(entry: unknown): boolean {
	return isExpression(entry) ? !entry.includes('$parameter') : !holdsExpression(entry);
}

function fieldsById(schema: unknown): ReadonlyMap<string, ResourceMapperField> {
	const fields = new Map<string, ResourceMapperField>();
	for (const field of Array.isArray(schema) ? (schema as ResourceMapperField[]) : []) {
		if (!fields.has(field.id)) fields.set(field.id, field);
	}
	return fields;
}

/** As n8n has dates among other values. */
function withoutDate(value: unknown): unknown {
	const isDate = typeof value === 'object' && value !== null && 'isLuxonDateTime' in value;
	return isDate ? String(value as unknown as string) : value;
}

/** @returns `UNREAD` for what n8n refuses */
function checkedBy(field: ResourceMapperField | undefined, value: unknown): unknown {
	if (!field) return value;
	const { id, type, options, required } = field;
	if (value === undefined || value === null) {
		return required && type !== 'boolean' ? UNREAD : value;
	}
	if (!type) return value;
	const checked = validateFieldType(id, value, type, { valueOptions: options });
	return checked.valid ? checked.newValue : UNREAD;
}
