import type { IDataObject } from 'n8n-workflow';

import { rowsInRange } from '../../../src/api/database/contentRange';
import { parseExactly } from '../../../src/api/numbers';
import type { PageForm } from '../../../src/api/database/paging';
import { InvalidRequestError } from '../../../src/api/errors';
import type { ApiResponse } from '../../../src/api/request';

/** How a list is taken: as the answer tells, or as the person does. */
export type ListIs = 'auto' | 'set' | 'array';

/** What a function gave: a set of rows or values, or one value. */
export interface Result {
	readonly value: unknown;
	/** How many rows the answer says it has; an array is one. */
	readonly rows: number | undefined;
}

/** @param exact numbers that JavaScript would round are to be text; the body is text then */
export function resultOf({ body, headers }: ApiResponse, exact: boolean): Result {
	const value = exact && typeof body === 'string' ? exactly(body) : body;
	return { value, rows: rowsInRange(headers) };
}

function exactly(text: string): unknown {
	return text === '' ? undefined : parseExactly(text);
}

/** Pages of a function that gives a set; any other result is whole. */
export function resultForm(exact: boolean): PageForm<unknown, Result> {
	return {
		read(answer) {
			const result = resultOf(answer, exact);
			const { value, rows = 0 } = result;
			const isSet = Array.isArray(value) && value.length === rows;
			return { part: result, rows: isSet ? rows : 1, whole: !isSet };
		},
	};
}

/**
 * An item for each row or value of a set, one for any other result, one that says so for void.
 *
 * A list of as many elements as the answer has rows is a set. One value alone may be either: it is
 * an array, unless `listIs` says otherwise.
 *
 * @param parts the pages of a set, or the only answer
 */
export function itemsOf(parts: readonly Result[], listIs: ListIs): IDataObject[] {
	const [only] = parts;
	if (only && parts.length === 1 && !isSet(only, listIs)) return [itemOf(only.value)];
	return parts.flatMap(({ value }) => (value as unknown[]).map(itemOf));
}

function isSet({ value, rows }: Result, listIs: ListIs): boolean {
	if (!Array.isArray(value) || listIs === 'array') return false;
	if (listIs === 'set') return true;
	const isObjects = value.length > 0 && value.every(isObject);
	return isObjects || (rows === value.length && rows !== 1);
}

/** Whether it cannot be told from the answer if a list is a set of one value, or an array. */
export function isUnclear({ value, rows }: Result): boolean {
	return Array.isArray(value) && value.length === 1 && rows === 1 && !isObject(value[0]);
}

function itemOf(value: unknown): IDataObject {
	if (value === undefined) return { success: true };
	return isObject(value) ? value : { result: value as string };
}

function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws InvalidRequestError for more than one row */
export function oneOrNone(rows: IDataObject[], sayNone: boolean): IDataObject[] {
	if (rows.length <= 1) return rows.length || !sayNone ? rows : [{ found: false }];
	throw new InvalidRequestError(
		'The function gave more than one row',
		'Called with POST, it was carried out all the same. Narrow the filters until they meet one row, set If There Are Several to Take the First, or return Result.',
	);
}
