import type { IBinaryData, IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { InvalidRequestError } from '../api/errors';
import { fileOf } from './binary';
import { holdsExpression, resolvedBy } from './expressions';
import { fieldOf, fieldsOf, type Field, type Fields } from './field';
import { itemFields, UNREAD } from './itemFields';
import { mapperReader, type ReadMapper } from './mapper';

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
	/** The values of a resource mapper by column: null from an expression is null. */
	mapped(name: string): IDataObject;
	/**
	 * What a function reads, kept for all items where it reads nothing that differs between them.
	 *
	 * @param read the same function each time
	 */
	once<Value>(read: (get: ItemParameters) => Value): Value;
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
	const constantFields = new Map<string, Field>();
	const constantOptions = new Map<string, Field>();
	const readers = new Map<string, ReadItem | undefined>();
	const mappers = new Map<string, ReadMapper>();
	const kept = new Map<unknown, unknown>();
	const readField = itemFields(node);
	const propertyOf = new Map(properties.map((property) => [property.name, property]));
	const members = (propertyOf.get('options')?.options ?? []) as INodeProperties[];
	/** Whether something was read that may be another for the next item. */
	let differs = false;

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

	const asked = (name: string, item: number): unknown =>
		node.getNodeParameter(name, item, null) ?? undefined;

	/** Reads what holds an expression; nothing for what is the same for all items. */
	function readerOf(name: string): ReadItem | undefined {
		if (readers.has(name)) return readers.get(name);
		const raw = rawOf(name);
		const property = propertyOf.get(name.split(/[.[]/)[0] ?? '');
		const isPlain = property && !isConverted(property);
		const ofN8n: ReadItem = (item) => asked(name, item);
		const ofFields: ReadItem = (item) => {
			const found = fromFields(raw, item);
			return found === UNREAD ? asked(name, item) : (found ?? undefined);
		};
		readers.set(name, holdsExpression(raw) ? (isPlain ? ofFields : ofN8n) : undefined);
		return readers.get(name);
	}

	/** @returns `UNREAD` where n8n has to be asked */
	function fromFields(raw: unknown, item: number): unknown {
		let isRead = true;
		const value = resolvedBy(raw, (expression) => {
			const found = isRead ? readField(expression, item) : UNREAD;
			isRead &&= found !== UNREAD;
			return found;
		});
		return isRead ? value : UNREAD;
	}

	/** Made for each item: its methods are made once for all. */
	class Item implements ItemParameters {
		private varying: Map<string, unknown> | undefined;

		/** Is also handed on by itself. */
		readonly option: Fields = (name) => this.member(name);

		constructor(private readonly index: number) {}

		get json() {
			differs = true;
			return items[this.index]?.json ?? {};
		}

		raw(name: string) {
			return rawOf(name);
		}

		value(name: string): unknown {
			if (constants.has(name)) return constants.get(name);
			const read = readerOf(name);
			if (!read) {
				constants.set(name, asked(name, this.index));
				return constants.get(name);
			}
			differs = true;
			this.varying ??= new Map();
			if (!this.varying.has(name)) this.varying.set(name, read(this.index));
			return this.varying.get(name);
		}

		field(name: string): Field {
			const known = constantFields.get(name);
			if (known) return known;
			const property = propertyOf.get(name);
			const given = rawOf(name) !== undefined;
			const about = { label: property?.displayName ?? name, given, property };
			const found = fieldOf(this.value(name), about);
			if (constants.has(name)) constantFields.set(name, found);
			return found;
		}

		private member(name: string): Field {
			const known = constantOptions.get(name);
			if (known) return known;
			const found = fieldsOf(this.value('options'), members, isOption)(name);
			if (constants.has('options')) constantOptions.set(name, found);
			return found;
		}

		mapped(name: string): IDataObject {
			differs ||= holdsExpression(rawOf(name));
			const whole = (item: number) => ({ ...new Item(item).object(`${name}.value`) });
			const read = mappers.get(name) ?? mapperReader(node, name, rawOf(name), readField, whole);
			mappers.set(name, read);
			return read(this.index);
		}

		once<Value>(read: (get: ItemParameters) => Value): Value {
			if (kept.has(read)) return kept.get(read) as Value;
			const before = differs;
			differs = false;
			try {
				const found = read(this);
				if (!differs) kept.set(read, found);
				return found;
			} finally {
				differs ||= before;
			}
		}

		text(name: string) {
			return this.field(name).text();
		}

		required(name: string) {
			return this.field(name).required();
		}

		wholeNumber(name: string) {
			const label = propertyOf.get(name)?.displayName ?? name;
			const number = fieldOf(this.value(name), { label, given: true }).wholeNumber();
			return number as number;
		}

		boolean(name: string) {
			return this.field(name).boolean();
		}

		oneOf<Value extends string>(name: string, values: readonly Value[]) {
			return this.field(name).oneOf(values);
		}

		names(name: string) {
			return this.field(name).names();
		}

		object(name: string) {
			return this.field(name).object();
		}

		rows(name: string) {
			const found = this.value(name) ?? [];
			if (Array.isArray(found)) return found as IDataObject[];
			const label = propertyOf.get(name)?.displayName ?? name;
			throw new InvalidRequestError(
				`${label} is not a list`,
				`It is ${JSON.stringify(found)?.slice(0, 100)}. If it comes from an expression, check what that gives for this item.`,
			);
		}

		file(named: string | Field) {
			differs = true;
			const from = typeof named === 'string' ? this.field(named) : named;
			const found = from.value();
			return fileOf(node, this.index, typeof found === 'object' ? found : from.required());
		}
	}

	return (item) => new Item(item);
}

type ReadItem = (item: number) => unknown;

/** Whether n8n converts what is entered, or a part of it. */
function isConverted({ type, validateType, options = [] }: INodeProperties): boolean {
	if (type === 'resourceMapper' || validateType !== undefined) return true;
	return options.some((option) => {
		if ('values' in option) return option.values.some(isConverted);
		return 'type' in option && isConverted(option);
	});
}

/** A parameter that may be left empty, but not by an expression that gives nothing. */
export function filledIn(get: ItemParameters, name: string): Field | undefined {
	const raw = get.raw(name);
	return raw === undefined || raw === '' ? undefined : get.field(name);
}
