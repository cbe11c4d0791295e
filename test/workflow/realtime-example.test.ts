import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IConnections, INode } from 'n8n-workflow';
import postgres from 'postgres';

import { stackControl } from '../stack/control';
import { chatNode } from './chatNode';
import { sharedStack } from './database-helpers';
import { openEngine } from './engine';
import { stack } from './realtime-helpers';
import { activateWorkflow } from './triggers';

const example = JSON.parse(
	readFileSync(join(__dirname, '..', '..', 'examples', 'order-to-chat.json'), 'utf8'),
) as { nodes: INode[]; connections: IConnections };

/** What the note of the example tells a person to run. */
const statements = () => {
	const note = example.nodes.find(({ type }) => type.endsWith('stickyNote'));
	return [...String(note?.parameters.content as string).matchAll(/`([^`]+;)`/g)].map(
		([, statement = '']) => statement,
	);
};

test('the example sends a message for each new order, by the SQL in its note', async () => {
	const sql = postgres(sharedStack.databaseUrl, { max: 1, onnotice() {} });
	const engine = await openEngine({ extraNodes: { 'n8n-nodes-base.httpRequest': chatNode } });
	await sql`drop table if exists orders`;
	expect(statements()).toHaveLength(3);
	for (const statement of statements()) await sql.unsafe(statement);
	await sql`grant all on orders to service_role`;
	await stackControl().reloadSchema();
	const workflow = await activateWorkflow(engine, {
		nodes: example.nodes.filter(({ type }) => !type.endsWith('stickyNote')),
		connections: example.connections,
		credentials: stack,
		runs: true,
	});
	try {
		await sql`insert into orders (customer, total) values ('Ada', 12.5), ('Bob', 3)`;
		await workflow.until(() => workflow.outcomes.length >= 2);
		const sent = workflow.outcomes.map(({ outputOf }) => outputOf('Send Message')[0]?.json.text);
		expect(sent.sort()).toEqual(['New order 1 from Ada: 12.5', 'New order 2 from Bob: 3']);
	} finally {
		await workflow.close();
		await sql`drop table orders`;
		await sql.end();
		await engine.close();
	}
});
