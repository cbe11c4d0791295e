/** What is certain of a condition before any row is looked at. NULL counts for no value. */
export interface Extent {
	/** Every value may meet it. */
	readonly all: boolean;
	/** No value may meet it. */
	readonly none: boolean;
}

const SOME: Extent = { all: false, none: false };
const UNKNOWN: Extent = { all: true, none: true };

/**
 * Whether a comparison depends on the value that it is made with at all.
 *
 * The column's type is not known, so a text counts for what it is in any type: `{}` is an empty array,
 * and an empty JSON object.
 *
 * @param operator by PostgREST's name, with its quantifier: `eq`, `like(any)`, `fts(english)`
 * @param value as it goes over the wire
 */
export function extentOf(operator: string, value: string): Extent {
	const [, base = operator, quantifier] = /^(\w+)\((any|all)\)$/.exec(operator) ?? [];
	const judge = JUDGES[base.replace(/\(.*/s, '')] ?? (() => UNKNOWN);
	if (!quantifier || !value.startsWith('{')) return judge(value);
	const each = arrayElements(value).map((element) =>
		element === null ? { all: false, none: true } : judge(element),
	);
	return quantifier === 'any'
		? { all: each.some(({ all }) => all), none: each.every(({ none }) => none) }
		: { all: each.every(({ all }) => all), none: each.some(({ none }) => none) };
}

const JUDGES: Readonly<Record<string, (value: string) => Extent>> = {
	eq: () => SOME,
	neq: () => SOME,
	is: () => SOME,
	isdistinct: () => SOME,
	gte: (value) => ({
		all: LEAST.test(value) || BELOW_ALL.test(value),
		none: ABOVE_ALL.test(value),
	}),
	gt: (value) => ({
		all: BELOW_ALL.test(value),
		none: GREATEST.test(value) || ABOVE_ALL.test(value),
	}),
	lte: (value) => ({
		all: GREATEST.test(value) || ABOVE_ALL.test(value),
		none: BELOW_ALL.test(value),
	}),
	lt: (value) => ({ all: ABOVE_ALL.test(value), none: LEAST.test(value) || BELOW_ALL.test(value) }),
	in: (value) => ({ all: false, none: /^\((""|\s*)\)$/.test(value) }),
	like: ofPattern,
	ilike: ofPattern,
	match: ofRegularExpression,
	imatch: ofRegularExpression,
	cs: (value) => ({ all: isEmptyCollection(value), none: holdsNull(value) }),
	cd: (value) => {
		const range = readRange(value);
		return { all: value.trim() === '' || (range?.isWide ?? false), none: false };
	},
	ov: (value) => {
		const elements = value.trim().startsWith('{') ? arrayElements(value) : ['?'];
		const isEmpty = isEmptyCollection(value) || elements.every((element) => element === null);
		return { all: readRange(value)?.isWide ?? false, none: isEmpty };
	},
	sr: ofRange(({ isHighest }) => ({ all: false, none: isHighest })),
	sl: ofRange(({ isLowest }) => ({ all: false, none: isLowest })),
	nxr: ofRange(({ isHighest }) => ({ all: isHighest, none: false })),
	nxl: ofRange(({ isLowest }) => ({ all: isLowest, none: false })),
	adj: ofRange(({ isWide }) => ({ all: false, none: isWide })),
	// A query of words that the configuration leaves out (the, and) finds nothing.
	fts: () => ({ all: false, none: true }),
	plfts: () => ({ all: false, none: true }),
	phfts: () => ({ all: false, none: true }),
	wfts: () => ({ all: false, none: true }),
};

/** The least and greatest values of some type: text, boolean, uuid, time, the integers. */
const LEAST =
	/^(|f|false|0{8}-?(?:0{4}-?){3}0{12}|00:00(?::00)?|-32768|-2147483648|-9223372036854775808)$/i;
const GREATEST =
	/^(t|true|f{8}-?(?:f{4}-?){3}f{12}|24:00(?::00)?|32767|2147483647|9223372036854775807|nan)$/i;

/** What no ordinary value of a type is below, or above. */
const BELOW_ALL = /^\s*-inf(inity)?\s*$/i;
const ABOVE_ALL = /^\s*\+?inf(inity)?\s*$/i;

/** A pattern of nothing but wildcards leaves out the shortest texts at the most. */
function ofPattern(pattern: string): Extent {
	return { all: /^[%*_]*[%*][%*_]*$/.test(pattern), none: false };
}

/** Texts that have little in common: what all of them match matches any. */
const PROBES = [
	...Array.from({ length: 95 }, (_, code) => String.fromCharCode(code + 32)),
	...['\n', 'ß', '漢', 'abcdefghijkl'],
];

/** What PostgreSQL's regular expressions have, and JavaScript's have not or otherwise. */
const POSTGRES_ONLY: ReadonlyArray<readonly [RegExp, string]> = [
	[/^\*\*\*:/, ''],
	[/^\(\?[a-z]+\)/, ''],
	[/\\A/g, '^'],
	[/\\Z/g, '$'],
	[/\\[mMyY]|\[\[:[<>]:\]\]/g, ''],
];

/** Empty texts alone do not count: `.+` is met by all others. */
function ofRegularExpression(text: string): Extent {
	// Behind this PostgreSQL takes all that follows as it is.
	if (text.startsWith('***=')) return { all: text.length === 4, none: false };
	const source = POSTGRES_ONLY.reduce((all, [only, ours]) => all.replace(only, ours), text);
	try {
		const expression = new RegExp(source, 's');
		const all = PROBES.every((probe) => expression.test(probe));
		const holdsSigns = /[^$^().|?*+!=<]/.test(source);
		return { all, none: !all && !holdsSigns };
	} catch {
		return UNKNOWN;
	}
}

/** Contained in any other: an array or object without elements, a range without values. */
function isEmptyCollection(value: string): boolean {
	return /^[{},\s]*$|^\s*\[\s*\]\s*$/.test(value) || (readRange(value)?.isEmpty ?? false);
}

function holdsNull(value: string): boolean {
	return value.trim() === '' || (/^\s*\{/.test(value) && arrayElements(value).includes(null));
}

/** The elements of an array literal, those of its inner arrays among them. */
function arrayElements(literal: string): Array<string | null> {
	return [...literal.matchAll(/"((?:\\.|[^"\\])*)"|([^{},"]+)/gs)].flatMap(([, quoted, bare]) => {
		if (quoted !== undefined) return [quoted.replace(/\\(.)/gs, '$1')];
		const text = bare?.trim() ?? '';
		if (!text) return [];
		return [/^null$/i.test(text) ? null : text];
	});
}

