import type { Term } from './logicTree';

/** From where on values meet a comparison. */
interface Bound {
	readonly end: string;
	/** The end itself meets it, too. */
	readonly isIn: boolean;
}

/** The values of one column that meet one term at least. */
interface Reach {
	readonly values: Set<string>;
	/** All but these, where there is a term that excludes some. */
	allBut: Set<string> | undefined;
	/** Those above the lowest end, and those below the highest. */
	above: Bound | undefined;
	below: Bound | undefined;
}

/**
 * Whether any value meets one of these terms at least, though each alone leaves some out: `not equal a`
 * or `not equal b`, `less than 20` or `more than 10`, a term or its opposite.
 *
 * Null or not null does not count: who says so means every row, of a table without a key for example.
 */
export function coverEverything(terms: readonly Term[]): boolean {
	const negated = new Map<string, boolean>();
	const reaches = new Map<string, Reach>();
	for (const term of terms) {
		if (isOfNull(term)) continue;
		const text = JSON.stringify([term.column, term.operator, term.value]);
		if (negated.get(text) === !term.negate) return true;
		negated.set(text, term.negate);
		const reach = reaches.get(term.column) ?? emptyReach();
		reaches.set(term.column, reach);
		add(reach, term);
	}
	return [...reaches.values()].some(isEverything);
}

function isOfNull({ operator, value }: Term): boolean {
	return operator === 'is' && /^(not_)?null$/i.test(value);
}

function emptyReach(): Reach {
	return { values: new Set(), allBut: undefined, above: undefined, below: undefined };
}

const OPPOSITES: Readonly<Record<string, string>> = {
	neq: 'eq',
	isdistinct: 'eq',
	lt: 'gte',
	gt: 'lte',
};

function add(reach: Reach, { operator, value, negate }: Term): void {
	const opposite = OPPOSITES[operator];
	const isNot = negate !== (opposite !== undefined);
	switch (opposite ?? operator) {
		case 'eq':
			return addValues(reach, [value], isNot);
		case 'in':
			return addValues(reach, listElements(value), isNot);
		case 'is':
			return /^(true|false)$/i.test(value)
				? addValues(reach, [value.toLowerCase()], isNot)
				: undefined;
		case 'gte':
			return addBound(reach, isNot ? 'below' : 'above', { end: value, isIn: !isNot });
		case 'lte':
			return addBound(reach, isNot ? 'above' : 'below', { end: value, isIn: !isNot });
	}
}

function addValues(reach: Reach, values: readonly string[], isNot: boolean): void {
	if (!isNot) return values.forEach((value) => reach.values.add(value));
	const { allBut } = reach;
	reach.allBut = new Set(allBut ? values.filter((value) => allBut.has(value)) : values);
}

function addBound(reach: Reach, side: 'above' | 'below', bound: Bound): void {
	const known = reach[side];
	const isWider =
		!known || (known.end === bound.end ? bound.isIn : isWithin(known.end, side, bound));
	if (isWider) reach[side] = bound;
}

function isEverything({ values, allBut, above, below }: Reach): boolean {
	if (values.has('true') && values.has('false')) return true;
	const isMet = (value: string) =>
		values.has(value) ||
		(above !== undefined && isWithin(value, 'above', above)) ||
		(below !== undefined && isWithin(value, 'below', below));
	if (allBut && [...allBut].every(isMet)) return true;
	if (!above || !below) return false;
	return isWithin(above.end, 'below', below) || (above.end === below.end && isMet(above.end));
}

/** Numbers as numbers, all else, such as dates, as text. */
function isWithin(value: string, side: 'above' | 'below', { end, isIn }: Bound): boolean {
	if (value === end) return isIn;
	const areNumbers = [value, end].every(
		(text) => text.trim() !== '' && !Number.isNaN(Number(text)),
	);
	const isAbove = areNumbers ? Number(value) > Number(end) : value > end;
	return isAbove === (side === 'above');
}

function listElements(list: string): string[] {
	return [
		...list
			.trim()
			.slice(1, -1)
			.matchAll(/"((?:\\.|[^"\\])*)"(?=,|$)|[^,]+/gs),
	].map(([element, quoted]) => quoted?.replace(/\\(.)/gs, '$1') ?? element);
}
