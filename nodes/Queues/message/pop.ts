import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { messagesIn } from '../../../src/api/queues/answers';
import { pop } from '../../../src/api/queues/publicQueues';
import { eachItem } from '../../../src/n8n/each';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { allowedQueues, queue, queueOf } from '../fields';
import { lostAnswer } from './lost';

const notice: INodeProperties = {
	displayName:
		'The message is deleted as it is read: <b>if the answer is lost, or the workflow fails behind it, so is the message</b>. Read and then Delete loses none.',
	name: 'popNotice',
	type: 'notice',
	default: '',
};

const LOST =
	'If the message was taken, it is lost: nothing gives it back. Read and then Delete loses none.';

export const popMessage = operation<{ readonly queue: string }>({
	name: 'Pop',
	value: 'pop',
	action: 'Pop a message from a queue',
	description: 'Take the first message out of a queue, which deletes it',
	writes: ['message', 'taken out'],
	rights: 'SELECT and DELETE on the table of the queue',
	parameters: [queue, notice, optionsOf([allowedQueues, ...requestOptions])],
	compile: (get) => ({ queue: queueOf(get) }),
	execute: eachItem(
		async ({ plan, send }) => {
			const answer = await send(pop(plan.queue)).catch((error: unknown) => {
				throw lostAnswer(error, LOST);
			});
			return messagesIn(answer).map((message) => ({
				json: { queue: plan.queue, ...message } as IDataObject,
			}));
		},
		{ targetsOf: ({ plan }) => [plan.queue.toLowerCase()] },
	),
});
