import fc from 'fast-check';

import { askForOrder, mergeParts } from '../../../../src/api/database/orderedParts';
import type { Order } from '../../../../src/api/database/select';
import { rejectionOf, thrownBy } from '../../thrown';

const row = (...values: unknown[]) => ({ row: { values }, values });

it('asks for what rows are put in order by, and takes it off', () => {
	const order = [{ column: 'full name' }, { column: 'data->>age' }];
	const { columns, take } = askForOrder('id', order);
	expect(columns).toBe('id,n8n_order_0:"full name",n8n_order_1:data->>age');
	expect(take({ id: 1, n8n_order_0: 'a' })).toEqual({ row: { id: 1 }, values: ['a', null] });
	expect(askForOrder(undefined, [{ column: 'id' }]).columns).toBe('*,n8n_order_0:id');
});

it('an order by a related table is refused', () => {
	expect(thrownBy(() => askForOrder('*', [{ column: 'countries(name)' }])).message).toMatch(
		/cannot be put in order by "countries\(name\)"/,
	);
});

const kinds: Record<string, fc.Arbitrary<unknown>> = {
	numbers: fc.option(fc.oneof(fc.integer(), fc.float({ noNaN: true, min: -1e6, max: 1e6 }))),
	booleans: fc.option(fc.boolean()),
	uuids: fc.option(fc.uuid()),
};

it.each(Object.entries(kinds))('%s: parts in order give a whole in order', async (_, value) => {
	const options = fc.record({
		descending: fc.boolean(),
		nulls: fc.constantFrom(undefined, 'first' as const, 'last' as const),
	});
	await fc.assert(
		fc.asyncProperty(fc.array(fc.array(value)), options, async (lists, by) => {
			const order: Order[] = [{ column: 'v', ...by }];
			const sorted = (values: readonly unknown[]) => [...values].sort(comparing(order[0]));
			const parts = lists.map((list) => sorted(list).map((each) => row(each)));
			const merged = await mergeParts(parts, order);
			expect(merged.map(({ values }) => values[0])).toEqual(sorted(lists.flat()));
		}),
	);
});

/** As PostgreSQL compares what these tests hold. */
function comparing({ descending = false, nulls }: Partial<Order> = {}) {
	const isFirst = nulls ? nulls === 'first' : descending;
	return (a: unknown, b: unknown) => {
		if (a === null || b === null) return a === b ? 0 : (a === null) === isFirst ? -1 : 1;
		const [x, y] = [a, b] as [number, number];
		if (x === y) return 0;
		return x < y === descending ? 1 : -1;
	};
}

it('times are compared to the microsecond, whatever their zone', async () => {
	const times = [
		'2023-12-31T23:59:59.999999',
		'2024-01-01',
		'2024-01-01T00:00:00.000001+00:00',
		'2024-01-01T02:00:00.5+02:00',
		'2024-01-01T00:00:00.500001Z',
		'2024-01-01T00:00:01-00:30',
	];
	const merged = await mergeParts(times.map((time) => [row(time)]).reverse(), [{ column: 'at' }]);
	expect(merged.map(({ values }) => values[0])).toEqual(times);
});

it('the next orders break ties', async () => {
	const order = [{ column: 'a' }, { column: 'b', descending: true }];
	const merged = await mergeParts(
		[
			[row(1, 2), row(2, 9)],
			[row(1, 3), row(1, 1)],
		],
		order,
	);
	expect(merged.map(({ values }) => values)).toEqual([
		[1, 3],
		[1, 2],
		[1, 1],
		[2, 9],
	]);
});

it.each(['Rome', '12', 2 ** 60, { a: 1 }, 'infinity'])(
	'what the database alone can compare is refused: %j',
	async (value) => {
		const merging = mergeParts([[row(1)], [row(value)]], [{ column: 'v' }]);
		expect((await rejectionOf(merging)).message).toMatch(/cannot be put in order by "v"/);
	},
);
