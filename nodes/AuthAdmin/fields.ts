import type { INodeProperties } from 'n8n-workflow';

import { InvalidRequestError } from '../../src/api/errors';
import { fieldsOf, type Field, type Fields } from '../../src/n8n/field';
import type { ItemParameters } from '../../src/n8n/parameters';

/** What may be added to a form, by the name of the collection. */
export function collectionOf(
	name: 'additionalFields' | 'updateFields',
	members: INodeProperties[],
): INodeProperties {
	const isUpdate = name === 'updateFields';
	return {
		displayName: isUpdate ? 'Update Fields' : 'Additional Fields',
		name,
		type: 'collection',
		placeholder: isUpdate ? 'Add Field to Update' : 'Add Field',
		default: {},
		...(isUpdate && { description: 'What to change. What is left out stays as it is.' }),
		options: members,
	};
}

/**
 * The members of such a collection. One is there also when its expression gives nothing, and is then
 * refused by its reader.
 *
 * @throws InvalidRequestError where the whole of it comes from an expression that gives no object
 */
export function membersOf(
	get: ItemParameters,
	{ name, displayName, options }: INodeProperties,
): Fields {
	const raw = get.raw(name);
	const value = get.value(name);
	const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
	if (!isObject && typeof raw === 'string') {
		throw new InvalidRequestError(
			`${displayName} is not an object`,
			'If it comes from an expression, check what that gives for this item.',
		);
	}
	const given = new Set(Object.keys(typeof raw === 'object' && raw !== null ? raw : {}));
	return fieldsOf(value, options as INodeProperties[], (each) => given.has(each));
}

const UNITS = { d: 24, w: 7 * 24 } as const;

/**
 * A duration as Auth takes it: Go's form, which has no days.
 *
 * @param field such as `24h`, `1h30m`, `7d`, or `none`
 * @throws InvalidRequestError for anything else
 */
export function banDurationOf(field: Field): string {
	const text = field.required().toLowerCase().replace(/\s+/g, '');
	if (text === 'none') return text;
	const parts = text.match(/\d+(\.\d+)?(ns|us|µs|ms|[smhdw])/g) ?? [];
	if (parts.length > 0 && parts.join('') === text && /[1-9]/.test(text)) {
		return parts
			.map((part) => {
				const unit = UNITS[part.slice(-1) as keyof typeof UNITS];
				return unit ? `${Number.parseFloat(part) * unit}h` : part;
			})
			.join('');
	}
	throw new InvalidRequestError(
		'Ban Duration is not one',
		`It is ${JSON.stringify(text.slice(0, 40))}. Write a number with its unit, such as 24h, 90m or 7d, or none to lift the ban.`,
	);
}
