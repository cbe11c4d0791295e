/**
 * `npm start`: a real n8n with this pack on a local Supabase, from a fresh clone.
 */
import { rm } from 'node:fs/promises';
import process from 'node:process';
import { HELP, readArguments } from './arguments';
import { startInstance, type Instance } from './instance';
import { aborted, interruptSignal } from './interrupt';
import { lock } from './lock';
import { outcomeOf } from './outcome';
import { placesOf } from './places';
import { Problem } from './problem';
import { step } from './progress';
import { furnish } from './seed';

/** The ports that people know: n8n's own, and those of `supabase start`. */
const USUAL_PORTS = { n8n: 5678, broker: 5690, supabase: 54321, postgres: 54322 };

const PLACES = placesOf('data');

async function main(signal: AbortSignal): Promise<number> {
	const { help, fresh, port } = readArguments(process.argv.slice(2), process.env);
	if (help) {
		console.log(HELP);
		return 0;
	}
	const held = await lock(PLACES.home, 'It is just starting or stopping, in another terminal.');
	if (fresh) {
		await step('Removing the data of earlier starts', async () => {
			await rm(PLACES.home, { recursive: true, force: true, maxRetries: 3 });
		});
	}
	const instance = await startInstance({
		places: PLACES,
		usual: USUAL_PORTS,
		demanded: port,
		signal,
	});
	try {
		const examples = await furnish(instance);
		held.tell(`n8n is at ${instance.n8n.url}; Ctrl-C in its terminal ends it.`);
		console.log(welcome(instance, examples));
		await Promise.race([aborted(signal), instance.n8n.ended]);
		if (!signal.aborted) {
			throw new Problem('n8n has ended by itself.', `What it said last: ${PLACES.logs}`);
		}
	} finally {
		console.log();
		await step('Stopping n8n and the local Supabase', async () => await instance.stop());
	}
	console.log('Everything is stopped. The data are kept for the next start.');
	return 0;
}

function welcome(
	{ n8n, supabase, login, rest }: Instance,
	examples: Map<string, string> | undefined,
): string {
	const account =
		rest === undefined
			? 'log in with the password that you have set (begin anew: npm start -- --fresh)'
			: `${login.email}  ${login.password}`;
	return [
		'',
		`  n8n        ${n8n.url}`,
		`  login      ${account}`,
		`  Supabase   ${supabase.project.url}  (credential "Local Supabase" in n8n)`,
		...[...(examples ?? [])].map(([name, url]) => `  example    ${url}  ${name}`),
		'',
		'  Ctrl-C ends it.',
	].join('\n');
}

const signal = interruptSignal();
void outcomeOf(signal, async () => await main(signal)).then((code) => process.exit(code));
