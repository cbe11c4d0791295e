import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A read as it was asked of PostgREST 16.2, and what came back. */
export interface RecordedRead {
	/** Unique. */
	readonly case: string;
	/** With the query, encoded. */
	readonly path: string;
	readonly status: number;
	readonly rows?: unknown;
	/** Of the error. */
	readonly code?: string;
}

export const recordedReads = readFileSync(
	join(__dirname, '../../../fixtures/postgrest-reads.jsonl'),
	'utf8',
)
	.trim()
	.split('\n')
	.map((line) => JSON.parse(line) as RecordedRead);
