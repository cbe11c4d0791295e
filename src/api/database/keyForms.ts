import { scalarText } from './encoding';

/**
 * The forms under which a key's value may be known to PostgreSQL, whose types take one value in many
 * forms: `A0EE…` and `a0ee…` are one uuid, `1.250` and `1.25` one number, `…T10:00:00.000Z` and
 * `… 12:00:00+02` one moment, `a` and `a   ` one `char(4)`.
 *
 * The type need not be known: two values that any type holds equal share a form, as far as that can
 * be told from their text. So what shares none differs, and what shares one may be the same.
 *
 * @param value as it is sent
 */
export function sentForms(value: unknown): readonly string[] {
	if (Number.isSafeInteger(value)) return [String(value)];
	const text = plain(value);
	const moment = momentOf(text);
	if (!moment) return [oneForm(text)];
	const { local, instant } = moment;
	// A column without a zone drops it.
	return [`local ${local}`, instant === undefined ? `session ${local}` : `instant ${instant}`];
}

/**
 * The forms of a value that the database gave as text, the surest first. What it names a zone for
 * equals a moment, or what was sent without a zone and read in the session's.
 */
export function storedForms(text: string): readonly string[] {
	const value = plain(text);
	const moment = momentOf(value);
	if (!moment) return [oneForm(value)];
	const { local, instant } = moment;
	return instant === undefined ? [`local ${local}`] : [`instant ${instant}`, `session ${local}`];
}

function plain(value: unknown): string {
	return scalarText(value).trim().toLowerCase();
}

const UUID = /^\{?([0-9a-f]{4}-?){8}\}?$/;
const NUMBER = /^([+-]?)(\d+\.?\d*|\.\d+)(?:e([+-]?\d{1,3}))?$/;
const TRUTHS: Readonly<Record<string, string>> = {
	t: 'true',
	y: 'true',
	yes: 'true',
	on: 'true',
	f: 'false',
	n: 'false',
	no: 'false',
	off: 'false',
};

function oneForm(text: string): string {
	const number = NUMBER.exec(text);
	if (number) return decimal(number);
	return UUID.test(text) ? text.replace(/[{}-]/g, '') : (TRUTHS[text] ?? text);
}

/** Digits alone, so that numbers of any size stay exact. */
function decimal([, sign = '', digits = '', exponent = '0']: RegExpExecArray): string {
	const [whole = '', fraction = ''] = digits.split('.');
	const shift = Number(exponent);
	const all = whole + fraction;
	const point = whole.length + shift;
	const integer = all.slice(0, Math.max(0, point)).padEnd(point, '0').replace(/^0+/, '');
	const rest = (point < 0 ? '0'.repeat(-point) + all : all.slice(point)).replace(/0+$/, '');
	const value = `${integer || '0'}${rest && `.${rest}`}`;
	return sign === '-' && value !== '0' ? `-${value}` : value;
}

const MOMENT =
	/^(?:(\d{4}-\d\d-\d\d)(?:[t ]+|$))?(?:(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?)?\s*(z|[+-]\d\d(?::?\d\d)?)?$/;

/** A date, a time, or both; a date alone is its midnight. */
function momentOf(text: string): { local: string; instant?: string } | undefined {
	const [, date = '', hour, minute = '00', second = '00', fraction = '', zone] =
		MOMENT.exec(text) ?? [];
	if (!date && hour === undefined) return undefined;
	const time = `${hour ?? '00'}:${minute}:${second}`;
	const micros = fraction.slice(0, 7).replace(/\.?0*$/, '');
	const local = `${date} ${time}${micros}`;
	const at = Date.parse(`${date}T${time}Z`);
	if (zone === undefined || Number.isNaN(at)) return { local };
	return { local, instant: `${at - offsetOf(zone)}${micros}` };
}

/** In milliseconds. */
function offsetOf(zone: string): number {
	const [, sign, hours = 0, minutes = 0] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
	return (sign === '-' ? -60_000 : 60_000) * (Number(hours) * 60 + Number(minutes));
}
