/** Which order a cursor's values stand in, where it can be told: of moments, of local times, of numbers. */
export type OrderKind = 'instant' | 'local' | 'number';

/** A value in the order of its type: microseconds since 1970, or millionths. */
export interface Ordered {
	readonly kind: OrderKind;
	readonly at: bigint;
}

const MILLION = 1_000_000n;
const ENDLESS = 10n ** 24n;

/** `infinity` and years before Christ or beyond 9999 are times without being dates to JavaScript. */
const TIME =
	/^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?)?(Z|[+-]\d\d(?::?\d\d)?(?::\d\d)?)?$/;
const NUMBER = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * The order of a value of a cursor column, as JSON has it.
 *
 * @param value a number, or a text; numbers that JavaScript would round come as text
 * @param isNumber a text is known to be a number, by its column's type
 * @returns `undefined` for texts, uuids and the like, whose order the database alone knows
 */
export function orderOf(value: unknown, isNumber = false): Ordered | undefined {
	if (typeof value === 'number') return numberOrder(plainNumber(value));
	if (typeof value !== 'string') return undefined;
	if (isNumber || isRounded(value)) return numberOrder(value);
	if (/^-?infinity$/.test(value)) {
		return { kind: 'instant', at: value.startsWith('-') ? -ENDLESS : ENDLESS };
	}
	return timeOrder(value);
}

/** Whether a text can only be a number that JavaScript would have rounded. */
function isRounded(text: string): boolean {
	return /^-?\d{16,}(\.\d+)?$/.test(text);
}

function plainNumber(value: number): string {
	return Math.abs(value) < 1e21 ? value.toFixed(6) : '';
}

function numberOrder(text: string): Ordered | undefined {
	const [, sign, whole = '', fraction = ''] = NUMBER.exec(text) ?? [];
	if (sign === undefined) return undefined;
	const at = BigInt(whole) * MILLION + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
	return { kind: 'number', at: sign ? -at : at };
}

function timeOrder(text: string): Ordered | undefined {
	const [, day, time = '00:00:00', fraction = '', zone] = TIME.exec(text) ?? [];
	if (day === undefined) return undefined;
	const seconds = Date.parse(`${day}T${time}Z`);
	if (Number.isNaN(seconds)) return undefined;
	const at = BigInt(seconds) * 1000n + BigInt(fraction.padEnd(6, '0'));
	return zone === undefined ? { kind: 'local', at } : { kind: 'instant', at: at - offsetOf(zone) };
}

/** In microseconds. */
function offsetOf(zone: string): bigint {
	const [, sign, hours = '0', minutes = '0', seconds = '0'] =
		/^([+-])(\d\d):?(\d\d)?:?(\d\d)?$/.exec(zone) ?? [];
	const all = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
	return BigInt(sign === '-' ? -all : all) * MILLION;
}

/**
 * A value as the database reads it.
 *
 * @returns `undefined` where there is no such date
 */
export function valueAt({ kind, at }: Ordered): string | undefined {
	if (kind === 'number') return numberText(at);
	const seconds = floorDivision(at, MILLION);
	const date = new Date(Number(seconds) * 1000);
	if (Number.isNaN(date.getTime())) return undefined;
	const text = date.toISOString();
	if (!/^\d{4}-/.test(text) || text.startsWith('0000')) return undefined;
	const micros = String(at - seconds * MILLION).padStart(6, '0');
	return `${text.slice(0, 19)}.${micros}${kind === 'instant' ? '+00:00' : ''}`;
}

/** Whole, so that any type of number takes it: a condition from there on misses nothing. */
function numberText(at: bigint): string {
	return String(floorDivision(at, MILLION));
}

function floorDivision(value: bigint, by: bigint): bigint {
	const result = value / by;
	return value < 0n && result * by !== value ? result - 1n : result;
}

/** A moment of the clock, in milliseconds since 1970, in the order of a kind; numbers have none. */
export function momentOf(milliseconds: number, kind: OrderKind): bigint | undefined {
	return kind === 'number' ? undefined : BigInt(Math.round(milliseconds)) * 1000n;
}
