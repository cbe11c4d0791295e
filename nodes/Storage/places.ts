import type { IDataObject } from 'n8n-workflow';

import { InvalidRequestError } from '../../src/api/errors';
import {
	bucketName,
	fileName,
	lastPart,
	objectKey,
	originalName,
	safeName,
} from '../../src/api/storage/key';
import type { Place } from '../../src/api/storage/objects';
import type { ItemParameters } from '../../src/n8n/parameters';

/** Where a file is, and what its path was where that became a safe one. */
export type NamedPlace = Place & { readonly original?: string };

/** The bucket that an item names. */
export function bucketOf(get: ItemParameters): string {
	return bucketName(get.required('bucket'));
}

/** The file that an item names. Its key is never trimmed: with another blank it is another file. */
export function placeOf(get: ItemParameters): NamedPlace {
	return { bucket: bucketOf(get), ...keyOf(get, get.field('path').exact()) };
}

/**
 * The path that an item's file comes to.
 *
 * @param ownName what the content is called, where it brings a name along
 */
export function newPlaceOf(
	get: ItemParameters,
	ownName = (): string | undefined => '',
): NamedPlace {
	const bucket = bucketOf(get);
	const wanted = get.field('path').exact();
	return { bucket, ...keyOf(get, wanted.endsWith('/') ? wanted + nameIn(ownName()) : wanted) };
}

function nameIn(given = ''): string {
	const name = fileName(given);
	if (name) return name;
	throw new InvalidRequestError(
		'Path ends with a slash, and the content has no name of its own',
		'Give the whole path.',
	);
}

/** Where a file is moved or copied to. */
export function destinationOf(get: ItemParameters, from: NamedPlace): NamedPlace {
	const bucket = bucketName(get.text('toBucket') || get.required('bucket'));
	const wanted = get.field('toPath').exact();
	const name = lastPart(from.original ?? from.key);
	return { bucket, ...keyOf(get, wanted.endsWith('/') ? wanted + name : wanted) };
}

/**
 * The keys that an item names, in order, each once. A comma may be part of a key, and so may a blank
 * at its end: only in what is typed by hand do they part and surround paths.
 */
export function keysOf(get: ItemParameters): string[] {
	const keys = wantedPaths(get)
		.filter(Boolean)
		.map((each) => keyOf(get, each).key);
	if (keys.length) return [...new Set(keys)];
	throw new InvalidRequestError('Paths is empty', 'Enter at least one path.');
}

function wantedPaths(get: ItemParameters): string[] {
	const found = get.value('paths');
	if (Array.isArray(found)) return found.map(pathText);
	const text = get.field('paths').exact();
	const lines = text.split(/\r?\n/);
	if (String(get.raw('paths') as string).startsWith('=')) return lines;
	return (lines.length > 1 ? lines : text.split(',')).map((line) => line.trim());
}

function pathText(each: unknown): string {
	if (typeof each === 'string') return each;
	throw new InvalidRequestError('Paths holds something that is not a text');
}

/** What stands in a path of its own: a folder, a file. */
export function keyOf(get: ItemParameters, wanted: string): { key: string; original?: string } {
	const isSafe = get.option('makeNamesSafe').boolean();
	const key = objectKey(isSafe ? safeName(wanted) : wanted);
	const original = isSafe ? originalName(key) : key;
	return { key, ...(original !== key && { original }) };
}

/** A file's place as it is told in the output. */
export function told({ bucket, key, original }: NamedPlace): IDataObject {
	return { bucket, path: key, ...(original !== undefined && { originalPath: original }) };
}

/** A file's place as one text: what items may have in common, and what people read. */
export function spot({ bucket, key }: Place): string {
	return `${bucket}/${key}`;
}
