const UNITS_MS: Record<string, number> = {
	ns: 1e-6,
	us: 1e-3,
	µs: 1e-3,
	μs: 1e-3,
	ms: 1,
	s: 1000,
	m: 60_000,
	h: 3_600_000,
};

/**
 * A duration as Go writes it, such as `1h30m`, in milliseconds.
 *
 * @throws Error in the words of Go's own parser
 */
export function durationOf(text: string): number {
	const quoted = JSON.stringify(text);
	const unsigned = text.replace(/^[+-]/, '');
	if (unsigned === '0') return 0;
	if (unsigned === '') throw new Error(`time: invalid duration ${quoted}`);
	let milliseconds = 0;
	let rest = unsigned;
	while (rest !== '') {
		const amount = /^(?:\d+\.?\d*|\.\d+)/.exec(rest)?.[0];
		if (amount === undefined) throw new Error(`time: invalid duration ${quoted}`);
		rest = rest.slice(amount.length);
		const unit = /^[^.\d]*/.exec(rest)?.[0] ?? '';
		if (unit === '') throw new Error(`time: missing unit in duration ${quoted}`);
		const factor = UNITS_MS[unit];
		if (factor === undefined)
			throw new Error(`time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}`);
		milliseconds += Number(amount) * factor;
		rest = rest.slice(unit.length);
	}
	return text.startsWith('-') ? -milliseconds : milliseconds;
}
