import type { INodeProperties } from 'n8n-workflow';

import { InvalidRequestError } from '../../../src/api/errors';
import { countIn } from '../../../src/api/queues/answers';
import { purge } from '../../../src/api/queues/wrappers';
import { eachItem } from '../../../src/n8n/each';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { allowedQueues, queue, queueOf, requireServiceRole } from '../fields';

const notice: INodeProperties = {
	displayName:
		'This deletes <b>every message of the queue</b>, for good. Archived ones stay in the archive.',
	name: 'purgeNotice',
	type: 'notice',
	default: '',
};

const deleteAll: INodeProperties = {
	displayName: 'Delete All Messages',
	name: 'deleteAll',
	type: 'boolean',
	default: false,
	description:
		'Whether to delete every message of the queue, also those that somebody is working on. Otherwise the purge is refused.',
};

export const purgeQueue = operation<{ readonly queue: string }>({
	name: 'Purge',
	value: 'purge',
	action: 'Purge a queue',
	description: 'Delete every message of a queue',
	writes: ['message', 'deleted'],
	parameters: [notice, queue, deleteAll, optionsOf([allowedQueues, ...requestOptions])],
	compile(get) {
		requireServiceRole(get, 'Purging a queue');
		if (!get.boolean('deleteAll')) {
			throw new InvalidRequestError(
				'A purge deletes every message of the queue, which is not confirmed',
				'Switch on Delete All Messages.',
			);
		}
		return { queue: queueOf(get) };
	},
	execute: eachItem(
		async ({ plan, send }) => {
			const deleted = countIn(await send(purge(plan.queue)));
			return { json: { queue: plan.queue, deleted } };
		},
		{ targetsOf: ({ plan }) => [plan.queue.toLowerCase()] },
	),
});
