import type { Resource } from './operation';

/**
 * A node's subtitle on the canvas, as an expression: the operation in words, and on what, such as
 * `Create or Update: contacts`.
 *
 * @param targets the parameters that may say on what; the first that is filled in does
 */
export function subtitleOf(resources: readonly Resource[], ...targets: string[]): string {
	const names = Object.fromEntries(
		resources.flatMap(({ value, operations }) =>
			operations.map((operation) => [`${value}.${operation.value}`, operation.name]),
		),
	);
	const target = targets.map((name) => `$parameter["${name}"]`).join(' || ');
	return `={{ (${JSON.stringify(names)})[$parameter["resource"] + "." + $parameter["operation"]] + (${target} ? ": " + (${target}) : "") }}`;
}
