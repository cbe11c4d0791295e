/** Whether an item costs the same among many as among few. */
import type { INodeParameters } from 'n8n-workflow';

import type { Arena } from './arena';
import { inTurn, median, type Rival } from './rounds';
import { countRows, emptyTable, makeTable, ourAutoMapped, ourMapped, ourTable, row } from './rows';
import type { Line } from './table';
import { expectCount, upTo } from './work';

const FEW = 1000;
const MANY = 150_000;
const ROUNDS = 3;
const MOST = 1.1;

const name = (count: number) => `${count} items`;

/** What an item of many costs, beside one of few, for two ways to insert them. */
export async function scaling(arena: Arena): Promise<Line[]> {
	const expressions = { id: '={{ $json.id }}', name: '={{ $json.name }}' };
	return [
		await line(arena, 'auto-mapped', ourAutoMapped),
		await line(arena, 'two columns mapped', ourMapped(expressions)),
	];
}

async function line(arena: Arena, how: string, parameters: INodeParameters): Promise<Line> {
	await makeTable(arena);
	const rivals = [FEW, MANY].map((count): Rival => {
		const items = upTo(count).map((id) => row(id));
		return {
			name: name(count),
			prepare: async () => await emptyTable(arena),
			run: async () => await arena.ours({ operation: 'insert', ...ourTable, ...parameters }, items),
			async check(given) {
				expectCount('Rows in the table', await countRows(arena), count);
				expectCount('Rows that came back', (given as unknown[]).length, count);
			},
		};
	});
	const samples = await inTurn(rivals, ROUNDS);
	const each = (count: number) =>
		(samples.get(name(count)) ?? []).map(({ time }) => (time / count) * 1000);
	const few = each(FEW);
	const ratios = each(MANY).map((time, round) => time / (few[round] as number));
	const middle = median(ratios);
	const title = `an item of ${MANY.toLocaleString('en')} that are inserted, ${how}`;
	console.log(
		`${title}: ${median(each(MANY)).toFixed(0)} µs, one of ${FEW}: ${median(few).toFixed(0)} µs`,
	);
	return {
		work: title,
		against: `one of ${FEW.toLocaleString('en')}`,
		figure: `${middle.toFixed(2)} × (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`,
		goal: `≤ ${MOST.toFixed(2)} ×`,
		met: middle <= MOST,
	};
}
