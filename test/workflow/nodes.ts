import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
} from 'n8n-workflow';

const nothingToSet = { version: 1, properties: [], description: 'A stand-in for tests' };

/** Emits the items that `runWorkflow` was given; one empty item if none were, as n8n does. */
const start: INodeType = {
	description: {
		...nothingToSet,
		displayName: 'Start',
		name: 'start',
		group: ['trigger'],
		defaults: { name: 'Start' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
	},
	execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		// What a trigger emits has no origin, yet the engine pairs what a node is given.
		const items = this.getInputData().map(({ json, binary }) => ({
			json,
			...(binary && { binary }),
		}));
		return Promise.resolve([items]);
	},
};

/** Lets its items through, so that a test sees what reaches a branch. */
const noOp: INodeType = {
	description: {
		...nothingToSet,
		displayName: 'No Operation',
		name: 'noOp',
		group: ['organization'],
		defaults: { name: 'No Operation' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
	},
	execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return Promise.resolve([this.getInputData()]);
	},
};

/**
 * The node types beside the pack's own. Two of n8n's bear their real names, so that an exported
 * workflow runs unchanged: n8n-nodes-base itself is not installed.
 */
export const helperNodes: Readonly<Record<string, INodeType>> = {
	'test.start': start,
	'test.noOp': noOp,
	'n8n-nodes-base.manualTrigger': start,
	'n8n-nodes-base.noOp': noOp,
};
