import type { IExecuteFunctions, INode, NodeParameterValueType } from 'n8n-workflow';

export const aNode: INode = {
	id: '1',
	name: 'Supabase',
	type: 'supabaseDatabase',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

export interface Reads {
	/** How often each parameter was read as it stands, expressions unresolved. */
	readonly raw: Record<string, number>;
	/** How often each was resolved for an item. */
	readonly resolved: Record<string, number>;
}

/**
 * What a node is called with, as far as parameters go. Expressions are texts such as `=field`, which
 * give that field of the item.
 */
export function fakeNode(
	parameters: Readonly<Record<string, unknown>>,
	items: ReadonlyArray<Record<string, unknown>> = [{}],
): { readonly node: IExecuteFunctions; readonly reads: Reads } {
	const reads: Reads = { raw: {}, resolved: {} };
	const resolve = (value: unknown, item: number): unknown => {
		if (typeof value === 'string' && value.startsWith('=')) return items[item]?.[value.slice(1)];
		if (Array.isArray(value)) return value.map((each) => resolve(each, item));
		if (typeof value !== 'object' || value === null) return value;
		return Object.fromEntries(
			Object.entries(value).map(([name, each]) => [name, resolve(each, item)]),
		);
	};
	const lookUp = (name: string) =>
		name
			.split('.')
			.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], parameters);
	const node = {
		getInputData: () => items.map((json) => ({ json })),
		getNode: () => aNode,
		getNodeParameter(
			name: string,
			item: number,
			fallback: unknown,
			options?: { rawExpressions?: boolean },
		) {
			const counts = options?.rawExpressions ? reads.raw : reads.resolved;
			counts[name] = (counts[name] ?? 0) + 1;
			const value = lookUp(name) ?? fallback;
			return (options?.rawExpressions ? value : resolve(value, item)) as NodeParameterValueType;
		},
	};
	return { node: node as unknown as IExecuteFunctions, reads };
}
