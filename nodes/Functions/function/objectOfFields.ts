import { InvalidRequestError } from '../../../src/api/errors';
import { objectOf, parseJson } from '../../../src/api/json';

/** A field as n8n's `assignmentCollection` keeps it. */
interface Assignment {
	readonly name?: unknown;
	readonly value?: unknown;
	readonly type?: unknown;
}

/**
 * An object from fields that a person typed, each converted to the type beside it. A field whose
 * expression gives nothing is null.
 *
 * @throws InvalidRequestError for a field without a name, or whose value is not of its type
 */
export function objectOfFields(fields: unknown): Record<string, unknown> {
	if (fields === undefined || fields === null) return {};
	if (!Array.isArray(fields)) throw new InvalidRequestError('Fields is not a list of fields');
	return Object.fromEntries(
		fields.map((field: Assignment) => {
			const { name, value, type } = field;
			if (typeof name !== 'string' || name === '') {
				throw new InvalidRequestError(
					'A field has no name',
					'Give every one of the Fields a name.',
				);
			}
			return [name, typed(name, value, type)] as const;
		}),
	);
}

function typed(name: string, value: unknown, type: unknown): unknown {
	if (value === undefined || value === null) return null;
	const isKnown = typeof type === 'string' && Object.hasOwn(CONVERSIONS, type);
	const found = isKnown ? CONVERSIONS[type as keyof typeof CONVERSIONS](value) : undefined;
	if (found !== undefined) return found;
	throw new InvalidRequestError(
		`The field "${name}" is not of the type ${String(type)}`,
		'Give it another type, or check what its expression gives for this item.',
	);
}

/** Each gives `undefined` for what is not of its type. */
const CONVERSIONS = {
	string: (value: unknown) =>
		typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean),
	number(value: unknown) {
		const number = typeof value === 'string' && !value.trim() ? NaN : Number(value);
		return typeof value !== 'object' && Number.isFinite(number) ? number : undefined;
	},
	boolean(value: unknown) {
		if (value === 'true' || value === 'false') return value === 'true';
		return typeof value === 'boolean' ? value : undefined;
	},
	array(value: unknown) {
		const list = typeof value === 'string' ? parseJson(value) : value;
		return Array.isArray(list) ? (list as unknown[]) : undefined;
	},
	object: (value: unknown) => objectOf(value),
};
