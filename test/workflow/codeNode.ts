import type { INodeExecutionData, INodeType } from 'n8n-workflow';

type Code = (input: { all: () => INodeExecutionData[] }) => INodeExecutionData[];

/**
 * Stands for n8n's Code node, which is not among what this repository installs: it runs once for all
 * items, and knows `$input.all()`. It is for the examples, whose code is ours.
 */
export const codeNode: INodeType = {
	description: {
		displayName: 'Code',
		name: 'code',
		version: [1, 2],
		group: ['transform'],
		description: 'Runs the code that the example brings',
		defaults: { name: 'Code' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [{ displayName: 'Code', name: 'jsCode', type: 'string', default: '' }],
	},
	async execute() {
		// eslint-disable-next-line @typescript-eslint/no-implied-eval -- it is our own example
		const code = new Function('$input', this.getNodeParameter('jsCode', 0) as string) as Code;
		return [code({ all: () => this.getInputData() })];
	},
};
