import { parseArgs } from 'node:util';

import { startStackChild } from '../stack/child';
import { runChaos } from './run';

/**
 * `npm run chaos`: a writer above the server's rate limit, faults by a printed seed, and at the end
 * every row's latest version was handed out and none twice; then the same without sweeps, which has to
 * lose rows. `npm run chaos -- durable` is the trial of Durable.
 */
async function main(): Promise<void> {
	const { values } = parseArgs({
		options: { seed: { type: 'string' }, faults: { type: 'string', default: '200' } },
	});
	const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
	const faults = Number(values.faults);
	console.log(`seed ${seed} (again with: npm run chaos -- --seed=${seed}), ${faults} faults`);
	const stack = await startStackChild();
	try {
		let made = 0;
		const started = performance.now();
		const result = await runChaos(stack, {
			seed,
			faults,
			onFault: (name, hasBitten) =>
				console.log(`${String(++made).padStart(4)} ${name}${hasBitten ? '' : ': had no effect'}`),
		});
		const { lost, twice, ...told } = result;
		console.log(JSON.stringify(told, undefined, '\t'));
		console.log(`${Math.round((performance.now() - started) / 1000)} s`);
		console.log(`lost: ${lost.length}, twice: ${twice.length}`);
		for (const each of [...lost, ...twice].slice(0, 20)) console.log(`  ${each}`);

		const control = await runChaos(stack, { seed, faults: 10, isSwept: false });
		console.log(
			`the same without sweeps, 10 faults: lost ${control.lost.length} of ${control.rows}`,
		);
		const bitten = Object.values(result.faults).reduce((sum, each) => sum + each.bitten, 0);
		console.log(`${bitten} of ${faults} faults have bitten`);
		const isRight = lost.length === 0 && twice.length === 0 && control.lost.length > 0;
		process.exitCode = isRight ? 0 : 1;
	} finally {
		await stack.stop();
	}
}

const [which, ...rest] = process.argv.slice(2);
if (which === 'durable') void import('./durable/main').then(({ runDurable }) => runDurable(rest));
else void main();
