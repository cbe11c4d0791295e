/**
 * The JSON text with some of its numbers replaced; what stands in strings stays as it is. Its work is
 * linear in the text.
 *
 * @param replace given a number as it is written, gives what stands there instead
 */
export function replaceNumbers(text: string, replace: (number: string) => string): string {
	let replaced = '';
	let kept = 0;
	for (let at = 0; at < text.length;) {
		const code = text.charCodeAt(at);
		if (code === QUOTE) at = endOfString(text, at);
		else if (code !== MINUS && !isDigit(code)) at++;
		else {
			const from = at;
			while (isOfNumber(text.charCodeAt(at))) at++;
			replaced += text.slice(kept, from) + replace(text.slice(from, at));
			kept = at;
		}
	}
	return replaced + text.slice(kept);
}

const [QUOTE, BACKSLASH, PLUS, MINUS, POINT, SLASH, ZERO, NINE] = [34, 92, 43, 45, 46, 47, 48, 57];

/** Where the string is over that begins at a quote. */
function endOfString(text: string, quote: number): number {
	for (let at = quote; ;) {
		at = text.indexOf('"', at + 1);
		if (at < 0) return text.length;
		let before = at;
		while (text.charCodeAt(before - 1) === BACKSLASH) before--;
		if ((at - before) % 2 === 0) return at + 1;
	}
}

function isDigit(code: number): boolean {
	return code >= ZERO && code <= NINE;
}

function isOfNumber(code: number): boolean {
	// The letter is e, in either case.
	return isDigit(code) || code === POINT || code === MINUS || code === PLUS || (code | 32) === 101;
}

/** Whether JavaScript holds a number of JSON as it is written: all of fifteen digits, some of more. */
export function isExact(number: string): boolean {
	if (number.length <= 15) return true;
	const plain = withoutEndingZeros(number);
	const digits = plain.replace(/[eE].*|^-?0*|[-.]/g, '').replace(/^0+/, '');
	return digits.length <= 15 || String(Number(plain)) === plain;
}

/** Zeros at the end of a fraction say nothing. */
function withoutEndingZeros(number: string): string {
	if (!number.includes('.') || /[eE]/.test(number)) return number;
	let end = number.length;
	while (number[end - 1] === '0') end--;
	return number.slice(0, number[end - 1] === '.' ? end - 1 : end);
}

/** So many characters, a point among them, stand at least in every number that JavaScript rounds. */
const SHORTEST = 16;

/**
 * Whether a text of JSON may hold numbers that JavaScript rounds: a quick look that errs to yes. Where
 * one of so many characters in a row is none of a number, the next row begins behind it.
 */
export function mayHoldRounded(text: string): boolean {
	for (let last = SHORTEST - 1; last < text.length;) {
		let at = last;
		while (isDigitOrPoint(text.charCodeAt(at))) if (--at === last - SHORTEST) return true;
		last = at + SHORTEST;
	}
	return false;
}

/** In the order of character codes a slash stands between the point and the digits. */
function isDigitOrPoint(code: number): boolean {
	return code >= POINT && code <= NINE && code !== SLASH;
}

/**
 * Parses JSON in which numbers that JavaScript would round come as text, wherever they stand.
 *
 * @throws SyntaxError for what is not JSON
 */
export function parseExactly(text: string): unknown {
	if (!mayHoldRounded(text)) return JSON.parse(text);
	return JSON.parse(replaceNumbers(text, (number) => (isExact(number) ? number : `"${number}"`)));
}
