/**
 * The JSON text with some of its numbers replaced; what stands in strings stays as it is. Its work is
 * linear in the text.
 *
 * @param replace given a number as it is written, gives what stands there instead
 */
export function replaceNumbers(text: string, replace: (number: string) => string): string {
	return text.replace(STRING_OR_NUMBER, (part) => (part.startsWith('"') ? part : replace(part)));
}

const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/** Whether JavaScript holds a number of JSON as it is written: all of fifteen digits, some of more. */
export function isExact(number: string): boolean {
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

/**
 * Parses JSON in which numbers that JavaScript would round come as text, wherever they stand.
 *
 * @throws SyntaxError for what is not JSON
 */
export function parseExactly(text: string): unknown {
	// Most texts hold no number that is long enough to be rounded.
	if (!/[\d.]{16}/.test(text)) return JSON.parse(text);
	return JSON.parse(replaceNumbers(text, (number) => (isExact(number) ? number : `"${number}"`)));
}
