import { invalidParameter } from './errors';

/** Where a page ended, and the order that the pages come in. */
export interface Cursor {
	startAfter: string;
	sortOrder?: string;
	sortColumn?: string;
	/** Date of the last entry, when the pages are sorted by one. */
	sortColumnAfter?: string;
}

const LETTERS = {
	l: 'startAfter',
	o: 'sortOrder',
	c: 'sortColumn',
	a: 'sortColumnAfter',
} as const;

/** A cursor as clients hand it back: lines of a letter and a value, in base64. */
export function encodeCursor(cursor: Cursor): string {
	const lines = Object.entries(LETTERS)
		.filter(([, name]) => cursor[name])
		.map(([letter, name]) => `${letter}:${cursor[name]}`);
	return Buffer.from(lines.join('\n')).toString('base64');
}

/** @throws StorageError for what is no cursor */
export function decodeCursor(text: string): Cursor {
	const cursor: Cursor = { startAfter: '', sortOrder: 'asc' };
	for (const line of Buffer.from(text, 'base64').toString().split('\n')) {
		const [, letter = '', value = ''] = /^(\S):(.*)/.exec(line) ?? [];
		if (!Object.hasOwn(LETTERS, letter)) throw invalidParameter('continuation token');
		cursor[LETTERS[letter as keyof typeof LETTERS]] = value;
	}
	return cursor;
}
