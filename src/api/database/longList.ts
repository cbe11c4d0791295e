import { InvalidRequestError } from '../errors';
import { scalarText } from './encoding';
import type { Condition, Filter } from './filters';
import { listOf } from './operators';
import { AGGREGATE } from './pairing';
import type { SelectOptions } from './select';

/** How long a list may get in an address: gateways refuse those beyond some 8,000 characters. */
const LIST_LENGTH = 4000;

/**
 * Parts a request whose `in` lists are too long for one address into several that follow each other.
 * A value is in one part only, so that no row is met twice: what parts give can be put together, or
 * added up. The rows of a part can be in an order of their own, not in one with those of others.
 *
 * @param request what else it asks for decides whether it can be parted
 * @returns the filters of each part; those that were given where no list is too long
 * @throws InvalidRequestError where parts would not be the same: with an order, an offset or groups, or
 * when the list is negated, or stands in a group
 */
export function partsOfLongList({
	filters = [],
	columns = '*',
	order,
	offset,
}: Pick<SelectOptions, 'columns' | 'filters' | 'order' | 'offset'>): ReadonlyArray<
	readonly Condition[]
> {
	const inGroup = filters.find((each) => 'conditions' in each && holdsLongList(each));
	const long = filters.find(isLong);
	const isWhole = order?.length || offset || AGGREGATE.test(columns);
	if (inGroup ?? (long && (long.negate || isWhole))) {
		throw new InvalidRequestError(
			`The list of the filter${long ? ` on "${long.column}"` : ''} is too long for one request`,
			'A long list is sent in parts, which have no common order, offset or groups, and it can neither be negated nor stand in a group or beside others of which any has to match. Remove those, or shorten the list.',
		);
	}
	if (!long) return [filters];
	return partsOf(listOf(long.value, long.column)).flatMap((value) =>
		partsOfLongList({
			filters: filters.map((filter) => (filter === long ? { ...long, value } : filter)),
		}),
	);
}

function holdsLongList(condition: Condition): boolean {
	return 'conditions' in condition ? condition.conditions.some(holdsLongList) : isLong(condition);
}

function isLong(condition: Condition): condition is Filter {
	if (!('operator' in condition) || condition.operator !== 'in') return false;
	const { value, column } = condition;
	// Most lists are short: their values need no look.
	if (typeof value === 'string' ? value.length * 9 < LIST_LENGTH : !Array.isArray(value))
		return false;
	let length = 0;
	return listOf(value, column).some((each) => (length += lengthOf(textOf(each))) > LIST_LENGTH);
}

/** The same value may come as a number and as text. */
function partsOf(values: readonly unknown[]): unknown[][] {
	const parts: unknown[][] = [];
	let length = Infinity;
	for (const value of new Map(values.map((each) => [textOf(each), each])).values()) {
		const size = lengthOf(textOf(value));
		length += size;
		if (length > LIST_LENGTH) {
			parts.push([]);
			length = size;
		}
		parts.at(-1)?.push(value);
	}
	return parts;
}

/** Null is refused where the list is encoded; no text equals its name here. */
function textOf(value: unknown): string {
	return value === null || value === undefined ? '\0' : scalarText(value);
}

function lengthOf(text: string): number {
	return encodeURIComponent(text).length + 3;
}
