/** A value as Elixir's `inspect` writes it, in which the server's own messages show what it was sent. */
export function inspect(value: unknown): string {
	if (value === null || value === undefined) return 'nil';
	if (typeof value === 'string') return JSON.stringify(value);
	if (Array.isArray(value)) return `[${value.map(inspect).join(', ')}]`;
	if (typeof value !== 'object') return `${value as number | boolean}`;
	const entries = Object.entries(value)
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([key, entry]) => `${JSON.stringify(key)} => ${inspect(entry)}`);
	return `%{${entries.join(', ')}}`;
}
