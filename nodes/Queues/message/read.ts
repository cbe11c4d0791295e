import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { InvalidRequestError } from '../../../src/api/errors';
import { pacer } from '../../../src/api/pacer';
import { read } from '../../../src/api/queues/publicQueues';
import { readMessages } from '../../../src/api/queues/readMessages';
import { openWays, type Through } from '../../../src/api/queues/ways';
import { claim } from '../../../src/api/queues/wrappers';
import { carryOut } from '../../../src/n8n/each';
import { failed } from '../../../src/n8n/errors';
import { limit } from '../../../src/n8n/limit';
import { operation, type Job, type Result, type Run } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { allowedQueues, isServiceRole, queue, queueOf, secondsOf } from '../fields';
import { lostAnswer } from './lost';

const most: INodeProperties = { ...limit, displayOptions: undefined };

const visibility: INodeProperties = {
	displayName: 'Visibility Timeout',
	name: 'visibility',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 60,
	hint: 'In seconds. Delete or archive each message within this time, or it is read again.',
	description: 'For how many seconds nobody else gets the messages',
};

interface Plan {
	readonly queue: string;
	readonly most: number;
	/** In seconds. */
	readonly visibility: number;
	readonly mayUsePack: boolean;
}

export const readMessage = operation<Plan>({
	name: 'Read',
	value: 'read',
	action: 'Read messages of a queue',
	description: 'Read messages of a queue, which hides them from others for a while',
	writes: ['message', 'read'],
	rights: 'SELECT and UPDATE on the table of the queue',
	parameters: [queue, most, visibility, optionsOf([allowedQueues, ...requestOptions])],
	compile(get) {
		const wanted = get.field('limit').wholeNumber(1);
		if (wanted === undefined) {
			throw new InvalidRequestError('Limit is empty', 'Say how many messages to read.');
		}
		return {
			queue: queueOf(get),
			most: wanted,
			visibility: secondsOf(get.field('visibility'), 'Visibility Timeout', 1),
			mayUsePack: isServiceRole(get),
		};
	},
	async execute(jobs, run) {
		const through = openWays();
		return await carryOut(
			jobs.map((job) => [job]),
			run,
			async ([job]) => await readFor(job, run, through),
			{ targetsOf: ({ plan }) => [plan.queue.toLowerCase()] },
		);
	},
});

async function readFor(
	{ item, plan, send }: Job<Plan>,
	run: Run,
	through: Through,
): Promise<Result[]> {
	const { queue: name, visibility: seconds, mayUsePack } = plan;
	const { messages, hidden, error } = await readMessages(async (size) => {
		const own = async () => await send(read(name, seconds, size));
		// In no order: whoever reads by this node deletes one by one, and others may read beside it.
		const pack = async () => await send(claim(name, { visibility: seconds, size, ordered: false }));
		return await through(
			mayUsePack
				? [
						['public', own],
						['pack', pack],
					]
				: [['public', own]],
		);
	}, plan.most);
	if (hidden > 0) run.hint(cutOff(hidden, seconds));
	const results: Result[] = [];
	const pause = pacer();
	for (const message of messages) {
		if (pause.isDue()) await pause();
		results.push({ items: [item], json: { queue: name, ...message } as IDataObject });
	}
	if (error === undefined) return results;
	const failure = lostAnswer(error, comesBack(seconds));
	if (!run.continueOnFail) {
		throw failed([item], failure, messages.length > 0 ? comesBack(seconds) : undefined);
	}
	results.push({ items: [item], error: failure });
	return results;
}

function comesBack(seconds: number): string {
	return `Messages that were read can be read again after ${seconds} seconds.`;
}

function cutOff(hidden: number, seconds: number): string {
	return `${hidden} more messages were hidden than came: the project's row cap (Max Rows) is below what was asked for at once. They can be read again after ${seconds} seconds. Keep Limit below that cap.`;
}
