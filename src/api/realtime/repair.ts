import type { Change } from './events';

/** Why a change does not hold all values of its row. */
export type Gap =
	/** The row was too long to be sent; of its values only the short ones were. */
	| { readonly reason: 'too large' }
	/** A long value that the update did not touch was not sent. */
	| { readonly reason: 'unchanged'; readonly columns: readonly string[] }
	/** The role may not read the key (401), or the table has none (400), or the server says something new. */
	| { readonly reason: 'refused'; readonly error: string };

/**
 * What a change lacks of its row, if anything. A deleted row is nowhere to be read again, so a DELETE
 * lacks nothing.
 */
export function gapOf({ type, record, columns, errors }: Change): Gap | undefined {
	if (type === 'DELETE') return undefined;
	const error = errors?.find((each) => !/\b413\b/.test(each));
	if (error !== undefined) return { reason: 'refused', error };
	if (errors?.length) return { reason: 'too large' };
	const missing = columns.filter(({ name }) => record?.[name] === undefined);
	return missing.length === 0
		? undefined
		: { reason: 'unchanged', columns: missing.map(({ name }) => name) };
}

/** Why a change stays without its values, in a person's words. */
export function incompleteWords(
	gap: Gap,
	why: 'gone' | 'no key' | { readonly failed: unknown },
): string {
	if (gap.reason === 'refused') {
		if (/\b401\b/.test(gap.error)) {
			return `The server sent no values and no key (${gap.error}): the role may not select the columns of the primary key, or the table.`;
		}
		if (/\b400\b/.test(gap.error)) {
			return `The server sent no values and no key (${gap.error}): the table has no primary key.`;
		}
		return `The server sent: ${gap.error}`;
	}
	const what =
		gap.reason === 'too large'
			? 'The row is too large for Realtime, which left values out'
			: `Realtime left out what the update did not change (${gap.columns.join(', ')})`;
	if (why === 'no key') return `${what}, and its key is not known, so it could not be read again.`;
	if (why === 'gone') {
		return `${what}. The row could not be read again: it was deleted meanwhile, does not match the filter any more, or the role may not select it.`;
	}
	const { failed } = why;
	return `${what}, and reading it again failed: ${failed instanceof Error ? failed.message : String(failed)}`;
}
