import type { Send } from '../transport';
import { rowsInRange } from './contentRange';
import { csvPage, takeLastValue, type CsvPage } from './csv';
import {
	readPages,
	type Known,
	type Page,
	type PagedRead,
	type PageForm,
	type RowSource,
} from './paging';
import type { AskedKey, KeyText } from './pairing';
import type { Row } from './table';

/** A form in which the server writes many rows as one document. */
export interface DocumentForm<Body, Part, Document> extends PageForm<Body, Part> {
	join(parts: readonly Part[]): Document;
}

type CsvPart = Page<CsvPage>;

export const csv: DocumentForm<string, CsvPage, string> = {
	format: 'csv',
	read({ body, headers }, asked) {
		const page = csvPage(body, rowsInRange(headers) ?? 0);
		return asked ? takeKeyOff(page, asked) : { part: page, rows: page.lines.length };
	},
	join(parts) {
		const [first] = parts;
		if (!first || first.lines.length === 0) return '';
		const lines = parts.map((part) => part.lines.join('\n'));
		return `${[first.names, ...lines].join('\n')}\n`;
	},
};

/** Takes the key off the lines, where it stands last. */
function takeKeyOff({ names, lines }: CsvPage, { aliases, take }: AskedKey): CsvPart {
	let last: KeyText | undefined;
	const rests = lines.map((line) => {
		const key: Row = {};
		let rest = line;
		for (let index = aliases.length; index--;) {
			const taken = takeLastValue(rest);
			rest = taken.rest;
			key[aliases[index] as string] = taken.value;
		}
		last = take(key);
		return rest;
	});
	const hidden = `,${aliases.join(',')}`;
	const shown = names.endsWith(hidden) ? names.slice(0, -hidden.length) : names;
	return { part: { names: shown, lines: rests }, rows: lines.length, last };
}

interface FeatureCollection {
	readonly type: string;
	readonly features: ReadonlyArray<{ readonly properties?: Row | null }>;
}

export const geoJson: DocumentForm<FeatureCollection, FeatureCollection, FeatureCollection> = {
	format: 'geojson',
	read({ body }, asked) {
		let last: KeyText | undefined;
		if (asked) for (const { properties } of body.features) last = asked.take(properties ?? {});
		return { part: body, rows: body.features.length, last };
	},
	join: (parts) => ({
		type: 'FeatureCollection',
		features: parts.flatMap(({ features }) => features),
	}),
};

/**
 * Reads rows as one document, in as many pages as the server makes of them.
 *
 * @throws what `send` throws
 */
export async function readDocument<Body, Part, Document>(
	send: Send,
	source: RowSource,
	read: PagedRead,
	form: DocumentForm<Body, Part, Document>,
	known: Known,
): Promise<{ readonly document: Document; readonly unordered: boolean }> {
	const { parts, unordered } = await readPages(send, source, read, form, known);
	return { document: form.join(parts), unordered };
}
