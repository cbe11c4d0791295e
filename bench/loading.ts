/**
 * What it costs n8n to load the pack: the time that requiring all nodes and credentials, and making one
 * of each, takes beside n8n-workflow, which is there already, in processes of their own; what is loaded
 * later, by the first execution; and how large the package is.
 *
 *     npm run bench -- loading [rounds]
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { start, tell } from './suite/apart';
import { median } from './suite/rounds';

const [rounds = 15] = process.argv.slice(2).map(Number);
const MOST_TIME = 30;
const MOST_SIZE = 300;
const ROOT = join(__dirname, '..');
const run = promisify(execFile);

/** Tells the milliseconds of the processor and of the clock: of n8n-workflow, the pack, and its rest. */
const SCRIPT = `
	const { nodes, credentials } = require('./package.json').n8n;
	const second = require('fs').readdirSync('./dist').find((name) => name.startsWith('later-'));
	const timed = (load) => {
		const usage = process.cpuUsage();
		const began = performance.now();
		load();
		const time = performance.now() - began;
		const { user, system } = process.cpuUsage(usage);
		return { time, cpu: (user + system) / 1000 };
	};
	const workflow = timed(() => require('n8n-workflow'));
	const pack = timed(() => {
		for (const file of [...nodes, ...credentials]) {
			for (const Published of Object.values(require('./' + file))) new Published();
		}
	});
	const rest = timed(() => require('./dist/' + second));
	console.log(JSON.stringify({ workflow, pack, rest }));
`;

interface Load {
	readonly time: number;
	readonly cpu: number;
}

start(async () => {
	const loads: Array<Record<'workflow' | 'pack' | 'rest', Load>> = [];
	for (let round = 0; round < rounds; round++) {
		const { stdout } = await run(process.execPath, ['-e', SCRIPT], { cwd: ROOT });
		loads.push(JSON.parse(stdout) as (typeof loads)[number]);
	}
	const { time, ...needed } = costOf(loads.map(({ pack }) => pack));
	const ratios = loads.map(({ pack, workflow }) => pack.time / workflow.time);
	const size = await packedSize();
	tell([
		{
			work: 'require all nodes',
			against: 'beside n8n-workflow',
			...needed,
			goal: `≤ ${MOST_TIME} ms`,
			met: time <= MOST_TIME,
		},
		{
			work: 'require all nodes, as a part of',
			against: 'n8n-workflow alone',
			figure: `${median(ratios).toFixed(2)} ×`,
		},
		{
			work: 'load the rest, at the first execution',
			against: '',
			...costOf(loads.map(({ rest }) => rest)),
		},
		{
			work: 'the packed size',
			against: '',
			figure: `${size.toFixed(0)} kB`,
			goal: `≤ ${MOST_SIZE} kB`,
			met: size <= MOST_SIZE,
		},
	]);
});

function costOf(loads: readonly Load[]): { time: number; figure: string; cpu: string } {
	const times = loads.map(({ time }) => time).sort((a, b) => a - b);
	const time = median(times);
	return {
		time,
		figure: `${time.toFixed(0)} ms (${times[0]?.toFixed(0)} to ${times.at(-1)?.toFixed(0)})`,
		cpu: `${median(loads.map(({ cpu }) => cpu)).toFixed(0)} ms`,
	};
}

async function packedSize(): Promise<number> {
	const npm = process.env.npm_execpath;
	const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
	const { stdout } = npm?.endsWith('npm-cli.js')
		? await run(process.execPath, [npm, ...args], { cwd: ROOT })
		: await run('npm', args, { cwd: ROOT, shell: process.platform === 'win32' });
	const [pack] = JSON.parse(stdout) as [{ size: number }];
	return pack.size / 1000;
}
