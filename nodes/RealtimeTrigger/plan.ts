import type { Row } from '../../src/api/database/table';
import { InvalidRequestError } from '../../src/api/errors';
import { objectOf, parseJson } from '../../src/api/json';
import { parseExactly } from '../../src/api/numbers';
import type { Start } from '../../src/api/realtime/catchUp/state';
import type { Room } from '../../src/api/realtime/rooms';
import { rowFilter } from '../../src/api/realtime/rowFilter';
import type { Field, Fields } from '../../src/n8n/field';
import { filterOf, operatorOf, type ValueForm } from '../../src/n8n/filterOperators';
import type { TriggerParameters } from '../../src/n8n/trigger/parameters';
import type { ListenedTable, TriggerPlan } from '../../src/n8n/trigger/plan';
import { manyOf, oneOf, some } from './choices';
import { durableOf } from './durable';
import { DELIVERIES, KINDS } from './listenTo';

const CHANGES = ['insert', 'update', 'delete'] as const;
const RUN_AS = ['serviceRole', 'anonymous', 'user'] as const;
const PRESENCE_EVENTS = ['join', 'leave', 'sync'] as const;

/**
 * What the form says, checked: whatever Realtime would refuse for its form is refused here.
 *
 * @throws InvalidRequestError for what is missing or cannot be
 */
export function planOf(get: TriggerParameters): TriggerPlan {
	const kinds = manyOf(get.field('listenTo'), KINDS);
	const listens = (kind: (typeof KINDS)[number]) => kinds.includes(kind);
	const delivery = listens('postgresChanges') && oneOf(get.field('delivery'), DELIVERIES);
	const catchesUp = delivery === 'catchUp';
	const runAs = oneOf(get.field('runAs'), RUN_AS);
	const durable = durableOf(get, {
		changes: delivery === 'durable',
		users: listens('users'),
		files: listens('files'),
		queueMessages: listens('queueMessages'),
	});
	if (durable && runAs !== 'serviceRole') {
		throw new InvalidRequestError(
			'Queues are read as Service Role alone',
			'Choose Service Role in Run As. The functions that read queues are open to no other role, as queues hold copies of rows past their policies.',
		);
	}
	const batch = get.option('batch');
	const amount = batch.given ? batch.collection() : undefined;
	return {
		tables: delivery && delivery !== 'durable' ? tablesOf(get.field('tables'), catchesUp) : [],
		rooms: merged([
			...(listens('broadcast') ? some(get.field('broadcasts'), 'channel').map(broadcastOf) : []),
			...(listens('presence') ? some(get.field('presences'), 'channel').map(presenceOf) : []),
		]),
		durable,
		start: catchesUp ? startOf(get) : 'now',
		startAnew: get.option('startAnew').boolean(),
		rowsPerSweep: get.option('rowsPerSweep').wholeNumber(1),
		batch: amount && {
			events: amount('events').wholeNumber(1) ?? 100,
			wait: amount('wait').wholeNumber() ?? 1000,
		},
		oneAtATime: get.option('oneAtATime').boolean(),
		fullMessage: get.option('fullMessage').boolean(),
		exactNumbers: get.option('exactNumbers').boolean(),
		testWait: (get.option('testWait').wholeNumber(1) ?? 120) * 1000,
		runAs,
	};
}

function tablesOf(field: Field, catchesUp: boolean): ListenedTable[] {
	return some(field, 'table').map((row) => {
		const options = row('tableOptions').collection();
		const table: ListenedTable = {
			schema: row('schema').required(),
			name: row('table').required(),
			events: manyOf(row('events'), CHANGES),
			filters: row('filters').collections('filter').map(filterFrom),
			columns: options('columns').someNames(),
			key: options('keyColumns').someNames(),
			cursor: catchesUp ? row('cursorColumn').required() : undefined,
			canary: canaryOf(options('canaryRow')),
		};
		rowFilter(table.filters);
		if (catchesUp && table.events.every((event) => event === 'delete')) {
			throw new InvalidRequestError(
				`Deletes cannot be caught up, and for "${table.name}" nothing else is chosen in Events`,
				'Choose Insert or Update, too, or Live as Delivery.',
			);
		}
		return table;
	});
}

/** Numbers that JavaScript would round stay as text, which PostgreSQL takes as well. */
function canaryOf(field: Field): Row | undefined {
	if (!field.given) return undefined;
	const value = field.value();
	const row = objectOf(typeof value === 'string' ? parseJson(value, parseExactly) : value);
	if (row && Object.keys(row).length > 0) return row as Row;
	throw new InvalidRequestError(
		'Canary Row holds no row',
		'Enter its values as a JSON object, such as {"customer": "canary"}, or remove the option. If it comes from an expression, check what that gives.',
	);
}

function filterFrom(row: Fields) {
	const { operator, takes } = operatorOf(row('operator'));
	const read = READERS[takes];
	if (!read) {
		throw new InvalidRequestError(
			`Realtime cannot filter by "${operator}"`,
			'Choose another operator, or filter with an If node behind the trigger.',
		);
	}
	return filterOf(row('column').required(), operator, read(row), row('negate').boolean());
}

const READERS: Partial<Record<ValueForm, (row: Fields) => unknown>> = {
	value: (row) => row('value').value(),
	list: (row) => row('values').value(),
	truth: (row) => row('truth').value(),
	nothing: () => undefined,
};

function startOf(get: TriggerParameters): Start {
	const from = oneOf(get.field('startFrom'), ['now', 'value', 'beginning'] as const);
	return from === 'value' ? { from: get.field('startValue').required() } : from;
}

function broadcastOf(row: Fields): Room {
	const which = oneOf(row('which'), ['all', 'event'] as const);
	const room = roomOf(row);
	const minutes = (room.private && row('replay').number()) || 0;
	return {
		...room,
		broadcasts: [
			{
				...(which === 'event' && { event: row('event').required() }),
				...(minutes > 0 && { replay: minutes * 60_000 }),
			},
		],
	};
}

function presenceOf(row: Fields): Room {
	return { ...roomOf(row), presences: manyOf(row('events'), PRESENCE_EVENTS) };
}

function roomOf(row: Fields): Room {
	const name = row('channel').required();
	if (/^realtime:/.test(name)) {
		throw new InvalidRequestError(
			`The channel "${name}" begins with realtime:, which Supabase puts before every name`,
			`Enter ${name.slice('realtime:'.length)} alone.`,
		);
	}
	return { name, private: row('private').boolean(), broadcasts: [], presences: [] };
}

/** A channel that stands in the form several times is joined once. */
function merged(rooms: readonly Room[]): Room[] {
	const found = new Map<string, Room>();
	for (const room of rooms) {
		const name = JSON.stringify([room.name, room.private]);
		const known = found.get(name);
		found.set(name, {
			...room,
			broadcasts: [...(known?.broadcasts ?? []), ...room.broadcasts],
			presences: [...new Set([...(known?.presences ?? []), ...room.presences])],
		});
	}
	return [...found.values()];
}
