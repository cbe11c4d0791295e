import type { INodeProperties, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { SupabaseDatabase } from '../../nodes/Database/SupabaseDatabase.node';
import { SupabaseFunctions } from '../../nodes/Functions/SupabaseFunctions.node';
import { SupabaseStorage } from '../../nodes/Storage/SupabaseStorage.node';
import { named } from './database-helpers';
import { chain, openEngine, type Engine } from './engine';

/** A node as n8n makes it a tool: the replacements lie over the description. */
function toolOf(node: INodeType): INodeTypeDescription {
	const { usableAsTool, ...description } = node.description;
	if (typeof usableAsTool !== 'object') throw new Error('It is no tool of its own');
	return { ...description, ...usableAsTool.replacements };
}

/** Gives the description that a model is told. */
function describing(node: INodeType): INodeType {
	return {
		description: { ...toolOf(node), credentials: [] },
		async execute() {
			const { runAs, options } = this.getNode().parameters;
			const description = this.getNodeParameter('toolDescription', 0) as string;
			return [[{ json: { description, runAs: runAs as string, options: options as object } }]];
		},
	};
}

let engine: Engine;

beforeAll(async () => {
	engine = await openEngine({
		extraNodes: {
			'test.database': describing(new SupabaseDatabase()),
			'test.storage': describing(new SupabaseStorage()),
			'test.functions': describing(new SupabaseFunctions()),
		},
	});
});

afterAll(async () => {
	await engine.close();
});

async function told(type: string, parameters: Record<string, unknown>) {
	const { outputOf, error } = await engine.runWorkflow({
		nodes: [
			{ name: 'Start', type: 'test.start' },
			{ name: 'Tool', type, parameters: parameters as never },
		],
		connections: chain('Start', 'Tool'),
	});
	if (error) throw new Error(error.message);
	return outputOf('Tool')[0]?.json;
}

const fromModel = "={{ $fromAI('name', 'Which one', 'string') }}";

test.each([
	[
		'test.database',
		{ resource: 'row', operation: 'select', table: named('contacts') },
		'Read rows of a table or view. table: contacts.',
	],
	[
		'test.database',
		{ resource: 'row', operation: 'select', table: named(fromModel) },
		'Read rows of a table or view.',
	],
	[
		'test.database',
		{ resource: 'function', operation: 'call', function: named('add_numbers') },
		'Call a function of the database. function: add_numbers.',
	],
	[
		'test.storage',
		{ resource: 'bucket', operation: 'get', bucket: named('avatars') },
		'Read the settings of a bucket. bucket: avatars.',
	],
])('%s %j tells a model what it works on', async (type, parameters, description) => {
	expect(await told(type, parameters)).toMatchObject({ description });
});

test('a tool begins with the fewest rights, and with an allow list that is to be filled in', async () => {
	expect(
		await told('test.database', { resource: 'row', operation: 'select', table: named('contacts') }),
	).toMatchObject({ runAs: 'anonymous', options: { allowedTables: '' } });
});

test.each([new SupabaseDatabase(), new SupabaseStorage(), new SupabaseFunctions()])(
	'whoever gives a tool the rights of the service role is warned',
	(node) => {
		const notice = toolOf(node).properties.find(({ name }) => name === 'toolRightsNotice');
		expect(notice?.displayOptions?.show).toEqual({ runAs: ['serviceRole'] });
		const plain = (properties: INodeProperties[]) =>
			properties.find(({ name }) => name === 'runAs')?.default;
		expect(plain(node.description.properties)).toBe('serviceRole');
		expect(plain(toolOf(node).properties)).toBe('anonymous');
	},
);
