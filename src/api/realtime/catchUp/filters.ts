import type { Condition, Filter } from '../../database/filters';

/**
 * The filters of a table's bindings for REST: a row has to meet all of one list at least.
 *
 * @param lists none, or an empty one among them, is for all rows
 */
export function sweepFilters(lists: ReadonlyArray<readonly Filter[]> = []): readonly Condition[] {
	if (lists.length === 0 || lists.some((list) => list.length === 0)) return [];
	const [only = []] = lists;
	if (lists.length === 1) return only;
	return [
		{
			match: 'any',
			conditions: lists.map((list) => ({
				match: 'all' as const,
				conditions: list,
			})),
		},
	];
}
