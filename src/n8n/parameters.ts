import type {
	IBinaryData,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

import { InvalidRequestError } from '../api/errors';
import { fileOf } from './binary';
import { holdsExpression, resolvedBy } from './expressions';
import { fieldOf, fieldsOf, type Field, type Fields } from './field';
import { itemFields, UNREAD, type ReadField } from './itemFields';
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
	const reading = new Reading(node, properties);
	return (item) => new Item(reading, item);
}

/** What is the same for all items, and how the rest is read. */
class Reading {
	readonly items: readonly INodeExecutionData[];
	readonly constants = new Map<string, unknown>();
	readonly constantFields = new Map<string, Field>();
	readonly constantOptions = new Map<string, Field>();
	readonly kept = new Map<unknown, unknown>();
	readonly members: readonly INodeProperties[];
	readonly propertyOf: ReadonlyMap<string, INodeProperties>;
	/** Whether something was read that may be another for the next item. */
	differs = false;
	private readonly raws = new Map<string, unknown>();
	private readonly readers = new Map<string, ReadItem | undefined>();
	private readonly mappers = new Map<string, ReadMapper>();
	private readonly readField: ReadField;

	constructor(
		readonly node: IExecuteFunctions,
		properties: readonly INodeProperties[],
	) {
		this.items = node.getInputData();
		this.readField = itemFields(node);
		this.propertyOf = new Map(properties.map((property) => [property.name, property]));
		this.members = (this.propertyOf.get('options')?.options ?? []) as INodeProperties[];
	}

	raw(name: string): unknown {
		if (!this.raws.has(name)) {
			const raw: unknown = this.node.getNodeParameter(name, 0, null, { rawExpressions: true });
			this.raws.set(name, raw ?? undefined);
		}
		return this.raws.get(name);
	}

	/** An option is there also when its expression gives nothing. */
	readonly isOption = (name: string): boolean => {
		const raw = this.raw('options');
		return typeof raw === 'object' && raw !== null && Object.hasOwn(raw, name);
	};

	asked(name: string, item: number): unknown {
		return this.node.getNodeParameter(name, item, null) ?? undefined;
	}

	/** Reads what holds an expression; nothing for what is the same for all items. */
	readerOf(name: string): ReadItem | undefined {
		if (this.readers.has(name)) return this.readers.get(name);
		const raw = this.raw(name);
		const property = this.propertyOf.get(name.split(/[.[]/)[0] ?? '');
		const isPlain = property && !isConverted(property);
		const ofN8n: ReadItem = (item) => this.asked(name, item);
		const ofFields: ReadItem = (item) => {
			const found = this.fromFields(raw, item);
			return found === UNREAD ? this.asked(name, item) : (found ?? undefined);
		};
		this.readers.set(name, holdsExpression(raw) ? (isPlain ? ofFields : ofN8n) : undefined);
		return this.readers.get(name);
	}

	/** @returns `UNREAD` where n8n has to be asked */
	private fromFields(raw: unknown, item: number): unknown {
		let isRead = true;
		const value = resolvedBy(raw, (expression) => {
			const found = isRead ? this.readField(expression, item) : UNREAD;
			isRead &&= found !== UNREAD;
			return found;
		});
		return isRead ? value : UNREAD;
	}

	mapperOf(name: string): ReadMapper {
		const whole = (item: number) => ({ ...new Item(this, item).object(`${name}.value`) });
		const read =
			this.mappers.get(name) ??
			mapperReader(this.node, name, this.raw(name), this.readField, whole);
		this.mappers.set(name, read);
		return read;
	}
}

/** Made for each item, so that it holds little; of one class in all runs, as their code is then shared. */
class Item implements ItemParameters {
	private varying: Map<string, unknown> | undefined;
	private members: Fields | undefined;

	constructor(
		private readonly all: Reading,
		private readonly index: number,
	) {}

	get json() {
		this.all.differs = true;
		return this.all.items[this.index]?.json ?? {};
	}

	/** Is also handed on by itself. */
	get option(): Fields {
		return (this.members ??= (name) => this.member(name));
	}

	raw(name: string) {
		return this.all.raw(name);
	}

	value(name: string): unknown {
		const { all } = this;
		if (all.constants.has(name)) return all.constants.get(name);
		const read = all.readerOf(name);
		if (!read) {
			all.constants.set(name, all.asked(name, this.index));
			return all.constants.get(name);
		}
		all.differs = true;
		this.varying ??= new Map();
		if (!this.varying.has(name)) this.varying.set(name, read(this.index));
		return this.varying.get(name);
	}

	field(name: string): Field {
		const { all } = this;
		const known = all.constantFields.get(name);
		if (known) return known;
		const property = all.propertyOf.get(name);
		const given = all.raw(name) !== undefined;
		const about = { label: property?.displayName ?? name, given, property };
		const found = fieldOf(this.value(name), about);
		if (all.constants.has(name)) all.constantFields.set(name, found);
		return found;
	}

	private member(name: string): Field {
		const { all } = this;
		const known = all.constantOptions.get(name);
		if (known) return known;
		const found = fieldsOf(this.value('options'), all.members, all.isOption)(name);
		if (all.constants.has('options')) all.constantOptions.set(name, found);
		return found;
	}

	mapped(name: string): IDataObject {
		this.all.differs ||= holdsExpression(this.raw(name));
		return this.all.mapperOf(name)(this.index);
	}

	once<Value>(read: (get: ItemParameters) => Value): Value {
		const { all } = this;
		if (all.kept.has(read)) return all.kept.get(read) as Value;
		const before = all.differs;
		all.differs = false;
		try {
			const found = read(this);
			if (!all.differs) all.kept.set(read, found);
			return found;
		} finally {
			all.differs ||= before;
		}
	}

	text(name: string) {
		return this.field(name).text();
	}

	required(name: string) {
		return this.field(name).required();
	}

	wholeNumber(name: string) {
		const label = this.all.propertyOf.get(name)?.displayName ?? name;
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
		const label = this.all.propertyOf.get(name)?.displayName ?? name;
		throw new InvalidRequestError(
			`${label} is not a list`,
			`It is ${JSON.stringify(found)?.slice(0, 100)}. If it comes from an expression, check what that gives for this item.`,
		);
	}

	file(named: string | Field) {
		this.all.differs = true;
		const from = typeof named === 'string' ? this.field(named) : named;
		const found = from.value();
		return fileOf(this.all.node, this.index, typeof found === 'object' ? found : from.required());
	}
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
