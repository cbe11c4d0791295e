import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { BulkWriteError } from '../../../src/api/database/written';
import { InvalidRequestError } from '../../../src/api/errors';
import { pacer } from '../../../src/api/pacer';
import { isNull, messageText } from '../../../src/api/queues/messageText';
import { sendMessages } from '../../../src/api/queues/sendMessages';
import { openWays, type Through } from '../../../src/api/queues/ways';
import { carryOut, groupBy, type Group } from '../../../src/n8n/each';
import { failed } from '../../../src/n8n/errors';
import { operation, type Result, type Run } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { allowedQueues, isServiceRole, queue, queueOf, secondsOf } from '../fields';

const message: INodeProperties = {
	displayName: 'Message',
	name: 'message',
	type: 'json',
	default: '={{ $json }}',
	hint: 'JSON of any kind. As it stands here, each item is sent whole.',
	description: 'The message, as JSON text or from an expression. Each item is a message.',
};

const delay: INodeProperties = {
	displayName: 'Delay',
	name: 'delay',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description: 'How many seconds nobody can read the message',
};

interface Plan {
	readonly queue: string;
	/** JSON text. */
	readonly message: string;
	readonly delay: number | undefined;
	readonly mayUsePack: boolean;
}

export const sendMessage = operation<Plan>({
	name: 'Send',
	value: 'send',
	action: 'Send messages to a queue',
	description: 'Put a message into a queue for each item, many items in one request',
	writes: ['message', 'sent'],
	rights: 'INSERT on the table of the queue',
	parameters: [queue, message, optionsOf([delay, allowedQueues, ...requestOptions])],
	compile(get) {
		const wait = get.option('delay');
		const plan: Plan = {
			queue: queueOf(get),
			message: messageText(get.value('message')),
			delay: wait.given ? secondsOf(wait, 'Delay', 0) : undefined,
			mayUsePack: isServiceRole(get),
		};
		if (isNull(plan.message) && !plan.mayUsePack) {
			throw new InvalidRequestError(
				'JSON null can be sent as Service Role alone',
				'Supabase’s own functions would send no value at all. Send an object, or choose Service Role in Run As.',
			);
		}
		return plan;
	},
	async execute(jobs, run) {
		const through = openWays();
		const groups = await groupBy(jobs, ({ plan }) => JSON.stringify([plan.queue, plan.delay]));
		return await carryOut(
			[...groups.values()],
			run,
			async (group) => await sendGroup(group, run, through),
			// What goes to one queue keeps its order.
			{ targetsOf: ({ plan }) => [plan.queue.toLowerCase()] },
		);
	},
});

const CUT =
	"Not every message's ID came back: the project's row cap (Max Rows) is below the number of messages in a request. They were sent, and their msg_id is null.";

async function sendGroup(group: Group<Plan>, run: Run, through: Through): Promise<Result[]> {
	const [{ plan, send }] = group;
	const itemsOf = (from: readonly number[]) => from.flatMap((index) => group[index]?.item ?? []);
	const texts = group.map((job) => job.plan.message);
	const sent = await sendMessages(send, texts, {
		queue: plan.queue,
		delay: plan.delay,
		mayUsePack: plan.mayUsePack,
		isolate: run.continueOnFail,
		through,
	}).catch((error: unknown) => {
		if (!(error instanceof BulkWriteError)) throw error;
		throw failed(itemsOf(error.from), error.error, noteOf(error));
	});
	const results: Result[] = [];
	const pause = pacer();
	for (const each of sent) {
		if (pause.isDue()) await pause();
		const items = itemsOf(each.from);
		if ('error' in each) {
			results.push({ items, error: each.error });
			continue;
		}
		const row = 'row' in each ? (each.row as IDataObject | undefined) : undefined;
		if (!row) run.hint(CUT);
		results.push({ items, json: { queue: plan.queue, msg_id: null, ...row } });
	}
	return results;
}

/** What became of messages that went together. */
function noteOf({ error, from }: BulkWriteError): string | undefined {
	if (from.length < 2) return undefined;
	const together = `${from.length} messages go together in one request.`;
	return error.outcome === 'refused' || error.outcome === 'notSent'
		? `${together} None of them was sent. Set On Error to Continue, and each item gets its own outcome.`
		: `${together} Either all of them were sent, or none.`;
}
