/** Whether n8n takes a value for an expression. */
export function isExpression(value: unknown): value is string {
	return typeof value === 'string' && value.startsWith('=');
}

/** Whether an expression stands anywhere in it; a resource mapper's `schema` is large and never holds one. */
export function holdsExpression(value: unknown): boolean {
	if (typeof value !== 'object' || value === null) return isExpression(value);
	return Object.entries(value).some(([key, part]) => {
		const isSchema = key === 'schema' && Array.isArray(part);
		return !isSchema && holdsExpression(part);
	});
}

/**
 * The value with its expressions resolved; what it is made of is no part of the result.
 *
 * @param resolve one expression
 * @throws what `resolve` throws
 */
export function resolvedBy(value: unknown, resolve: (expression: string) => unknown): unknown {
	if (isExpression(value)) return resolve(value);
	if (Array.isArray(value)) return value.map((part) => resolvedBy(part, resolve));
	if (typeof value !== 'object' || value === null) return value;
	const parts = Object.entries(value).map(([key, part]) => [key, resolvedBy(part, resolve)]);
	return Object.fromEntries(parts);
}
