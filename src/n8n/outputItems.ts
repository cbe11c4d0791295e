import type { INode, INodeExecutionData, IPairedItemData } from 'n8n-workflow';

import { joined } from '../api/joined';
import { pacer } from '../api/pacer';
import type { ContextOf } from './errorContext';
import { nodeError } from './errors';
import type { Result } from './operation';

/**
 * Results in the order of the items that they came from; what belongs to none for sure stands behind
 * the last.
 *
 * @param count of the items
 */
export async function inOrder(
	count: number,
	...lists: ReadonlyArray<readonly Result[]>
): Promise<readonly Result[]> {
	const pause = pacer();
	const placeOf = ({ items }: Result) => items[0] ?? count;
	const given = await joined(lists);
	if (await isSorted(given, placeOf)) return given;
	const places = new Map<number, Result[]>();
	for (const result of given) {
		if (pause.isDue()) await pause();
		const place = places.get(placeOf(result));
		if (place) place.push(result);
		else places.set(placeOf(result), [result]);
	}
	const ordered: Result[] = [];
	for (let item = 0; item <= count; item++) {
		if (pause.isDue()) await pause();
		for (const result of places.get(item) ?? []) ordered.push(result);
	}
	return ordered;
}

async function isSorted(
	results: readonly Result[],
	placeOf: (result: Result) => number,
): Promise<boolean> {
	const pause = pacer();
	let last = 0;
	for (const result of results) {
		if (pause.isDue()) await pause();
		const place = placeOf(result);
		if (place < last) return false;
		last = place;
	}
	return true;
}

/**
 * Results as n8n takes them, each paired with the items that it came from.
 *
 * @param about the node
 * @param stands what was written before, in words
 */
export async function toItems(
	results: readonly Result[],
	about: INode,
	contextOf: ContextOf,
	stands?: string,
): Promise<INodeExecutionData[]> {
	const pause = pacer();
	const items: INodeExecutionData[] = [];
	let last: Result['items'] | undefined;
	let pairedItem: IPairedItemData[] = [];
	for (const result of results) {
		if (pause.isDue()) await pause();
		// Rows of one item share what they are paired with.
		if (result.items !== last) pairedItem = result.items.map((item) => ({ item }));
		last = result.items;
		if ('error' in result) {
			const [item] = result.items;
			const context = contextOf(result.items);
			const error = nodeError(about, result.error, { item, stands, context });
			items.push(errorItem(error, about, pairedItem));
		} else {
			const { json, binary } = result;
			items.push(binary ? { json, binary, pairedItem } : { json, pairedItem });
		}
	}
	return items;
}

/**
 * An item that tells of an error in its JSON.
 *
 * On the error output n8n puts the input item's own fields beside it. It knows such an item by its
 * `error`; one that is enumerable would replace the whole JSON later.
 */
function errorItem(
	error: ReturnType<typeof nodeError>,
	{ onError }: INode,
	pairedItem: INodeExecutionData['pairedItem'],
): INodeExecutionData {
	const { code } = (error.context.data ?? {}) as { code?: string };
	const { message, description } = error;
	const json = {
		error: message,
		...(description && { details: description }),
		...(code && { code }),
	};
	const item: INodeExecutionData = { json, pairedItem };
	if (onError === 'continueErrorOutput') Object.defineProperty(item, 'error', { value: error });
	return item;
}
