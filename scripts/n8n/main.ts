/**
 * `npm start`: a real n8n with this pack on a local Supabase, from a fresh clone.
 */
import { once } from 'node:events';
import process from 'node:process';
import { HELP, readArguments } from './arguments';
import { installDurable, SAMPLE_QUEUE } from './durable';
import { remove } from './install';
import { startInstance, type Instance } from './instance';
import { placesOf } from './places';
import { Problem } from './problem';
import { runProgram } from './program';
import { step } from './progress';
import { furnish } from './seed';
import { needAlone } from './supabase';

/** The ports that people know: n8n's own, and those of `supabase start`. */
const USUAL_PORTS = { n8n: 5678, broker: 5690, supabase: 54321, postgres: 54322 };

const PLACES = placesOf('data');

runProgram(async (signal) => {
	const { help, fresh, port } = readArguments(process.argv.slice(2), process.env);
	if (help) {
		console.log(HELP);
		return 0;
	}
	if (fresh) {
		await needAlone(PLACES);
		await step('Removing the data of earlier starts', async () => await remove(PLACES.home));
	}
	const instance = await startInstance(PLACES, USUAL_PORTS, signal, { port });
	try {
		await installDurable(instance.stack);
		console.log(welcome(instance, await furnish(instance)));
		if (!signal.aborted) await Promise.race([once(signal, 'abort'), instance.n8n.ended]);
		if (!signal.aborted)
			throw new Problem('n8n has ended by itself.', `What it said last: ${PLACES.logs}`);
	} finally {
		console.log();
		await step('Stopping n8n and the local Supabase', async () => await instance.stop());
	}
	console.log('Everything is stopped. The data are kept for the next start.');
	return 0;
});

function welcome({ n8n, stack, login, rest }: Instance, examples: Map<string, string>): string {
	const account =
		rest === undefined
			? 'log in with the password that you have set (begin anew: npm start -- --fresh)'
			: `${login.email}  ${login.password}`;
	return [
		'',
		`  n8n        ${n8n.url}`,
		`  login      ${account}`,
		`  Supabase   ${stack.url}  (credential "Local Supabase" in n8n)`,
		`  mails      ${stack.url}/__mail  (what Auth sends: nothing leaves this machine)`,
		`  queue      ${SAMPLE_QUEUE}  (sign-ups, files, and changes of sample tables)`,
		...[...examples].map(([name, url]) => `  example    ${url}  ${name}`),
		'',
		'  Ctrl-C ends it.',
	].join('\n');
}
