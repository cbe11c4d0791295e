import type { IBinaryData, IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { InvalidRequestError } from '../api/errors';
import { fileOf } from './binary';

/** One item's parameters, each checked for its type as it is read. */
export interface ItemParameters {
	/** The item's own JSON. */
	readonly json: IDataObject;
	/** As it is; `undefined` where the parameter is hidden or left out. */
	value(name: string): unknown;
	/** Text without the blanks around it; empty where there is none. */
	text(name: string): string;
	/** Text that must not be empty; a resource locator gives its value. */
	required(name: string): string;
	/** A whole number of 0 or more. */
	wholeNumber(name: string): number;
	boolean(name: string): boolean;
	/** A collection, or the rows of a fixed collection's group as `name.group`. */
	object(name: string): IDataObject;
	rows(name: string): IDataObject[];
	/** The item's file that stands in the field which the parameter names. */
	file(name: string): IBinaryData;
}

/**
 * Reads parameters for each item. What holds no expression is the same for all of them and is read
 * once: n8n takes time for every read.
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
	const constants = new Map<string, unknown>();
	const varying = new Set<string>();
	const label = (name: string) =>
		properties.find((property) => property.name === name)?.displayName ?? name;

	function read(name: string, item: number): unknown {
		if (constants.has(name)) return constants.get(name);
		if (varying.has(name)) return node.getNodeParameter(name, item, null) ?? undefined;
		const raw: unknown = node.getNodeParameter(name, item, null, { rawExpressions: true });
		if (holdsExpression(raw)) varying.add(name);
		else constants.set(name, node.getNodeParameter(name, item, null) ?? undefined);
		return read(name, item);
	}

	return (item) => {
		const value = (name: string) => read(name, item);
		const wrong = (name: string, wanted: string) =>
			new InvalidRequestError(
				`${label(name)} is not ${wanted}`,
				`It is ${describe(value(name))}. If it comes from an expression, check what that gives for this item.`,
			);
		const parameters: ItemParameters = {
			json: items[item]?.json ?? {},
			value,
			text(name) {
				const found = locatorValue(value(name)) ?? '';
				if (typeof found === 'object') throw wrong(name, 'a text');
				return String(found as string | number | boolean).trim();
			},
			required(name) {
				const text = parameters.text(name);
				if (!text)
					throw new InvalidRequestError(`${label(name)} is empty`, `Enter ${label(name)}.`);
				return text;
			},
			wholeNumber(name) {
				const text = parameters.text(name);
				const number = Number(text);
				if (!text || !Number.isSafeInteger(number) || number < 0) {
					throw wrong(name, 'a whole number of 0 or more');
				}
				return number;
			},
			boolean(name) {
				const found = value(name) ?? false;
				if (typeof found === 'boolean') return found;
				if (found === 'true' || found === 'false') return found === 'true';
				throw wrong(name, 'true or false');
			},
			object(name) {
				const found = value(name) ?? {};
				if (typeof found !== 'object' || Array.isArray(found)) throw wrong(name, 'an object');
				return found as IDataObject;
			},
			rows(name) {
				const found = value(name) ?? [];
				if (!Array.isArray(found)) throw wrong(name, 'a list');
				return found as IDataObject[];
			},
			file(name) {
				const found = value(name);
				return fileOf(node, item, typeof found === 'object' ? found : parameters.required(name));
			},
		};
		return parameters;
	};
}

/** The value of a resource locator, or what is not one as it is. */
export function locatorValue(value: unknown): unknown {
	return typeof value === 'object' && value !== null && '__rl' in value
		? (value as { value?: unknown }).value
		: value;
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

function describe(value: unknown): string {
	if (value === undefined || value === null) return 'empty';
	return `${Array.isArray(value) ? 'the list ' : ''}${JSON.stringify(value).slice(0, 100)}`;
}
