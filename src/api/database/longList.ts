import { InvalidRequestError } from '../errors';
import type { Condition, Filter } from './filters';
import { listOf } from './operators';
import type { SelectOptions } from './select';

/** How long a list may get in an address: gateways refuse those beyond some 8,000 characters. */
const LIST_LENGTH = 4000;

/**
 * Parts a read whose `in` list is too long for one address into several that follow each other.
 * Values are in one part only, so no row comes twice.
 *
 * @returns the filters of each part; those that were given where no list is too long
 * @throws InvalidRequestError where parts would not be the same: with an order or offset, or when
 * the filter is negated
 */
export function partsOfLongList({
	filters = [],
	order,
	offset,
}: Pick<SelectOptions, 'filters' | 'order' | 'offset'>): ReadonlyArray<readonly Condition[]> {
	const long = filters.find(isLong);
	if (!long) return [filters];
	if (long.negate || order?.length || offset) {
		throw new InvalidRequestError(
			`The list of the filter on "${long.column}" is too long for one request`,
			'A long list is read in parts, which have no common order or offset and cannot be negated. Remove those, or shorten the list.',
		);
	}
	return partsOf(listOf(long.value, long.column)).map((value) =>
		filters.map((filter) => (filter === long ? { ...long, value } : filter)),
	);
}

function isLong(condition: Condition): condition is Filter {
	if (!('operator' in condition) || condition.operator !== 'in') return false;
	const { value, column } = condition;
	return (
		listOf(value, column).reduce((length: number, each) => length + lengthOf(each), 0) > LIST_LENGTH
	);
}

function partsOf(values: readonly unknown[]): unknown[][] {
	const parts: unknown[][] = [];
	let length = Infinity;
	for (const value of new Set(values)) {
		length += lengthOf(value);
		if (length > LIST_LENGTH) {
			parts.push([]);
			length = lengthOf(value);
		}
		parts.at(-1)?.push(value);
	}
	return parts;
}

function lengthOf(value: unknown): number {
	return encodeURIComponent(String(value)).length + 3;
}
