import { Readable } from 'node:stream';

import type { IExecuteFunctions } from 'n8n-workflow';

import { downloadFile } from '../../../nodes/Storage/file/download';
import type { Send } from '../../../src/api/transport';
import type { Run } from '../../../src/n8n/operation';
import { parameterReader } from '../../../src/n8n/parameters';
import { rejectionOf } from '../thrown';

it('lets go of the connection when n8n cannot store the file', async () => {
	const body = new Readable({ read() {} });
	const send = (async () => ({ status: 200, headers: {}, body })) as unknown as Send;
	const run = {
		continueOnFail: false,
		files: { store: async () => await Promise.reject(new Error('The store is full')) },
	} as unknown as Run;
	const parameters: Record<string, unknown> = {
		bucket: 'b',
		path: 'a.txt',
		binaryPropertyName: 'data',
		runAs: 'serviceRole',
		options: {},
	};
	const node = {
		getInputData: () => [{ json: {} }],
		getNodeParameter: (name: string) => parameters[name],
	} as unknown as IExecuteFunctions;
	const plan = downloadFile.compile(parameterReader(node, downloadFile.parameters)(0));
	const job = { item: 0, plan, send, sendAfterCancel: send } as never;
	await rejectionOf(downloadFile.execute([job], run));
	await new Promise((resolve) => setTimeout(resolve, 10));
	expect(body.destroyed).toBe(true);
});
