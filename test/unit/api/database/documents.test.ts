import fc from 'fast-check';

import { csv, geoJson, readDocument } from '../../../../src/api/database/documents';
import { tableSource, type PagedRead } from '../../../../src/api/database/paging';
import { newRowCap } from '../../../../src/api/database/rowCap';
import type { Row } from '../../../../src/api/database/table';
import type { Send } from '../../../../src/api/transport';
import { fakeTable, type TableRules } from './fakeTable';

const table = tableSource({ schema: 'public', name: 'places' });
const known = () => ({ findKey: async () => ['id'], cap: newRowCap() });

const valueOf = (value: unknown) => {
	if (value === null) return '';
	const text = String(value as string | number);
	return /["\\(),\s]|^$/.test(text) ? `"${text.replace(/["\\]/g, '$&$&')}"` : text;
};

/** As PostgREST writes it: no line feed at the end, and no names where there is no row. */
function csvOf(rows: readonly Row[]): string {
	const lines = rows.map((row) => Object.values(row).map(valueOf).join(','));
	return `${Object.keys(rows[0] ?? {}).join(',')}\n${lines.join('\n')}`;
}

const geoJsonOf = (rows: readonly Row[]) => ({
	type: 'FeatureCollection',
	features: rows.map((properties) => ({ type: 'Feature', geometry: null, properties })),
});

/** A table whose pages come in another form. */
function tableAs(form: (rows: readonly Row[]) => unknown, rows: Row[], rules: TableRules) {
	const inner = fakeTable(rows, rules);
	const send = (async (request) => {
		const { body, ...answer } = await inner<Row[]>(request);
		return { ...answer, body: form(body) };
	}) as Send;
	return Object.assign(send, { requests: inner.requests });
}

async function asCsv(rows: Row[], rules: TableRules, read: PagedRead = {}) {
	const send = tableAs(csvOf, rows, rules);
	return (await readDocument(send, table, read, csv, known())).document;
}

const texts = fc.constantFrom(null, '', 'a', 'a,b', 'say "x"', 'two\nlines', '\n', '\\', '(x)');

it('CSV of several pages is that of one, rows with awkward text included', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(texts, { maxLength: 40 }),
			fc.integer({ min: 1, max: 10 }),
			fc.constantFrom('*', 'text', 'id,text', 'text,id'),
			fc.boolean(),
			fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
			async (values, cap, columns, ordered, limit) => {
				const rows = values.map((text, index) => ({ id: index + 1, text }));
				const order = ordered ? [{ column: 'text' }] : undefined;
				const read = { columns, order, limit };
				const whole = await asCsv([...rows], {}, { ...read, limit: limit ?? 100 });
				expect(await asCsv([...rows], { cap }, read)).toBe(whole);
			},
		),
	);
});

it('CSV of one column keeps its empty lines', async () => {
	const rows = [null, 'a', null, null].map((text, index) => ({ id: index, text }));
	expect(await asCsv(rows, { cap: 2 }, { columns: 'text' })).toBe('text\n\na\n\n\n');
});

it('CSV of no rows is empty', async () => {
	expect(await asCsv([], {})).toBe('');
});

it.each([
	['CSV', csvOf],
	['GeoJSON', geoJsonOf],
])(
	'%s follows the key, so that rows which come and go are neither lost nor doubled',
	async (name, form) => {
		const rows = Array.from({ length: 20 }, (_, index) => ({ id: 2 * index, text: `t${index}` }));
		const lasting = rows.slice(10).map(({ id }) => id);
		// The first rows go and others come before what was read.
		const afterPage = () => {
			rows.splice(0, 2);
			rows.unshift({ id: -rows.length, text: 'new' });
		};
		const send = tableAs(form as typeof csvOf, rows as Row[], { cap: 3, afterPage });
		const ids =
			name === 'CSV'
				? (await readDocument(send, table, {}, csv, known())).document
						.trimEnd()
						.split('\n')
						.slice(1)
						.map((line) => Number(line.split(',')[0]))
				: (await readDocument(send, table, {}, geoJson, known())).document.features.map(
						({ properties }) => properties?.id as number,
					);
		expect(new Set(ids).size).toBe(ids.length);
		expect(ids).toEqual(expect.arrayContaining(lasting));
		expect(
			send.requests.flatMap(({ query = [] }) => query).filter(([q]) => q === 'offset'),
		).toEqual([]);
	},
);

it('pages in an order have their ties broken by the key', async () => {
	const rows = Array.from({ length: 30 }, (_, index) => ({ id: index, text: `t${index % 2}` }));
	const send = tableAs(csvOf, rows, { cap: 4 });
	const read = { order: [{ column: 'text' }], columns: 'text' };
	await readDocument(send, table, read, csv, known());
	expect(
		new Set(send.requests.map(({ query = [] }) => query.find(([q]) => q === 'order')?.[1])),
	).toEqual(new Set(['text.asc,id.asc']));
});

it('GeoJSON shows no key that was not asked for', async () => {
	const rows = Array.from({ length: 5 }, (_, id) => ({ id, text: `t${id}` }));
	const send = tableAs(geoJsonOf as unknown as typeof csvOf, rows, { cap: 2 });
	const { document } = await readDocument(send, table, { columns: 'text' }, geoJson, known());
	expect(document).toEqual(geoJsonOf(rows.map(({ text }) => ({ text }))));
});
