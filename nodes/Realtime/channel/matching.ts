import { isDeepStrictEqual } from 'node:util';

/**
 * Whether something has all that is wanted of it.
 *
 * @param wanted values by their path, such as `{"order.id": 5}`
 */
export function matches(found: unknown, wanted: Readonly<Record<string, unknown>>): boolean {
	return Object.entries(wanted).every(([path, value]) =>
		isDeepStrictEqual(valueAt(found, path), value),
	);
}

function valueAt(found: unknown, path: string): unknown {
	let at = found;
	for (const name of path.split('.')) {
		if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
		at = (at as Record<string, unknown>)[name];
	}
	return at;
}
