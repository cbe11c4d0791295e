import { invalidRange } from './errors';

/** First and last byte of a part of a file. */
export interface ByteRange {
	start: number;
	end: number;
}

/**
 * The one range of a `Range` header.
 *
 * @throws StorageError for several ranges, other units, and what lies outside the file
 */
export function parseRange(header: string, size: number): ByteRange {
	const match = /^bytes=(\d*)-(\d*)$/.exec(header);
	const [, first = '', last = ''] = match ?? [];
	if (!match || size === 0 || (first === '' && last === '')) throw invalidRange();
	if (first === '') {
		if (Number(last) === 0) throw invalidRange();
		return { start: Math.max(size - Number(last), 0), end: size - 1 };
	}
	const start = Number(first);
	const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
	if (start >= size || (last !== '' && Number(last) < start)) throw invalidRange();
	return { start, end };
}
