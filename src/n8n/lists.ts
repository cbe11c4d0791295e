import type { INodeListSearchItems } from 'n8n-workflow';

/** Items of a list for names, in their order whatever their case. */
export function named(names: readonly string[]): INodeListSearchItems[] {
	return inOrder(names.map((name) => ({ name, value: name })));
}

/** By name, whatever its case. */
export function inOrder<T extends { readonly name: string }>(items: readonly T[]): T[] {
	// Made here: the first one of a process takes several milliseconds, which n8n's start would wait for.
	const { compare } = new Intl.Collator('en', { numeric: true });
	return [...items].sort((a, b) => compare(a.name, b.name));
}

/** Those whose name has the filter in it, whatever the case of either. */
export function filtered<T extends { readonly name: string }>(
	items: readonly T[],
	filter: string,
): T[] {
	const wanted = filter.trim().toLowerCase();
	return items.filter(({ name }) => name.toLowerCase().includes(wanted));
}
