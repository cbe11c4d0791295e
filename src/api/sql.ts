import type { Table } from './database/table';

/** A name as SQL has it, whatever is in it. */
export function identifier(name: string): string {
	return `"${name.replace(/"/g, '""')}"`;
}

/** A text as SQL has it, whatever is in it. */
export function literal(text: string): string {
	const quoted = `'${text.replace(/'/g, "''")}'`;
	return text.includes('\\') ? `E${quoted.replace(/\\/g, '\\\\')}` : quoted;
}

/** A table as SQL has it, with its schema. */
export function named({ schema, name }: Table): string {
	return `${identifier(schema)}.${identifier(name)}`;
}
