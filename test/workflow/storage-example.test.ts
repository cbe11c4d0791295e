import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IConnections, INode, INodeType } from 'n8n-workflow';

import { helperNodes } from './nodes';
import { openEngine } from './engine';

const example = JSON.parse(
	readFileSync(join(__dirname, '..', '..', 'examples', 'store-a-file.json'), 'utf8'),
) as { nodes: INode[]; connections: IConnections };

const url = process.env.SUPABASE_URL ?? '';
const secretKey = process.env.SUPABASE_SECRET_KEY ?? '';

/** n8n's own nodes are not installed here: these let through what the test gives. */
function standIn(like: string): INodeType {
	const node = helperNodes[like] as INodeType;
	return Object.assign(Object.create(node) as INodeType, {
		description: { ...node.description, version: [1, 1.1, 2] },
	});
}

test('the example stores what it receives and answers with a link that works', async () => {
	const engine = await openEngine({
		extraNodes: {
			'n8n-nodes-base.webhook': standIn('test.start'),
			'n8n-nodes-base.respondToWebhook': standIn('test.noOp'),
		},
	});
	await fetch(`${url}/storage/v1/bucket`, {
		method: 'POST',
		headers: { apikey: secretKey, 'content-type': 'application/json' },
		body: JSON.stringify({ id: 'uploads', name: 'uploads' }),
	});
	const data = Buffer.from('a picture').toString('base64');
	const { error, outputOf } = await engine.runWorkflow({
		nodes: example.nodes.filter(({ type }) => !type.endsWith('stickyNote')),
		connections: example.connections,
		credentials: { supabaseProjectApi: { url, secretKey } },
		items: [
			{ json: {}, binary: { data: { data, fileName: 'Größe 1.png', mimeType: 'image/png' } } },
		],
	});
	expect(error).toBeUndefined();
	const [item] = outputOf('Answer');
	expect(item?.json.path).toMatch(/^\d+\/Gr!C3!B6!C3!9Fe 1\.png$/);
	const answer = await fetch(String(item?.json.signedUrl as string));
	expect([await answer.text(), answer.headers.get('content-type')]).toEqual([
		'a picture',
		'image/png',
	]);
	await engine.close();
});
