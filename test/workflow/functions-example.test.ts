import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import type { IConnections, INode } from 'n8n-workflow';

import { openEngine } from './engine';
import { credentials } from './functions-helpers';

const example = JSON.parse(
	readFileSync(join(__dirname, '..', '..', 'examples', 'call-a-function.json'), 'utf8'),
) as { nodes: INode[]; connections: IConnections };

test('the example stores what the function answered, as it is', async () => {
	const engine = await openEngine();
	const { error, outputOf } = await engine.runWorkflow({
		nodes: example.nodes.filter(({ type }) => !type.endsWith('stickyNote')),
		connections: example.connections,
		credentials,
	});
	expect(error).toBeUndefined();
	expect(outputOf('Compress')[0]?.json.contentType).toBe('application/gzip');
	const { url, secretKey } = credentials.supabaseProjectApi;
	const stored = await fetch(`${url}/storage/v1/object/private/planets.csv.gz`, {
		headers: { apikey: secretKey },
	});
	expect(stored.headers.get('content-type')).toBe('application/gzip');
	const content = gunzipSync(Buffer.from(await stored.arrayBuffer()));
	expect(String(content)).toBe(outputOf('Planets')[0]?.json.csv);
	expect(String(content)).toContain('Mercury');
	await engine.close();
});
