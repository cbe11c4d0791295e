import type { Condition, Filter } from './filters';

/** Where in a column's text another one has to stand. */
export type TextPlace = 'anywhere' | 'start' | 'end';

/**
 * The filter, but for its column, that a text is part of another, ignoring case. The text counts as it
 * is: wildcards in it are none.
 *
 * In a pattern PostgREST takes every `*` for `%`, and no escape keeps it: a text that holds one is
 * found by a regular expression.
 *
 * @see https://docs.postgrest.org/en/stable/references/api/tables_views.html#pattern-matching
 */
export function partOfText(text: string, place: TextPlace): Pick<Filter, 'operator' | 'value'> {
	if (text.includes('*')) {
		const literal = text.replace(/[.^$*+?()[\]{}|\\]/g, '\\$&');
		const [begin, end] = [place === 'start' ? '^' : '', place === 'end' ? '$' : ''];
		return { operator: 'imatch', value: begin + literal + end };
	}
	const literal = text.replace(/[%_\\]/g, '\\$&');
	const [before, behind] = [place === 'start' ? '' : '%', place === 'end' ? '' : '%'];
	return { operator: 'ilike', value: before + literal + behind };
}

/** What to say of patterns that are met by one text alone, which is seldom what was meant. */
export function patternNotes(conditions: readonly Condition[]): string[] {
	return conditions.flatMap((condition): string[] => {
		if ('raw' in condition) return [];
		if ('conditions' in condition) return patternNotes(condition.conditions);
		const { column, operator, value } = condition;
		const isPattern = operator === 'like' || operator === 'ilike';
		if (!isPattern || typeof value !== 'string' || /[%*_]/.test(value)) return [];
		return [
			`A pattern of the filter on "${column.trim()}" has no wildcard: only exactly that text meets it. To find it within a text use Contains Text, or put % before and behind it.`,
		];
	});
}
