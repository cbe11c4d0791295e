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
	/** How often each expression was evaluated, by itself or as a part of a parameter. */
	readonly evaluated: Record<string, number>;
}

/**
 * What a node is called with, as far as parameters go. Expressions are texts such as `=field`, which
 * give that field of the item, and such as `={{ $json.field }}`.
 */
export function fakeNode(
	parameters: Readonly<Record<string, unknown>>,
	items: ReadonlyArray<Record<string, unknown>> = [{}],
): { readonly node: IExecuteFunctions; readonly reads: Reads } {
	const reads: Reads = { raw: {}, resolved: {}, evaluated: {} };
	const evaluate = (expression: string, item: number): unknown => {
		reads.evaluated[expression] = (reads.evaluated[expression] ?? 0) + 1;
		return items[item]?.[/^=\{\{ \$json\.(\w+) \}\}$/.exec(expression)?.[1] ?? expression.slice(1)];
	};
	const resolve = (value: unknown, item: number): unknown => {
		if (typeof value === 'string' && value.startsWith('=')) return evaluate(value, item);
		if (Array.isArray(value)) return value.map((each) => resolve(each, item));
		if (typeof value !== 'object' || value === null) return value;
		return Object.fromEntries(
			Object.entries(value).map(([name, each]) => [name, resolve(each, item)]),
		);
	};
	const lookUp = (name: string) =>
		name
			.match(/[^.[\]"]+/g)
			?.reduce<unknown>(
				(at, key) => (at as Record<string, unknown> | undefined)?.[key],
				parameters,
			);
	const node = {
		getInputData: () => items.map((json) => ({ json })),
		getNode: () => aNode,
		evaluateExpression: (expression: string, item: number) => evaluate(`=${expression}`, item),
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
