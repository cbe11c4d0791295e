import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { InvalidRequestError } from '../../src/api/errors';
import { listIn } from '../../src/api/queues/answers';
import { listQueues } from '../../src/api/queues/wrappers';
import { sender } from '../../src/api/transport';
import { CREDENTIAL, projectOf } from '../../src/n8n/credential';
import { listError } from '../../src/n8n/errors';
import { filtered, named } from '../../src/n8n/lists';

/** How long to wait for an answer, in milliseconds: a person is looking. */
const TIMEOUT = 10_000;

/** For `methods.listSearch`: the queues of the project, which this pack's SQL alone can list. */
export const queueListSearch = {
	async searchQueues(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
		try {
			const project = projectOf(await this.getCredentials(CREDENTIAL));
			if (!project.secretKey) {
				throw new InvalidRequestError(
					'The credential has no Secret Key, which listing queues takes',
					'Choose By Name and type the queue, or add the key to the credential.',
				);
			}
			const send = sender(project, { authority: { role: 'service_role' }, timeout: TIMEOUT });
			const queues = listIn<{ queue_name: string }>(await send(listQueues()));
			if (queues.length === 0) {
				throw new InvalidRequestError(
					'The project has no queues',
					'Make one: resource Queue, operation Create.',
				);
			}
			return { results: filtered(named(queues.map((each) => each.queue_name)), filter) };
		} catch (error) {
			throw listError(this.getNode(), error, { operation: 'queue.list', role: 'service_role' });
		}
	},
};
