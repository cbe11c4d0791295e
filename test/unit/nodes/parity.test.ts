import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ICredentialType, INodeType, INodeTypeDescription } from 'n8n-workflow';

const ROOT = resolve(__dirname, '../../..');
const read = (path: string) => readFileSync(resolve(ROOT, path), 'utf8');

/** The columns of a row: what the reference of Supabase calls it, and where the pack has it. */
type Row = Record<'section' | 'example' | 'node' | 'resource' | 'operation' | 'with', string>;

const [head = '', ...lines] = read('test/fixtures/parity.tsv').trim().split('\n');
const names = head.split('\t') as Array<keyof Row>;
const rows = lines.map((line) => {
	const values = line.split('\t');
	return Object.fromEntries(names.map((name, index) => [name, values[index] ?? ''])) as Row;
});

/** What package.json lists, which is what n8n loads. */
const listed = (JSON.parse(read('package.json')) as { n8n: Record<string, string[]> }).n8n;
const made = <Type>(list: string): Type[] =>
	(listed[list] ?? []).flatMap((path) => {
		const source = path.replace(/^dist\//, '').replace(/\.js$/, '');
		// eslint-disable-next-line @typescript-eslint/no-require-imports -- the paths are data
		const file = require(resolve(ROOT, source)) as Record<string, new () => Type>;
		return Object.values(file).map((Each) => new Each());
	});

const nodes = new Map(
	made<INodeType>('nodes').map(({ description }) => [description.name, description]),
);

function offers(node: INodeTypeDescription, { resource, operation }: Row): boolean {
	// A trigger has kinds of events in the place of operations.
	const asked = node.group.includes('trigger') ? 'listenTo' : 'operation';
	return node.properties.some(
		({ name, displayOptions, options = [] }) =>
			name === asked &&
			(['*', '-'].includes(resource) || displayOptions?.show?.resource?.includes(resource)) &&
			(['*', '-'].includes(operation) ||
				options.some((option) => 'value' in option && option.value === operation)),
	);
}

const isOfNode = ({ node }: Row) => node !== '*' && node !== 'credential';

test.each(rows.filter(isOfNode))('$section, $example: $node $resource $operation', (row) => {
	const node = nodes.get(row.node);
	expect([row.node, node !== undefined && offers(node, row)]).toEqual([row.node, true]);
});

test('the credential of the reference is there', () => {
	const credentials = made<ICredentialType>('credentials').map(({ name }) => name);
	for (const { operation } of rows.filter(({ node }) => node === 'credential')) {
		expect(credentials).toContain(operation);
	}
});
