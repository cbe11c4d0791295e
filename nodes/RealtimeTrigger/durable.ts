import { InvalidRequestError } from '../../src/api/errors';
import { checkNewQueueName, checkQueueName } from '../../src/api/queues/names';
import type { CapturedTable } from '../../src/api/queues/plan';
import { MOST_CLAIMED } from '../../src/api/queues/wrappers';
import type { Field } from '../../src/n8n/field';
import { FILE_EVENTS, USER_EVENTS } from '../../src/n8n/trigger/captured';
import { ACKNOWLEDGE, STATUSES, type Acknowledge } from '../../src/n8n/trigger/outcomes';
import type { TriggerParameters } from '../../src/n8n/trigger/parameters';
import type { DurableDelivery } from '../../src/n8n/trigger/plan';
import { manyOf, oneOf, some } from './choices';

const CHANGES = ['insert', 'update', 'delete'] as const;

/** The longest time limit, in seconds: no timer waits longer. */
const LONGEST = 2_000_000;

/** Which of what comes through queues is chosen. */
interface Chosen {
	readonly changes: boolean;
	readonly users: boolean;
	readonly files: boolean;
	readonly queueMessages: boolean;
}

/**
 * What comes through queues, as the form says.
 *
 * @returns `undefined` where nothing does
 * @throws InvalidRequestError for what is missing or cannot be
 */
export function durableOf(get: TriggerParameters, chosen: Chosen): DurableDelivery | undefined {
	const captures = chosen.changes || chosen.users || chosen.files;
	if (!captures && !chosen.queueMessages) return undefined;
	const captured = captures ? capturedOf(get, chosen) : undefined;
	const queues = chosen.queueMessages ? queuesOf(get.field('messageQueues')) : [];
	const all = [...(captured ? [captured.plan.queue] : []), ...queues];
	const twice = all.find((queue, index) => all.indexOf(queue) !== index);
	if (twice !== undefined) {
		throw new InvalidRequestError(
			`The queue "${twice}" stands in the form twice`,
			'Each queue is read once. Remove one of them.',
		);
	}
	const claims = get.option('claims').collection();
	const size = claims('size').wholeNumber(1);
	if (size !== undefined && size > MOST_CLAIMED) {
		throw new InvalidRequestError(
			`Messages at Most is ${size}`,
			`A claim has ${MOST_CLAIMED} messages at most.`,
		);
	}
	const poll = claims('poll').wholeNumber(1);
	return {
		captured,
		queues,
		acknowledge: acknowledgeOf(get),
		attempts: get.option('attempts').wholeNumber(1),
		timeLimit: limitOf(get.option('timeLimit')),
		size,
		visibility: claims('visibility').wholeNumber(10),
		poll: poll && poll * 1000,
	};
}

function capturedOf(
	get: TriggerParameters,
	{ changes, users, files }: Chosen,
): NonNullable<DurableDelivery['captured']> {
	const buckets = files ? bucketsOf(get) : undefined;
	return {
		plan: {
			queue: checkNewQueueName(get.field('queue').required()),
			tables: changes ? tablesOf(get.field('tables')) : [],
			users,
			...(files && { files: { buckets } }),
		},
		wanted: {
			users: users ? manyOf(get.field('userEvents'), USER_EVENTS) : [],
			files: files ? manyOf(get.field('fileEvents'), FILE_EVENTS) : [],
			buckets,
		},
	};
}

function tablesOf(field: Field): CapturedTable[] {
	const names = new Set<string>();
	return some(field, 'table').map((row) => {
		const options = row('tableOptions').collection();
		const schema = row('schema').required();
		const name = row('table').required();
		const table = `${schema}.${name}`;
		if (names.has(table)) {
			throw new InvalidRequestError(
				`The table "${table}" stands in Tables twice`,
				'With Durable a table is captured once: choose all of its events in one place.',
			);
		}
		names.add(table);
		return {
			schema,
			name,
			events: manyOf(row('events'), CHANGES),
			omit: options('omitColumns').someNames(),
			bulk: options('bulk').boolean(),
		};
	});
}

function bucketsOf(get: TriggerParameters): readonly string[] | undefined {
	if (oneOf(get.field('whichBuckets'), ['all', 'selected'] as const) === 'all') return undefined;
	const buckets = get.field('buckets').names();
	if (buckets.length > 0) return buckets;
	throw new InvalidRequestError('Bucket Names is empty', 'Name at least one, or choose All.');
}

function queuesOf(field: Field): string[] {
	return some(field, 'queue').map((row) => checkQueueName(row('name').required()));
}

function acknowledgeOf(get: TriggerParameters): Acknowledge {
	const when = get.option('acknowledge').oneOf(ACKNOWLEDGE) ?? 'onSuccess';
	if (when !== 'onStatus') return { when, statuses: [] };
	const statuses = get.option('allowedStatuses');
	// What the editor fills in where nothing was chosen.
	return { when, statuses: statuses.given ? manyOf(statuses, STATUSES) : ['success'] };
}

function limitOf(field: Field): number | undefined {
	const seconds = field.wholeNumber(1);
	if (seconds === undefined || seconds <= LONGEST) return seconds && seconds * 1000;
	throw new InvalidRequestError(
		`Time Limit is ${seconds} seconds`,
		`It can be up to ${LONGEST}, which are 23 days.`,
	);
}
