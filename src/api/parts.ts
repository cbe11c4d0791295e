import { pacer } from './pacer';

/** How large a part may be; a single element may be larger. */
export interface PartLimits {
	readonly count: number;
	/** In bytes, or whatever `sizeOf` counts. */
	readonly size: number;
}

/**
 * Parts a list, in its order, so that each part keeps within limits.
 *
 * @param sizeOf the size of one element
 * @param mayJoin whether an element may stand behind another in one part
 */
export async function* partsOf<Element>(
	elements: Iterable<Element>,
	sizeOf: (element: Element) => number,
	{ count, size: most }: PartLimits,
	mayJoin: (before: Element, element: Element) => boolean = () => true,
): AsyncGenerator<[Element, ...Element[]]> {
	const pause = pacer();
	let part: [Element, ...Element[]] | undefined;
	let size = 0;
	for (const element of elements) {
		if (pause.isDue()) await pause();
		const own = sizeOf(element);
		const before = part?.at(-1);
		const fits =
			part !== undefined &&
			part.length < count &&
			size + own <= most &&
			mayJoin(before as Element, element);
		if (part && fits) {
			part.push(element);
			size += own;
			continue;
		}
		if (part) yield part;
		part = [element];
		size = own;
	}
	if (part) yield part;
}
