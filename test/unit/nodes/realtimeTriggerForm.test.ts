import { existsSync } from 'node:fs';
import { join } from 'node:path';

import {
	NodeHelpers,
	type INode,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyCollection,
	type ITriggerFunctions,
} from 'n8n-workflow';

import { planOf } from '../../../nodes/RealtimeTrigger/plan';
import { SupabaseRealtimeTrigger } from '../../../nodes/RealtimeTrigger/SupabaseRealtimeTrigger.node';
import { ROW_OPERATORS } from '../../../nodes/RealtimeTrigger/tables';
import { triggerParameters } from '../../../src/n8n/trigger/parameters';
import type { TriggerPlan } from '../../../src/n8n/trigger/plan';
import { thrownBy } from '../thrown';

const { description } = new SupabaseRealtimeTrigger();

function shown(parameters: INodeParameters): string[] {
	const node = { typeVersion: 1, parameters } as unknown as INode;
	const all = NodeHelpers.getNodeParameters(
		description.properties,
		parameters,
		true,
		false,
		node,
		description,
	) as INodeParameters;
	return description.properties
		.filter((property) => NodeHelpers.displayParameter(all, property, node, description))
		.map(({ name }) => name);
}

/** The parameters as n8n hands them to a trigger, defaults filled in. */
function filledIn(parameters: Readonly<Record<string, unknown>>): INodeParameters {
	return NodeHelpers.getNodeParameters(
		description.properties,
		parameters as INodeParameters,
		true,
		false,
		{ typeVersion: 1, parameters } as unknown as INode,
		description,
	) as INodeParameters;
}

/** Stands for an expression. */
const EXPRESSION = '={{ $json.odd }}';

/** @param gives what every expression gives */
function planFrom(parameters: Readonly<Record<string, unknown>>, gives?: unknown): TriggerPlan {
	const all = filledIn(parameters);
	const resolve = (value: unknown): unknown => {
		if (value === EXPRESSION) return gives;
		if (Array.isArray(value)) return value.map(resolve);
		if (typeof value !== 'object' || value === null) return value;
		return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, resolve(each)]));
	};
	const node = {
		getNodeParameter: (name: string, fallback: unknown, options?: { rawExpressions?: boolean }) =>
			(options?.rawExpressions ? all[name] : resolve(all[name])) ?? fallback,
	} as unknown as ITriggerFunctions;
	return planOf(triggerParameters(node, description.properties));
}

const named = (value: unknown) => ({ __rl: true, mode: 'name', value });
const orders = { schema: named('public'), table: named('orders') };
const tables = (...rows: object[]) => ({ table: rows.map((row) => ({ ...orders, ...row })) });
const room = (row: object) => ({ channel: [{ channel: 'room', ...row }] });

