import type { IDataObject, INodeProperties, INodePropertyCollection } from 'n8n-workflow';

import { InvalidRequestError } from '../api/errors';

/**
 * One value that a person gave, checked as it is read. What does not fit is converted where nothing
 * else can be meant ("true", "60") and refused otherwise: an expression that gives nothing is never
 * taken for a choice that was not made.
 *
 * Every reader throws `InvalidRequestError` with the value's label.
 */
export interface Field {
	/** Whether it is there at all: an option that was added, a parameter that is shown. */
	readonly given: boolean;
	/** As it is; `undefined` where it was not given. */
	value(): unknown;
	/** Refused when it was given and is empty. */
	boolean(unless?: boolean): boolean;
	/** `undefined` where it was not given; refused when it was given and is empty. */
	wholeNumber(least?: number): number | undefined;
	/** The same, fractions allowed. */
	number(least?: number): number | undefined;
	/** Without the blanks around it; empty where there is none. */
	text(): string;
	/** With the blanks around it, which belong to a key or a value. */
	exact(): string;
	/** Text that must not be empty. */
	required(): string;
	/** A list, or text with commas between; none where there is nothing. */
	names(): string[];
	/** The same for a guard: `undefined` where it was not given, refused when it holds none. */
	someNames(): string[] | undefined;
	/** `undefined` where it was not given; refused when it is none of these, or empty. */
	oneOf<Value extends string>(values: readonly Value[]): Value | undefined;
	/** An object; an empty one where there is nothing. */
	object(): IDataObject;
	/** The members of a collection, or of the only group of a fixed one. */
	collection(): Fields;
	/** The rows of a fixed collection's group; none where there are none. */
	collections(group: string): Fields[];
}

/** The members of a collection, by name. */
export type Fields = (name: string) => Field;

/** What is known of a value beside the value. */
interface About {
	readonly label: string;
	readonly given: boolean;
	/** As n8n declares it, for the labels of what is in it. */
	readonly property?: INodeProperties;
}

/** A value with its readers. */
export function fieldOf(value: unknown, about: About): Field {
	return new ValueField(value, about);
}

/** Methods of a class are made once: of fields there are many for each item. */
class ValueField implements Field {
	constructor(
		private readonly held: unknown,
		private readonly about: About,
	) {}

	get given() {
		return this.about.given;
	}

	value() {
		return this.held;
	}

	boolean(unless = false) {
		const { held: value } = this;
		if (!this.given) return unless;
		if (typeof value === 'boolean') return value;
		if (value === 'true' || value === 'false') return value === 'true';
		throw this.wrong('true or false');
	}

	wholeNumber(least = 0) {
		return this.numeric('a whole number', least, Number.isSafeInteger);
	}

	number(least = 0) {
		return this.numeric('a number', least, Number.isFinite);
	}

	text() {
		return this.exact().trim();
	}

	exact() {
		const found = locatorValue(this.held) ?? '';
		if (typeof found === 'object') throw this.wrong('a text');
		return String(found as string | number | boolean);
	}

	required() {
		const text = this.text();
		if (text) return text;
		const { label } = this.about;
		throw new InvalidRequestError(`${label} is empty`, `Enter ${label}.`);
	}

	names() {
		const { held: value } = this;
		if (this.isEmpty()) return [];
		if (!Array.isArray(value)) {
			return (this.exact().match(NAME) ?? []).map((name) => name.trim()).filter(Boolean);
		}
		return value
			.map((each: unknown) => {
				if (typeof each === 'string' || typeof each === 'number') return String(each).trim();
				throw this.wrong('a list of names');
			})
			.filter(Boolean);
	}

	someNames() {
		if (!this.given) return undefined;
		const found = this.names();
		if (found.length) return found;
		throw new InvalidRequestError(
			`${this.about.label} is empty`,
			'Name at least one, or remove the option. If it comes from an expression, check what that gives for this item.',
		);
	}

	oneOf<Value extends string>(values: readonly Value[]) {
		const { held: value } = this;
		if (!this.given) return undefined;
		const text = typeof value === 'string' ? value.trim() : value;
		const found = values.find((each) => each === text);
		if (found !== undefined) return found;
		throw this.wrong(`one of ${values.join(', ')}`);
	}

	object() {
		const { held: value } = this;
		if (this.isEmpty()) return {};
		if (typeof value !== 'object' || Array.isArray(value)) throw this.wrong('an object');
		return value as IDataObject;
	}

	collection() {
		const { property } = this.about;
		const group = groupsOf(property)?.[0];
		const members = this.object();
		return group
			? fieldsOf(members[group.name], group.values)
			: fieldsOf(members, property?.options as INodeProperties[] | undefined);
	}

	collections(name: string) {
		const group = groupsOf(this.about.property)?.find((each) => each.name === name);
		const rows = this.object()[name] ?? [];
		if (!Array.isArray(rows)) throw this.wrong('a list');
		return rows.map((row) => fieldsOf(row, group?.values));
	}

	private isEmpty() {
		return this.held === undefined || this.held === null || this.held === '';
	}

	private numeric(wanted: string, least: number, fits: (number: number) => boolean) {
		if (!this.given) return undefined;
		const text = typeof this.held === 'boolean' ? '' : this.text();
		const number = Number(text);
		if (text && fits(number) && number >= least) return number;
		throw this.wrong(`${wanted} of ${least} or more`);
	}

	private wrong(wanted: string) {
		return new InvalidRequestError(
			`${this.about.label} is not ${wanted}`,
			`It is ${describe(this.held)}. If it comes from an expression, check what that gives for this item.`,
		);
	}
}

/** A name, with the commas that stand between double quotes. */
const NAME = /(?:"(?:\\.|[^"\\])*"|[^,])+/g;

function groupsOf(property: INodeProperties | undefined): INodePropertyCollection[] | undefined {
	return property?.type === 'fixedCollection'
		? (property.options as INodePropertyCollection[])
		: undefined;
}

/**
 * The members of an object as fields.
 *
 * @param members an object; anything else has no members
 * @param properties as n8n declares them, for their labels
 * @param isGiven whether one is there even though it has no value
 */
export function fieldsOf(
	members: unknown,
	properties: readonly INodeProperties[] = [],
	isGiven: (name: string) => boolean = () => false,
): Fields {
	const object = (typeof members === 'object' && members !== null ? members : {}) as IDataObject;
	return (name) => {
		const property = properties.find((each) => each.name === name);
		return fieldOf(object[name], {
			label: property?.displayName ?? name,
			given: Object.hasOwn(object, name) || isGiven(name),
			property,
		});
	};
}

/** The value of a resource locator, or what is not one as it is. */
export function locatorValue(value: unknown): unknown {
	return typeof value === 'object' && value !== null && '__rl' in value
		? (value as { value?: unknown }).value
		: value;
}

function describe(value: unknown): string {
	if (value === undefined || value === null) return 'empty';
	return `${Array.isArray(value) ? 'the list ' : ''}${JSON.stringify(value).slice(0, 100)}`;
}
