import type { INodeProperties } from 'n8n-workflow';

import { truthIn } from '../../../src/api/queues/answers';
import { checkNewQueueName } from '../../../src/api/queues/names';
import { createQueue } from '../../../src/api/queues/wrappers';
import { eachItem } from '../../../src/n8n/each';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { allowedQueues, requireAllowed, requireServiceRole } from '../fields';

const queueName: INodeProperties = {
	displayName: 'Queue Name',
	name: 'queueName',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. mail_to_send',
	hint: 'Up to 42 of a to z, digits and _, with a letter first',
	description: 'The name of the new queue. One that is there already stays as it is.',
};

const unlogged: INodeProperties = {
	displayName: 'Unlogged',
	name: 'unlogged',
	type: 'boolean',
	default: false,
	description:
		'Whether to make it faster and less safe: it is emptied when PostgreSQL crashes, and its IDs begin again',
};

interface Plan {
	readonly queue: string;
	readonly unlogged: boolean | undefined;
}

export const createNewQueue = operation<Plan>({
	name: 'Create',
	value: 'create',
	action: 'Create a queue',
	description: 'Make a queue, unless it is there already',
	writes: ['queue', 'created'],
	parameters: [queueName, optionsOf([unlogged, allowedQueues, ...requestOptions])],
	compile(get) {
		requireServiceRole(get, 'Making a queue');
		const queue = checkNewQueueName(get.required('queueName'));
		requireAllowed(get, queue);
		return {
			queue,
			unlogged: get.option('unlogged').boolean() || undefined,
		};
	},
	execute: eachItem(
		async ({ plan, send }, run) => {
			const created = truthIn(await send(createQueue(plan.queue, plan.unlogged)));
			if (!created) run.hint('Some queues were there already and stay as they are.');
			return { json: { queue: plan.queue, created } };
		},
		{ targetsOf: ({ plan }) => [plan.queue] },
	),
});