describe('the form', () => {
	test('asks for what, how sure, on what, and then the rest', () => {
		expect(shown({})).toEqual([
			...['listenTo', 'delivery', 'liveNotice', 'tables', 'options', 'runAs'],
		]);
	});

	test('shows what Catch Up needs with Catch Up alone', () => {
		expect(shown({ delivery: 'catchUp' })).toEqual([
			...['listenTo', 'delivery', 'catchUpNotice', 'tables', 'startFrom', 'options', 'runAs'],
		]);
		expect(shown({ delivery: 'catchUp', startFrom: 'value' })).toContain('startValue');
	});

	test('shows of channels only what is listened to', () => {
		expect(shown({ listenTo: ['broadcast'] })).toEqual([
			...['listenTo', 'broadcasts', 'options', 'runAs'],
		]);
		expect(shown({ listenTo: ['presence', 'postgresChanges'] })).toEqual(
			expect.arrayContaining(['delivery', 'tables', 'presences']),
		);
	});

	test('tells each promise in a notice', () => {
		const notice = (name: string) =>
			description.properties.find((property) => property.name === name)?.displayName;
		expect(notice('liveNotice')).toMatch(/missed without a word.*choose Durable or Catch Up/);
		expect(notice('catchUpNotice')).toMatch(/every row's latest version.*Not promised.*deletes/);
	});

	test.each([
		{},
		{ delivery: 'catchUp' },
		{ delivery: 'durable' },
		{ listenTo: ['users', 'files'] },
		{ listenTo: ['queueMessages'] },
		{ listenTo: ['broadcast', 'presence'] },
	])('%j: Options has eight at the most, each once', (parameters) => {
		const all = filledIn(parameters);
		const node = { typeVersion: 1, parameters: all } as unknown as INode;
		const [list, ...others] = description.properties.filter(({ type }) => type === 'collection');
		const names = ((list?.options ?? []) as INodeProperties[])
			.filter((option) =>
				NodeHelpers.displayParameter(
					{ acknowledge: 'onStatus' },
					option,
					node,
					description,
					all as never,
				),
			)
			.map(({ name }) => name);
		expect(others).toEqual([]);
		expect(names.length).toBeLessThanOrEqual(8);
		expect(new Set(names).size).toBe(names.length);
	});

	test('offers the operators that Realtime knows, the usual ones first', () => {
		expect(ROW_OPERATORS.map(({ value }) => value)).toEqual([
			...['eq', 'neq', 'containsText', 'startsWith', 'endsWith', 'gt', 'gte', 'lt', 'lte'],
			...['in', 'notIn', 'isNull', 'notNull', 'is', 'isdistinct', 'like', 'ilike'],
			...['match', 'imatch'],
		]);
	});

	test('is no tool, has an icon for light and dark, and a credential for a user', () => {
		expect(description.usableAsTool).toBeUndefined();
		const { light, dark } = description.icon as { light: string; dark: string };
		for (const icon of [light, dark]) {
			const file = join(__dirname, '../../../nodes/RealtimeTrigger', icon.replace('file:', ''));
			expect(existsSync(file)).toBe(true);
		}
		expect(description.credentials?.map(({ name }) => name)).toEqual([
			...['supabaseProjectApi', 'supabaseUserSession'],
		]);
	});
});

describe('what the form says', () => {
	test('of one table, with all that has a default', () => {
		expect(planFrom({ tables: tables({}) })).toMatchObject({
			tables: [
				{
					schema: 'public',
					name: 'orders',
					events: ['insert', 'update', 'delete'],
					filters: [],
					cursor: undefined,
				},
			],
			rooms: [],
			start: 'now',
			oneAtATime: false,
			batch: undefined,
			testWait: 120_000,
			runAs: 'serviceRole',
		});
	});

	test('of Catch Up from a value, with a filter and columns', () => {
		const filters = {
			filter: [{ column: named('total'), operator: 'gt', value: '100', negate: false }],
		};
		const plan = planFrom({
			delivery: 'catchUp',
			startFrom: 'value',
			startValue: '2026-01-01',
			tables: tables({
				events: ['insert'],
				filters,
				cursorColumn: named('updated_at'),
				tableOptions: { columns: 'id, total', keyColumns: 'id' },
			}),
		});
		expect(plan.start).toEqual({ from: '2026-01-01' });
		expect(plan.tables).toEqual([
			{
				schema: 'public',
				name: 'orders',
				events: ['insert'],
				filters: [{ column: 'total', operator: 'gt', value: '100' }],
				columns: ['id', 'total'],
				key: ['id'],
				cursor: 'updated_at',
			},
		]);
	});

	test.each([
		['{"id": 9007199254740993, "name": "canary"}', { id: '9007199254740993', name: 'canary' }],
		[{ name: 'canary' }, { name: 'canary' }],
	])('of a canary row: %j', (canaryRow, canary) => {
		const plan = planFrom({ tables: tables({ tableOptions: { canaryRow } }) });
		expect(plan.tables[0]?.canary).toEqual(canary);
	});

	test.each(['[{"id": 1}]', '"id"', '{"id": ', 'true', true, 5, [{ id: 1 }]])(
		'but not of a canary row that is none: %j',
		(canaryRow) => {
			const form = { tables: tables({ tableOptions: { canaryRow } }) };
			expect(() => planFrom(form)).toThrow('Canary Row holds no row');
		},
	);

	test('of a channel that is listened to in two ways: one join', () => {
		const { rooms } = planFrom({
			listenTo: ['broadcast', 'presence'],
			broadcasts: room({ which: 'event', event: 'order' }),
			presences: room({ events: ['join'] }),
		});
		expect(rooms).toEqual([
			{ name: 'room', private: false, broadcasts: [{ event: 'order' }], presences: ['join'] },
		]);
	});

	test('of a public and a private channel of one name: two', () => {
		const { rooms } = planFrom({
			listenTo: ['broadcast'],
			broadcasts: {
				channel: [{ channel: 'room' }, { channel: 'room', private: true, replay: 5 }],
			},
		});
		expect(rooms.map((each) => [each.private, each.broadcasts])).toEqual([
			[false, [{}]],
			[true, [{ replay: 300_000 }]],
		]);
	});
});

describe('refuses what an expression may give', () => {
	const filter = (row: object) => ({
		tables: tables({ filters: { filter: [{ column: named('total'), ...row }] } }),
	});
	const odd = [undefined, '', null, [], {}];
	const cases: ReadonlyArray<readonly [string, (value: unknown) => object]> = [
		['Listen To', (value) => ({ listenTo: value, tables: tables({}) })],
		['Delivery', (value) => ({ delivery: value, tables: tables({}) })],
		['Run As', (value) => ({ runAs: value, tables: tables({}) })],
		['Schema', (value) => ({ tables: tables({ schema: named(value) }) })],
		['Table', (value) => ({ tables: tables({ table: named(value) }) })],
		['Events', (value) => ({ tables: tables({ events: value }) })],
		['a filter’s column', (value) => filter({ column: named(value), operator: 'eq', value: '1' })],
		['a filter’s operator', (value) => filter({ operator: value, value: '1' })],
		['a filter’s value', (value) => filter({ operator: 'eq', value })],
		['a filter’s values', (value) => filter({ operator: 'in', values: value })],
		['a filter’s truth', (value) => filter({ operator: 'is', truth: value })],
		['Columns', (value) => ({ tables: tables({ tableOptions: { columns: value } }) })],
		['Key Columns', (value) => ({ tables: tables({ tableOptions: { keyColumns: value } }) })],
		['Canary Row', (value) => ({ tables: tables({ tableOptions: { canaryRow: value } }) })],
		['Channel', (value) => ({ listenTo: ['broadcast'], broadcasts: room({ channel: value }) })],
		[
			'Event',
			(value) => ({ listenTo: ['broadcast'], broadcasts: room({ which: 'event', event: value }) }),
		],
		['Which', (value) => ({ listenTo: ['broadcast'], broadcasts: room({ which: value }) })],
		['Private', (value) => ({ listenTo: ['broadcast'], broadcasts: room({ private: value }) })],
		[
			'presence events',
			(value) => ({ listenTo: ['presence'], presences: room({ events: value }) }),
		],
		[
			'the private of presence',
			(value) => ({ listenTo: ['presence'], presences: room({ private: value }) }),
		],
		[
			'Cursor Column',
			(value) => ({ delivery: 'catchUp', tables: tables({ cursorColumn: named(value) }) }),
		],
		[
			'Start From',
			(value) => ({
				delivery: 'catchUp',
				startFrom: value,
				tables: tables({ cursorColumn: named('id') }),
			}),
		],
		[
			'After',
			(value) => ({
				delivery: 'catchUp',
				startFrom: 'value',
				startValue: value,
				tables: tables({ cursorColumn: named('id') }),
			}),
		],
		[
			'One Execution at a Time',
			(value) => ({ tables: tables({}), options: { oneAtATime: value } }),
		],
		[
			'Start Anew',
			(value) => ({
				delivery: 'catchUp',
				tables: tables({ cursorColumn: named('id') }),
				options: { startAnew: value },
			}),
		],
		['Test Waits At Most', (value) => ({ tables: tables({}), options: { testWait: value } })],
		[
			'Rows per Catch-Up',
			(value) => ({
				delivery: 'catchUp',
				tables: tables({ cursorColumn: named('id') }),
				options: { rowsPerSweep: value },
			}),
		],
		[
			'Batch',
			(value) => ({ tables: tables({}), options: { batch: { batch: { events: value } } } }),
		],
	];
	test.each(
		cases.flatMap(([name, made]) =>
			odd.map((value) => [name, JSON.stringify(value), made(EXPRESSION), value] as const),
		),
	)('%s: %s', (_, __, parameters, value) => {
		const refused = thrownBy(() => planFrom(parameters as never, value));
		expect(refused.name).toBe('InvalidRequestError');
	});

	test('what n8n hands on as nothing at all', () => {
		const get = (all: Readonly<Record<string, unknown>>) =>
			triggerParameters(
				{ getNodeParameter: (name: string, fallback: unknown) => all[name] ?? fallback } as never,
				description.properties,
			);
		expect(thrownBy(() => planOf(get({}))).name).toBe('InvalidRequestError');
		for (const name of ['listenTo', 'delivery', 'tables', 'runAs']) {
			const all = { ...filledIn({ tables: tables({}) }), [name]: undefined };
			expect(thrownBy(() => planOf(get(all))).name).toBe('InvalidRequestError');
		}
	});

	test('deletes alone, which cannot be caught up', () => {
		const only = tables({ events: ['delete'], cursorColumn: named('id') });
		expect(thrownBy(() => planFrom({ delivery: 'catchUp', tables: only })).message).toMatch(
			/Deletes cannot be caught up/,
		);
	});

	test('a channel with what Supabase puts before its name', () => {
		const broadcasts = room({ channel: 'realtime:room' });
		expect(thrownBy(() => planFrom({ listenTo: ['broadcast'], broadcasts })).message).toMatch(
			/begins with realtime:/,
		);
	});

	test('no table at all', () => {
		expect(thrownBy(() => planFrom({ tables: {} })).message).toMatch(/nothing to listen to/);
	});
});

test('every field of a table has a label that errors can name', () => {
	const group = description.properties.find(({ name }) => name === 'tables');
	const [{ values }] = group?.options as [INodePropertyCollection];
	const columns: INodeProperties[] = values;
	for (const { displayName, name } of columns) expect([name, displayName]).not.toContain('');
	const message = thrownBy(() => planFrom({ tables: tables({ table: named('') }) })).message;
	expect(message).toBe('Table is empty');
});

describe('Durable', () => {
	const durable = { delivery: 'durable', queue: 'n8n_orders' };
	const refusalOf = (parameters: object, gives?: unknown) =>
		thrownBy(() => planFrom({ ...durable, tables: tables({}), ...parameters }, gives));

	test('the form asks for a queue, once, whatever is captured', () => {
		for (const listenTo of [
			['postgresChanges'],
			['users'],
			['files', 'users', 'postgresChanges'],
		]) {
			const fields = shown({ listenTo, ...durable });
			expect(fields.filter((name) => name === 'queue')).toHaveLength(1);
			expect(fields.filter((name) => name === 'durableNotice')).toHaveLength(1);
		}
		expect(shown({ listenTo: ['queueMessages'] })).not.toContain('queue');
		expect(shown({})).not.toContain('queue');
	});

	test('what the form says becomes what is captured, and what is wanted of it', () => {
		const plan = planFrom({
			...durable,
			listenTo: ['postgresChanges', 'users', 'files', 'queueMessages', 'broadcast'],
			tables: tables({
				events: ['delete'],
				tableOptions: { omitColumns: 'notes, password', bulk: true },
			}),
			userEvents: ['signedUp', 'removed'],
			fileEvents: ['moved'],
			whichBuckets: 'selected',
			buckets: 'a, b',
			messageQueues: { queue: [{ name: named('jobs') }] },
			broadcasts: room({}),
			options: {
				acknowledge: 'onStatus',
				allowedStatuses: ['success', 'waiting'],
				attempts: 3,
				timeLimit: 60,
				claims: { claims: { size: 10, visibility: 30, poll: 1 } },
			},
		});
		expect(plan.durable).toEqual({
			captured: {
				plan: {
					queue: 'n8n_orders',
					tables: [
						{
							schema: 'public',
							name: 'orders',
							events: ['delete'],
							omit: ['notes', 'password'],
							bulk: true,
						},
					],
					users: true,
					files: { buckets: ['a', 'b'] },
				},
				wanted: { users: ['signedUp', 'removed'], files: ['moved'], buckets: ['a', 'b'] },
			},
			queues: ['jobs'],
			acknowledge: { when: 'onStatus', statuses: ['success', 'waiting'] },
			attempts: 3,
			timeLimit: 60_000,
			size: 10,
			visibility: 30,
			poll: 1_000,
		});
		expect([plan.tables, plan.rooms.length]).toEqual([[], 1]);
	});

	test('acknowledges on success unless told otherwise', () => {
		const plan = planFrom({ ...durable, tables: tables({}) });
		expect(plan.durable?.acknowledge).toEqual({ when: 'onSuccess', statuses: [] });
		expect(plan.durable?.attempts).toBeUndefined();
	});

	test.each([
		[{ runAs: 'anonymous' }, /Service Role alone/],
		[{ runAs: 'user' }, /Service Role alone/],
		[{ queue: '' }, /Queue is empty/],
		[{ queue: 'Orders' }, /cannot be the name of a new queue/],
		[{ queue: 'a; drop table b' }, /cannot be the name of a new queue/],
		[{ queue: 'q'.repeat(43) }, /cannot be the name of a new queue/],
		[{ tables: tables({}, {}) }, /stands in Tables twice/],
		[{ tables: tables({ events: [] }) }, /is empty/],
		[{ tables: tables({ tableOptions: { omitColumns: '' } }) }, /Leave Out Columns is empty/],
		[{ listenTo: ['users'], userEvents: [] }, /is empty/],
		[{ listenTo: ['files'], whichBuckets: 'selected', buckets: ' ' }, /Bucket Names is empty/],
		[{ listenTo: ['queueMessages'], messageQueues: {} }, /nothing to listen to/],
		[
			{
				listenTo: ['users', 'queueMessages'],
				messageQueues: { queue: [{ name: named('n8n_orders') }] },
			},
			/stands in the form twice/,
		],
		[{ options: { acknowledge: 'onStatus', allowedStatuses: [] } }, /is empty/],
		[{ options: { acknowledge: 'sometimes' } }, /Acknowledge is not one of/],
		[{ options: { attempts: 0 } }, /Attempts at Most is not/],
		[{ options: { timeLimit: 3_000_000 } }, /Time Limit is 3000000/],
		[{ options: { claims: { claims: { size: 1001 } } } }, /Messages at Most is 1001/],
		[{ options: { claims: { claims: { visibility: 1 } } } }, /Visibility Timeout is not/],
	])('%j is refused', (parameters, message) => {
		expect(refusalOf(parameters).message).toMatch(message);
	});

	test.each([undefined, '', null, [], {}, 'sometimes'])(
		'expressions that give %j are refused',
		(gives) => {
			for (const parameters of [
				{ queue: EXPRESSION },
				{ listenTo: ['users'], userEvents: EXPRESSION },
				{ listenTo: ['files'], fileEvents: EXPRESSION },
				{ listenTo: ['files'], whichBuckets: EXPRESSION },
				{ tables: tables({ events: EXPRESSION }) },
				{ options: { acknowledge: EXPRESSION } },
				{ options: { attempts: EXPRESSION } },
				{ options: { acknowledge: 'onStatus', allowedStatuses: EXPRESSION } },
			]) {
				if (gives === 'sometimes' && 'queue' in parameters) continue;
				expect(refusalOf(parameters, gives)).toBeInstanceOf(Error);
			}
		},
	);
});
