import { remove } from '../../../src/api/queues/publicQueues';
import { acknowledge } from '../../../src/api/queues/wrappers';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { allowedQueues, failIfMissing, messageIds, queue } from '../fields';
import { byIdsPlanOf, eachById, type ByIdsPlan } from './byIds';

export const deleteMessage = operation<ByIdsPlan>({
	name: 'Delete',
	value: 'delete',
	action: 'Delete messages of a queue',
	description: 'Delete messages of a queue for good, many in one request where that is possible',
	writes: ['message', 'deleted'],
	rights: 'SELECT and DELETE on the table of the queue',
	parameters: [queue, messageIds, optionsOf([failIfMissing, allowedQueues, ...requestOptions])],
	compile: byIdsPlanOf,
	async execute(jobs, run) {
		return await eachById(jobs, run, {
			field: 'deleted',
			many: (plan, ids) => acknowledge(plan.queue, ids),
			one: (plan, id) => remove(plan.queue, id),
		});
	},
});
