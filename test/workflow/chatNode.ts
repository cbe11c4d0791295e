import { NodeConnectionTypes, type IDataObject, type INodeType } from 'n8n-workflow';

/** Stands for n8n's HTTP Request, which is not installed here: gives what would be sent. */
export const chatNode: INodeType = {
	description: {
		displayName: 'HTTP Request',
		name: 'httpRequest',
		group: ['output'],
		version: [4.2],
		description: 'Gives the body that would be sent',
		defaults: { name: 'HTTP Request' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties: [
			{ displayName: 'URL', name: 'url', type: 'string', default: '' },
			{ displayName: 'JSON', name: 'jsonBody', type: 'json', default: '' },
		],
	},
	async execute() {
		return [
			this.getInputData().map((_, item) => ({
				json: this.getNodeParameter('jsonBody', item) as IDataObject,
				pairedItem: { item },
			})),
		];
	},
};