interface RangeEnds {
	readonly isEmpty: boolean;
	/** Open at that end. */
	readonly isLowest: boolean;
	readonly isHighest: boolean;
	readonly isWide: boolean;
}

function ofRange(judge: (range: RangeEnds) => Extent): (value: string) => Extent {
	return (value) => {
		const range = readRange(value);
		if (!range) return UNKNOWN;
		return range.isEmpty ? { all: false, none: true } : judge(range);
	};
}

function readRange(value: string): RangeEnds | undefined {
	if (/^\s*empty\s*$/i.test(value)) {
		return { isEmpty: true, isLowest: false, isHighest: false, isWide: false };
	}
	const [, open, lower = '', upper = '', close] =
		/^\s*([[(])\s*("[^"]*"|[^,"]*?)\s*,\s*("[^"]*"|[^,"]*?)\s*([\])])\s*$/s.exec(value) ?? [];
	if (!open) return undefined;
	const [low, high] = [lower, upper].map((end) => end.replaceAll('"', '').trim()) as [
		string,
		string,
	];
	const isLowest = lower === '' || BELOW_ALL.test(low);
	const isHighest = upper === '' || ABOVE_ALL.test(high);
	const hasBoth = open === '[' && close === ']';
	return {
		isEmpty: !isLowest && !isHighest && !hasBoth && isNothingBetween(low, high, open + close),
		isLowest,
		isHighest,
		isWide: isLowest && isHighest,
	};
}

/** Between 1 and 2, and between two days, there is nothing where the type has no fractions. */
function isNothingBetween(low: string, high: string, bounds: string): boolean {
	if (low === high) return true;
	const numbers = Number(high) - Number(low);
	const days = (Date.parse(high) - Date.parse(low)) / 86_400_000;
	const distance = Number.isNaN(numbers) ? days : numbers;
	return distance <= 0 || (bounds === '()' && distance === 1);
}
