import type { INodeProperties } from 'n8n-workflow';

import { InvalidRequestError } from '../../src/api/errors';
import { idText, type MessageId } from '../../src/api/queues/ids';
import { checkQueueName } from '../../src/api/queues/names';
import type { Field } from '../../src/n8n/field';
import type { ItemParameters } from '../../src/n8n/parameters';
import { runAsOf } from '../../src/n8n/runAs';

/** PostgreSQL's integer, in which pgmq takes seconds. */
const MOST_SECONDS = 2 ** 31 - 1;

export const queue: INodeProperties = {
	displayName: 'Queue',
	name: 'queue',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'The queue, as the dashboard shows it under Integrations, Queues',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchQueues', searchable: true },
		},
		{ displayName: 'By Name', name: 'name', type: 'string', placeholder: 'mail_to_send' },
	],
};

export const messageIds: INodeProperties = {
	displayName: 'Message IDs',
	name: 'messageIds',
	type: 'string',
	default: '={{ $json.msg_id ?? $json.message_id }}',
	required: true,
	hint: 'As it stands here, the message that the item is. One or many, with commas between, or a list.',
	description: 'The IDs that sending and reading gave. Those of many items go together.',
};

export const failIfMissing: INodeProperties = {
	displayName: 'Fail if Missing',
	name: 'failIfMissing',
	type: 'boolean',
	default: false,
	description:
		'Whether a message that is not in the queue, or that may not be changed, is an error. Otherwise the item says so with false.',
};

/** Stands among the Options of what names a queue. */
export const allowedQueues: INodeProperties = {
	displayName: 'Allowed Queues',
	name: 'allowedQueues',
	type: 'string',
	default: '',
	placeholder: 'e.g. mail_to_send, thumbnails',
	description:
		'The queues that this node may use, with commas between; none but these. For a node whose queue an AI agent or an expression chooses.',
};

/** @throws InvalidRequestError for a name that no queue can have, or one that is not allowed */
export function queueOf(get: ItemParameters): string {
	const name = checkQueueName(get.required('queue'));
	requireAllowed(get, name);
	return name;
}

/**
 * Makes sure that Allowed Queues, where it is given, holds a name; pgmq makes no difference of case.
 *
 * @throws InvalidRequestError for another one
 */
export function requireAllowed(get: ItemParameters, name: string): void {
	const names = get.option('allowedQueues').someNames();
	const wanted = name.toLowerCase();
	if (!names || names.some((each) => each.toLowerCase() === wanted)) return;
	throw new InvalidRequestError(
		`The queue "${name}" is not among those that this node may use`,
		`Use one of ${names.join(', ')}, or change Allowed Queues in Options.`,
	);
}

/**
 * The IDs that an item names, each once.
 *
 * @throws InvalidRequestError where there are none, or one is no ID
 */
export function messageIdsOf(get: ItemParameters): MessageId[] {
	const value = get.value('messageIds');
	const texts = (Array.isArray(value) ? value : [value]).flatMap((each: unknown) =>
		typeof each === 'string' ? each.split(/[\s,]+/).filter(Boolean) : [each],
	);
	if (texts.length === 0 || value === undefined || value === '') {
		throw new InvalidRequestError(
			'Message IDs is empty',
			'Name at least one. If it comes from an expression, check what that gives for this item.',
		);
	}
	return [...new Set(texts.map((each) => idText(each as MessageId)))];
}

/**
 * A number of seconds that is there.
 *
 * @throws InvalidRequestError for anything else
 */
export function secondsOf(field: Field, label: string, least: number): number {
	const seconds = field.wholeNumber(least);
	if (seconds !== undefined && seconds <= MOST_SECONDS) return seconds;
	throw new InvalidRequestError(
		seconds === undefined ? `${label} is empty` : `${label} is ${seconds} seconds`,
		`Give a whole number of seconds from ${least} to ${MOST_SECONDS}.`,
	);
}

/** Whether an item has the rights that this pack's SQL asks for. */
export function isServiceRole(get: ItemParameters): boolean {
	return runAsOf(get) === 'serviceRole';
}

/**
 * Makes sure that an item has the rights that this pack's SQL asks for.
 *
 * @param what is to be done, as in "Extending messages"
 * @throws InvalidRequestError for another Run As than Service Role
 */
export function requireServiceRole(get: ItemParameters, what: string): void {
	if (isServiceRole(get)) return;
	throw new InvalidRequestError(
		`${what} works as Service Role alone`,
		'Choose Service Role in Run As. Supabase’s own functions cannot do it, and the SQL of this pack that can is open to no other role.',
	);
}
