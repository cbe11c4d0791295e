// Every npm script comes through here, so that it works on a fresh clone and on any platform.
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './ensure-installed.mjs';
import './loopback.js';

const steps = {
	lint: ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings=0'],
	format: ['node_modules/prettier/bin/prettier.cjs', '.', '--write', '--log-level=warn'],
	'format check': ['node_modules/prettier/bin/prettier.cjs', '.', '--check', '--log-level=warn'],
	typecheck: ['node_modules/typescript/bin/tsc', '--noEmit'],
	build: ['node_modules/gulp/bin/gulp.js', '--silent'],
	jest: ['node_modules/jest/bin/jest.js'],
	stack: ['--import', 'tsx', 'test/stack/main.ts'],
	demo: ['--import', 'tsx', 'examples/demo.ts'],
	bench: ['--import', 'tsx', 'bench/main.ts'],
	chaos: ['--import', 'tsx', 'test/chaos/main.ts'],
	start: ['--import', 'tsx', 'scripts/n8n/main.ts'],
	'test:e2e': ['--import', 'tsx', 'scripts/n8n/e2e.ts'],
};

/** What runs side by side is one list; the last of all has the terminal, and the arguments. */
const scripts = {
	test: [['lint', 'typecheck', 'format check', 'build'], ['jest']],
	demo: [['build'], ['demo']],
	bench: [['build'], ['bench']],
};

const [script, ...extra] = process.argv.slice(2);
const groups = scripts[script] ?? [[script]];
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
const running = new Set();

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
ensureInstalled();

// A terminal sends Ctrl-C to the children as well: only elsewhere must it be passed on.
process
	.on('SIGINT', () => process.stdin.isTTY || end('SIGINT'))
	.on('SIGTERM', () => end('SIGTERM'));

for (const group of groups) {
	const codes = await Promise.all(group.map((name) => step(name, group === groups.at(-1))));
	const failed = codes.find((code) => code !== 0);
	if (failed !== undefined) process.exit(failed);
}

function end(signal) {
	for (const child of running) child.kill(signal);
}

/** Runs a step to its end, also when asked to stop, and gives its exit code. */
async function step(name, isLast) {
	const started = performance.now();
	const isAlone = groups.length === 1;
	if (isLast && !isAlone) console.log(`\n> ${name}`);
	const args = [...steps[name], ...(isLast ? extra : [])];
	const child = spawn(process.execPath, args, {
		stdio: isLast ? 'inherit' : ['ignore', 'pipe', 'pipe'],
	});
	running.add(child);
	const exit = new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
	// What runs beside others says all it has to say at its end.
	const said = isLast ? '' : await Promise.all([text(child.stdout), text(child.stderr)]);
	const code = await exit;
	running.delete(child);
	if (!isAlone) {
		const words = [said].flat().join('').trimEnd();
		console.log(
			`${words && `\n${words}\n`}${code === 0 ? 'ok' : 'FAILED'}: ${name}, ${seconds(started)}`,
		);
	}
	return code;
}
