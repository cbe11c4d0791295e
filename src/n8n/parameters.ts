import type { IBinaryData, IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { InvalidRequestError } from '../api/errors';
import { fileOf } from './binary';
import { fieldOf, fieldsOf, type Field, type Fields } from './field';

/** One item's parameters, each checked as it is read. */
export interface ItemParameters {
	/** The item's own JSON. */
	readonly json: IDataObject;
	/** A parameter, or a part of one as `name.part`. */
	field(name: string): Field;
	/** A member of Options. */
	readonly option: Fields;
	/** As it stands in the workflow, with its expressions unresolved. */
	raw(name: string): unknown;
	/** As it is; `undefined` where the parameter is hidden or left out. */
	value(name: string): unknown;
	/** What an expression gives, told apart where that is null and where it is nothing. */
	orNull(name: string): unknown;
	/** Text without the blanks around it; empty where there is none. */
	text(name: string): string;
	/** Text that must not be empty; a resource locator gives its value. */
	required(name: string): string;
	/** A whole number of 0 or more. */
	wholeNumber(name: string): number;
	boolean(name: string): boolean;
	oneOf<Value extends string>(name: string, values: readonly Value[]): Value | undefined;
	names(name: string): string[];
	/** A collection. */
	object(name: string): IDataObject;
	/** The rows of a fixed collection's group as `name.group`. */
	rows(name: string): IDataObject[];
	/** The item's file that stands in the field which a parameter, or a member of one, names. */
	file(named: string | Field): IBinaryData;
}

/**
 * Reads parameters for each item. What holds no expression is the same for all of them and is read
 * once; what holds one is read once an item: n8n takes time for every read.
 *
 * @param node what n8n calls the node's `execute` with
 * @param properties of the operation, for their labels in error messages
 * @returns a function from an item's index to its parameters; each of them throws
 * `InvalidRequestError` with the parameter's label
 */
export function parameterReader(
	node: IExecuteFunctions,
	properties: readonly INodeProperties[],
): (item: number) => ItemParameters {
	const items = node.getInputData();
	const raws = new Map<string, unknown>();
	const constants = new Map<string, unknown>();
	const propertyOf = new Map(properties.map((property) => [property.name, property]));
	const members = (propertyOf.get('options')?.options ?? []) as INodeProperties[];

	function rawOf(name: string): unknown {
		if (!raws.has(name)) {
			raws.set(name, node.getNodeParameter(name, 0, null, { rawExpressions: true }) ?? undefined);
		}
		return raws.get(name);
	}

	/** An option is there also when its expression gives nothing. */
	function isOption(name: string): boolean {
		const raw = rawOf('options');
		return typeof raw === 'object' && raw !== null && Object.hasOwn(raw, name);
	}

	return (item) => {
		const varying = new Map<string, unknown>();

		function value(name: string): unknown {
			if (constants.has(name)) return constants.get(name);
			if (varying.has(name)) return varying.get(name);
			const kept = holdsExpression(rawOf(name)) ? varying : constants;
			kept.set(name, node.getNodeParameter(name, item, null) ?? undefined);
			return kept.get(name);
		}

		const field = (name: string): Field => {
			const property = propertyOf.get(name);
			const given = rawOf(name) !== undefined;
			return fieldOf(value(name), { label: property?.displayName ?? name, given, property });
		};

		return {
			json: items[item]?.json ?? {},
			field,
			option: (name) => fieldsOf(value('options'), members, isOption)(name),
			raw: rawOf,
			value,
			orNull: (name) => node.getNodeParameter(name, item),
			text: (name) => field(name).text(),
			required: (name) => field(name).required(),
			wholeNumber(name) {
				const label = propertyOf.get(name)?.displayName ?? name;
				const number = fieldOf(value(name), { label, given: true }).wholeNumber();
				return number as number;
			},
			boolean: (name) => field(name).boolean(),
			oneOf: (name, values) => field(name).oneOf(values),
			names: (name) => field(name).names(),
			object: (name) => field(name).object(),
			rows(name) {
				const found = value(name) ?? [];
				if (Array.isArray(found)) return found as IDataObject[];
				const label = propertyOf.get(name)?.displayName ?? name;
				throw new InvalidRequestError(
					`${label} is not a list`,
					`It is ${JSON.stringify(found)?.slice(0, 100)}. If it comes from an expression, check what that gives for this item.`,
				);
			},
			file(named) {
				const from = typeof named === 'string' ? field(named) : named;
				const found = from.value();
				return fileOf(node, item, typeof found === 'object' ? found : from.required());
			},
		};
	};
}

/** As n8n tells them apart; a resource mapper's `schema` is large and never holds one. */
function holdsExpression(value: unknown): boolean {
	if (typeof value === 'string') return value.startsWith('=');
	if (typeof value !== 'object' || value === null) return false;
	return Object.entries(value).some(([key, part]) => {
		const isSchema = key === 'schema' && Array.isArray(part);
		return !isSchema && holdsExpression(part);
	});
}

/** A parameter that may be left empty, but not by an expression that gives nothing. */
export function filledIn(get: ItemParameters, name: string): Field | undefined {
	const raw = get.raw(name);
	return raw === undefined || raw === '' ? undefined : get.field(name);
}
