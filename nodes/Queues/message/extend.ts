import type { INodeProperties } from 'n8n-workflow';

import { setVisibility } from '../../../src/api/queues/wrappers';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import {
	allowedQueues,
	failIfMissing,
	messageIds,
	queue,
	requireServiceRole,
	secondsOf,
} from '../fields';
import { byIdsPlanOf, eachById, type ByIdsPlan } from './byIds';

const visibility: INodeProperties = {
	displayName: 'Visibility Timeout',
	name: 'visibility',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 60,
	hint: 'In seconds from now. 0 gives them back at once.',
	description: 'For how many seconds from now nobody else gets the messages',
};

const readCount: INodeProperties = {
	displayName: 'Only If Read Count Is',
	name: 'readCount',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 1,
	description:
		'The read_ct that the message had when it was read. One that somebody else has read since stays as it is.',
};

interface Plan extends ByIdsPlan {
	/** In seconds. */
	readonly visibility: number;
	readonly readCount: number | undefined;
}

export const extendMessage = operation<Plan>({
	name: 'Extend',
	value: 'extend',
	action: 'Set the visibility of messages',
	description: 'Hide messages that were read for longer, or give them back to the queue',
	writes: ['message', 'extended'],
	parameters: [
		queue,
		messageIds,
		visibility,
		optionsOf([failIfMissing, readCount, allowedQueues, ...requestOptions]),
	],
	compile(get) {
		requireServiceRole(get, 'Setting the visibility of messages');
		return {
			...byIdsPlanOf(get),
			visibility: secondsOf(get.field('visibility'), 'Visibility Timeout', 0),
			readCount: get.option('readCount').wholeNumber(0),
		};
	},
	async execute(jobs, run) {
		return await eachById<Plan>(jobs, run, {
			field: 'extended',
			keyOf: (plan) => [plan.visibility, plan.readCount],
			many: ({ queue: name, visibility: seconds, readCount: count }, ids) =>
				setVisibility(name, ids, seconds, count === undefined ? undefined : ids.map(() => count)),
		});
	},
});
