import type { Condition, Filter } from '../../database/filters';

/**
 * The filters of a table's bindings for REST: a row has to meet all of one list at least.
 *
 * @param lists none, or an empty one among them, is for all rows
 */
export function sweepFilters(lists: ReadonlyArray<readonly Filter[]> = []): readonly Condition[] {
	if (lists.length === 0 || lists.some((list) => list.length === 0)) return [];
	const [only = []] = lists;
	if (lists.length === 1) return only.map(asRealtimeReads);
	return [
		{
			match: 'any',
			conditions: lists.map((list) => ({
				match: 'all' as const,
				conditions: list.map(asRealtimeReads),
			})),
		},
	];
}

/** PostgREST takes `*` in a pattern for `%`, and has no way to say otherwise; Realtime does not. */
function asRealtimeReads(filter: Filter): Filter {
	const { operator, value } = filter;
	const isPattern = operator === 'like' || operator === 'ilike';
	if (!isPattern || typeof value !== 'string' || !value.includes('*')) return filter;
	return {
		...filter,
		operator: operator === 'like' ? 'match' : 'imatch',
		value: likeAsRegex(value),
	};
}

/** A LIKE pattern as a regular expression of PostgreSQL. */
export function likeAsRegex(pattern: string): string {
	const parts = pattern.match(/\\[\s\S]|[\s\S]/g) ?? [];
	const body = parts.map((part) => {
		if (part === '%') return '.*';
		if (part === '_') return '.';
		const text = part.length === 2 ? part.slice(1) : part;
		return text.replace(/[.^$*+?()[\]{}|\\-]/g, '\\$&');
	});
	return `^${body.join('')}$`;
}
