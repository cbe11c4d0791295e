import { archive } from '../../../src/api/queues/publicQueues';
import { acknowledge } from '../../../src/api/queues/wrappers';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { allowedQueues, failIfMissing, messageIds, queue } from '../fields';
import { byIdsPlanOf, eachById, type ByIdsPlan } from './byIds';

export const archiveMessage = operation<ByIdsPlan>({
	name: 'Archive',
	value: 'archive',
	action: 'Archive messages of a queue',
	description: 'Move messages of a queue to its archive, where they stay to be looked at',
	writes: ['message', 'archived'],
	rights: 'SELECT and DELETE on the table of the queue, and INSERT on that of its archive',
	parameters: [queue, messageIds, optionsOf([failIfMissing, allowedQueues, ...requestOptions])],
	compile: byIdsPlanOf,
	async execute(jobs, run) {
		return await eachById(jobs, run, {
			field: 'archived',
			many: (plan, ids) => acknowledge(plan.queue, ids, true),
			one: (plan, id) => archive(plan.queue, id),
		});
	},
});
