import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { NodeHelpers, type INode, type INodeParameters } from 'n8n-workflow';

import { SupabaseStorage } from '../../../nodes/Storage/SupabaseStorage.node';

const folder = join(__dirname, '..', '..', '..', 'nodes', 'Storage');
const { description } = new SupabaseStorage();

/** The names of what shows with these parameters. */
function shown(parameters: INodeParameters): string[] {
	const node = { typeVersion: 1, parameters } as unknown as INode;
	return description.properties
		.filter((property) => NodeHelpers.displayParameter(parameters, property, node, description))
		.map(({ name }) => name);
}

const chosen = { __rl: true, mode: 'list', value: 'avatars' };
const none = { __rl: true, mode: 'list', value: '' };
const file = (operation: string, rest: INodeParameters = {}) => ({
	resource: 'file',
	operation,
	...rest,
});

test.each(['upload', 'download', 'delete', 'move', 'getAll', 'createSignedUrl'])(
	'%s shows no more than the bucket until one is chosen',
	(operation) => {
		const first = ['resource', 'operation', 'bucket'];
		expect(shown(file(operation, { bucket: none }))).toEqual(first);
		expect(shown(file(operation, { bucket: chosen })).slice(0, 3)).toEqual(first);
		expect(shown(file(operation, { bucket: chosen }))).toContain('runAs');
	},
);

test('what, on what, which, with what, options, and for whom: in this order', () => {
	expect(shown(file('upload', { bucket: chosen, contentFrom: 'binary' }))).toEqual([
		'resource',
		'operation',
		'bucket',
		'path',
		'contentFrom',
		'binaryPropertyName',
		'options',
		'runAs',
	]);
	expect(shown(file('copy', { bucket: chosen })).slice(2)).toEqual([
		'bucket',
		'path',
		'toBucket',
		'toPath',
		'options',
		'runAs',
	]);
});

test('a signed upload asks for the URL, or for the token and its place, and for no right', () => {
	const by = (signedBy: string) =>
		shown(file('uploadToSignedUrl', { signedBy, contentFrom: 'text' }));
	expect(by('url').slice(2)).toEqual([
		'signedBy',
		'signedUploadUrl',
		'contentFrom',
		'text',
		'options',
	]);
	expect(by('token').slice(2)).toEqual([
		'signedBy',
		'signedBucket',
		'signedPath',
		'token',
		'contentFrom',
		'text',
		'options',
	]);
});

test('no list of options has more than eight', () => {
	const lists = description.properties.filter(({ type }) => type === 'collection');
	expect(lists.length).toBeGreaterThan(10);
	expect(Math.max(...lists.map(({ options = [] }) => options.length))).toBeLessThanOrEqual(8);
});

test('its icons are there, and it is found by what people type', () => {
	const { light, dark } = description.icon as { light: string; dark: string };
	for (const icon of [light, dark]) {
		expect(existsSync(join(folder, icon.replace('file:', '')))).toBe(true);
		expect(icon).toContain('storage');
	}
	const codex = JSON.parse(readFileSync(join(folder, 'SupabaseStorage.node.json'), 'utf8')) as {
		alias: string[];
		resources: { primaryDocumentation: Array<{ url: string }> };
	};
	const aliases = codex.alias.map((alias) => alias.toLowerCase());
	expect(aliases).toEqual(
		expect.arrayContaining(['file upload', 'upload file', 'download file', 'signed url']),
	);
	const [page] = codex.resources.primaryDocumentation;
	expect(existsSync(join(folder, '..', '..', page?.url.split('/blob/main/')[1] ?? 'none'))).toBe(
		true,
	);
});
