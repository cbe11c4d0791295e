// Every npm script comes through here, so that it works on a fresh clone and on any platform.
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './ensure-installed.mjs';

const steps = {
	lint: ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings=0'],
	format: ['node_modules/prettier/bin/prettier.cjs', '.', '--write', '--log-level=warn'],
	'format check': ['node_modules/prettier/bin/prettier.cjs', '.', '--check', '--log-level=warn'],
	typecheck: ['node_modules/typescript/bin/tsc', '--noEmit'],
	build: ['node_modules/gulp/bin/gulp.js', '--silent'],
	jest: ['node_modules/jest/bin/jest.js'],
	stack: ['--import', 'tsx', 'test/stack/main.ts'],
	demo: ['--import', 'tsx', 'examples/demo.ts'],
	start: ['--import', 'tsx', 'scripts/n8n/main.ts'],
	'test:e2e': ['--import', 'tsx', 'scripts/n8n/e2e.ts'],
};

const scripts = {
	test: ['lint', 'format check', 'typecheck', 'build', 'jest'],
	demo: ['build', 'demo'],
};

const [script, ...extra] = process.argv.slice(2);
const names = scripts[script] ?? [script];
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
ensureInstalled();

for (const name of names) {
	const started = performance.now();
	if (names.length > 1) console.log(`\n> ${name}`);
	const code = await run([...steps[name], ...(name === names.at(-1) ? extra : [])]);
	if (names.length > 1)
		console.log(`${code === 0 ? 'ok' : 'FAILED'}: ${name}, ${seconds(started)}`);
	if (code !== 0) process.exit(code);
}

/** Runs a JavaScript program to its end, also when asked to stop, and gives its exit code. */
function run(args) {
	const child = spawn(process.execPath, args, { stdio: 'inherit' });
	// A terminal sends Ctrl-C to the child as well: only elsewhere must it be passed on.
	const onInterrupt = () => process.stdin.isTTY || child.kill('SIGINT');
	const onTerminate = () => child.kill('SIGTERM');
	process.on('SIGINT', onInterrupt).on('SIGTERM', onTerminate);
	return new Promise((resolve) => {
		child.on('exit', (code) => {
			process.off('SIGINT', onInterrupt).off('SIGTERM', onTerminate);
			resolve(code ?? 1);
		});
	});
}
