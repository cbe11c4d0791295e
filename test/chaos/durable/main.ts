import { parseArgs } from 'node:util';

import { startStackChild, type StackChild } from '../../stack/child';
import { newDraw } from '../draw';
import { FAULTS } from './faults';
import { runTrial, type TrialResult } from './run';

/**
 * `npm run chaos -- durable`: eight writers, faults by a printed seed, and at the end a comparison of
 * what was committed with what started executions; then the same with Live delivery, which has to lose.
 */
export async function runDurable(args: readonly string[]): Promise<void> {
	const { values } = parseArgs({
		args: [...args],
		options: {
			seed: { type: 'string' },
			rounds: { type: 'string', default: '4' },
			only: { type: 'string', multiple: true },
			log: { type: 'boolean', default: false },
		},
	});
	const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
	const names = Object.keys(FAULTS).filter(
		(name) => values.only?.some((part) => name.includes(part)) ?? true,
	);
	const faults = shuffled(names, Number(values.rounds), seed);
	console.log(
		`seed ${seed} (again with: npm run chaos -- durable --seed=${seed}), ${faults.length} faults`,
	);
	const started = performance.now();
	const result = await withStack(async (stack) => {
		let made = 0;
		return await runTrial(stack, {
			seed,
			faults,
			pause: 60,
			delivery: 'durable',
			onLog: values.log ? (level, text) => console.log(`     ${level}: ${text}`) : undefined,
			onFault: (name, hasBitten) =>
				console.log(`${String(++made).padStart(4)} ${name}${hasBitten ? '' : ': had no effect'}`),
		});
	});
	table(result);
	console.log(`${Math.round((performance.now() - started) / 1000)} s`);
	const control = await withStack(
		async (stack) => await runTrial(stack, { seed, faults: LOSING, pause: 60, delivery: 'live' }),
	);
	console.log(
		`the same writers with Live delivery, killed twice: lost ${control.lost.length} of ${control.changes}`,
	);
	const kinds = Object.values(result.faults);
	const isRight =
		wrongs(result).every(([, found]) => found.length === 0) &&
		kinds.every(({ bitten }) => bitten > 0) &&
		control.lost.length > 0;
	console.log(isRight ? 'nothing was lost' : 'THIS IS NOT AS PROMISED');
	process.exitCode = isRight ? 0 : 1;
}

/** What Live delivery has no answer to. */
const LOSING = ['the reader is killed', 'the reader is killed'];

async function withStack<T>(use: (stack: StackChild) => Promise<T>): Promise<T> {
	const stack = await startStackChild();
	try {
		return await use(stack);
	} finally {
		await stack.stop();
	}
}

/** Each fault so often, in an order by the seed. */
function shuffled(names: readonly string[], rounds: number, seed: number): string[] {
	const draw = newDraw(seed);
	const all = Array.from({ length: rounds }, () => names).flat();
	for (let last = all.length - 1; last > 0; last--) {
		const other = draw.below(last + 1);
		[all[last], all[other]] = [all[other] as string, all[last] as string];
	}
	return all;
}

/** What must not be, with what was found of it. */
export function wrongs(result: TrialResult): Array<[string, readonly string[]]> {
	return [
		['lost', result.lost],
		['never committed', result.invented],
		['captured twice', result.doubled],
		['with other rows', result.wrong],
		['repeats without a higher attempt', result.staleRepeats],
		["out of their row's order", result.outOfOrder],
		['parked without a failed execution', result.parkedForNothing],
	];
}

function table(result: TrialResult): void {
	const { faults, written, executions } = result;
	const lines: Array<[string, unknown]> = [
		...Object.entries(faults).map(([name, { made, bitten }]): [string, unknown] => [
			name,
			`${made} made, ${bitten} have bitten`,
		]),
		['', ''],
		['transactions committed', written.committed],
		['transactions rolled back', written.rolledBack],
		['savepoints rolled back', written.savepointsRolledBack],
		['transactions broken off', written.broken],
		['changes committed', result.changes],
		['', ''],
		['executions that succeeded', executions.succeeded],
		['executions that failed', executions.failed],
		['executions that never ended', executions.endless],
		['executions that died with their process', executions.died],
		['messages delivered', result.deliveries],
		['of these repeats', result.repeats],
		['in the dead-letter queue', result.parked],
		['', ''],
		...wrongs(result).map(([name, found]): [string, unknown] => [name, found.length]),
	];
	for (const [name, value] of lines) console.log(name && `${name.padEnd(52)} ${String(value)}`);
	for (const [name, found] of wrongs(result)) {
		for (const each of found.slice(0, 10)) console.log(`  ${name}: ${each}`);
	}
}
