import { randomUUID } from 'node:crypto';

import type { INodeParameters } from 'n8n-workflow';

import { continueRegular, insert, named, NODE, openBench } from './database-helpers';
import type { DrawnNode } from './engine';

const bench = openBench();
const retrying: Partial<DrawnNode> = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

describe('a row with a column that is called error', () => {
	test.each([['stop', {}] as const, ['continue', continueRegular] as const])(
		'is written once under Retry On Fail, where an error would %s',
		async (_what, onError) => {
			const table = await bench.createTable('id int primary key, error text');
			const items = [
				{ id: 1, error: 'a word' },
				{ id: 2, error: null },
			];
			const { json } = await bench.succeed(insert(table, {}, { ...retrying, ...onError }), {
				items,
			});
			expect(json).toEqual(items);
			expect(await bench.sql(`select id from "${table}" order by 1`)).toEqual([
				{ id: 1 },
				{ id: 2 },
			]);
		},
	);
});

describe('function calls', () => {
	/** A function that notes each call, and one that refuses a number. */
	async function makeFunction(refused: number): Promise<{ table: string; name: string }> {
		const table = await bench.createTable('n int, at timestamptz default clock_timestamp()');
		const name = `note_${randomUUID().slice(0, 8)}`;
		await bench.define(
			`create function "${name}"(n int) returns int language plpgsql as $$
			begin
				if n = ${refused} then
					raise exception 'not this one';
				end if;
				perform pg_sleep(0.05);
				insert into "${table}" values (note.n);
				return n;
			end $$`.replace('note.n', `"${name}".n`),
		);
		return { table, name };
	}

	const call = (name: string, options: INodeParameters, rest: Partial<DrawnNode>): DrawnNode => ({
		name: 'Database',
		type: NODE,
		parameters: {
			resource: 'function',
			operation: 'call',
			function: named(name),
			argumentsFrom: 'json',
			argumentJson: '={{ { n: $json.n } }}',
			options,
		},
		...rest,
	});
	const items = Array.from({ length: 5 }, (_, n) => ({ n }));

	test('none begins behind one that failed, and Retry On Fail calls none twice', async () => {
		const { table, name } = await makeFunction(2);
		const { said } = await bench.run(call(name, {}, retrying), { items });
		expect(said.description).toContain('2 calls were made before, and that stays.');
		expect(await bench.sql(`select n from "${table}" order by at`)).toEqual([{ n: 0 }, { n: 1 }]);
	});

	test('those that are under way are waited for, so that none lands later or twice', async () => {
		const { table, name } = await makeFunction(0);
		const { said } = await bench.run(call(name, { itemsAtOnce: 5 }, retrying), { items });
		const before = await bench.sql(`select n, count(*)::int as calls from "${table}" group by n`);
		expect(before.map(({ calls }) => calls)).toEqual(before.map(() => 1));
		expect(said.description).toContain(
			before.length === 1
				? '1 call was made before, and that stays.'
				: `${before.length} calls were made before, and that stays.`,
		);
		await bench.sql('select pg_sleep(0.3)');
		const after = await bench.sql(`select n, count(*)::int as calls from "${table}" group by n`);
		expect(after).toHaveLength(before.length);
	});

	test('they are made in the order of the items', async () => {
		const { table, name } = await makeFunction(-1);
		await bench.succeed(call(name, {}, {}), { items: [...items].reverse() });
		const made = await bench.sql(`select n from "${table}" order by at`);
		expect(made.map(({ n }) => n)).toEqual([4, 3, 2, 1, 0]);
	});
});

test('another execution of the same workflow is not kept from writing', async () => {
	const table = await bench.createTable('id int primary key, n int not null');
	const node = insert(table, { options: { chunkRows: 1 } }, retrying);
	const first = await bench.run(node, { items: [{ id: 1, n: 1 }, { id: 2 }] });
	expect(first.said.description).toContain('Retry On Fail did not run the node again');
	expect(await bench.count(table)).toBe(1);
	// As a person does: the item is mended, and the failed execution is tried again.
	await bench.succeed(node, {
		items: [
			{ id: 3, n: 1 },
			{ id: 2, n: 2 },
		],
	});
	expect(await bench.count(table)).toBe(3);
});

test.each([undefined, '', null])(
	'a Run As from an expression that gives %j has no rights at all',
	async (whom) => {
		const table = await bench.createTable('id int primary key');
		const { result, requests } = await bench.requestsDuring(
			table,
			async () =>
				await bench.run(
					insert(table, { runAs: '={{ $json.whom }}', accessToken: '={{ $json.token }}' }),
					{
						items: [{ id: 1, ...(whom === undefined ? {} : { whom }) }],
					},
				),
		);
		expect(result.said.message).toContain('Run As is not one of serviceRole, anonymous, user');
		expect(requests).toEqual([]);
		expect(await bench.count(table)).toBe(0);
	},
);
