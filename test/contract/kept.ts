import { requestDifferences, type Difference } from './compare';
import type { RecordedRequest } from './recorder';

/** A difference from the official client that is meant to be. */
export interface KeptDifference extends Difference {
	/** The name of the case, where `*` stands for any text. */
	readonly cases: string;
	/** The reason, for somebody who wonders whether it is a mistake. */
	readonly why: string;
}

/** Tells differences that are meant to be from those that are not, over a whole suite. */
export interface KeptDifferences {
	/**
	 * Asserts that our requests are the official client's, but for what is kept on purpose.
	 *
	 * @throws Error that lists the differences nobody has given a reason for, or where nothing was
	 * asked, so that there is nothing to compare
	 */
	readonly expectSameRequests: (
		ours: readonly RecordedRequest[],
		theirs: readonly RecordedRequest[],
		options: { readonly name: string },
	) => void;
	/** The entries that have not explained anything so far. */
	readonly unused: () => KeptDifference[];
}

/** @param entries a value left out means that nothing is sent; `*` stands for any text */
export function keepDifferences(entries: readonly KeptDifference[]): KeptDifferences {
	const used = new Set<KeptDifference>();
	return {
		expectSameRequests(ours, theirs, { name }) {
			if (theirs.length === 0) throw new Error(`${name}: the official client asked nothing.`);
			const unexplained = requestDifferences(ours, theirs).filter((difference) => {
				const reasons = entries.filter((entry) => explains(entry, name, difference));
				reasons.forEach((entry) => used.add(entry));
				return reasons.length === 0;
			});
			if (unexplained.length > 0) {
				throw new Error(
					[`${name} differs from the official client:`, ...unexplained.map(inWords)].join('\n'),
				);
			}
		},
		unused: () => entries.filter((entry) => !used.has(entry)),
	};
}

function explains(entry: KeptDifference, name: string, difference: Difference): boolean {
	return (
		matches(entry.cases, name) &&
		entry.what === difference.what &&
		matches(entry.ours, difference.ours) &&
		matches(entry.theirs, difference.theirs)
	);
}

function matches(pattern: string | undefined, text: string | undefined): boolean {
	if (pattern === undefined || text === undefined) return pattern === text;
	const [first = '', ...rest] = pattern.split('*');
	if (rest.length === 0) return pattern === text;
	const last = rest.pop() as string;
	if (!text.startsWith(first) || !text.endsWith(last)) return false;
	let from = first.length;
	for (const part of rest) {
		const at = text.indexOf(part, from);
		if (at < 0) return false;
		from = at + part.length;
	}
	return from <= text.length - last.length;
}

function inWords({ what, ours, theirs }: Difference): string {
	return `  ${what}: ours ${ours ?? '(nothing)'}, theirs ${theirs ?? '(nothing)'}`;
}
