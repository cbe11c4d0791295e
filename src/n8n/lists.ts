import type { INodeListSearchItems } from 'n8n-workflow';

const byName = new Intl.Collator('en', { numeric: true });

/** Items of a list for names, in their order whatever their case. */
export function named(names: readonly string[]): INodeListSearchItems[] {
	return inOrder(names.map((name) => ({ name, value: name })));
}

/** By name, whatever its case. */
export function inOrder<T extends { readonly name: string }>(items: readonly T[]): T[] {
	return [...items].sort((a, b) => byName.compare(a.name, b.name));
}

/** Those whose name has the filter in it, whatever the case of either. */
export function filtered<T extends { readonly name: string }>(
	items: readonly T[],
	filter: string,
): T[] {
	const wanted = filter.trim().toLowerCase();
	return items.filter(({ name }) => name.toLowerCase().includes(wanted));
}
