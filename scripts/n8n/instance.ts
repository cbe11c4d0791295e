import { createHash } from 'node:crypto';
import { freePort } from '../../test/stack/freePort';
import type { Stack } from '../../test/stack/stack';
import { installN8n } from './install';
import { startN8n, type RunningN8n } from './n8n-process';
import { installPack } from './pack';
import type { Places } from './places';
import { Problem } from './problem';
import { step } from './progress';
import { N8nRest, type Login } from './rest';
import { needAlone, startSupabase } from './supabase';

/** The ports that n8n and Supabase usually have: the search for free ones begins there. */
export interface Ports {
	readonly n8n: number;
	readonly broker: number;
	readonly supabase: number;
	readonly postgres: number;
}

/** A running n8n with the pack, beside a running local Supabase. */
export interface Instance {
	readonly n8n: RunningN8n;
	readonly stack: Stack;
	readonly login: Login;
	/** Logged in as the owner; nothing where the password is another one by now. */
	readonly rest: N8nRest | undefined;
	/** Starts n8n again after it has ended; resolves when it answers. */
	startAgain(): Promise<void>;
	/** Ends n8n, then the local Supabase. */
	stop(): Promise<void>;
}

/**
 * Installs what is missing, starts everything and makes the owner's account.
 *
 * @param options.port the one that n8n must have, if any
 * @param options.control whether the local Supabase lets tests provoke failures; not unless given
 * @throws Problem that says what is wrong, and how to mend it
 */
export async function startInstance(
	places: Places,
	usual: Ports,
	signal: AbortSignal,
	{ port: demanded, control = false }: { readonly port?: number; readonly control?: boolean } = {},
): Promise<Instance> {
	const installed = await installN8n(signal);
	await needAlone(places);
	const port = demanded === undefined ? await findPort('n8n', usual.n8n) : await take(demanded);
	const supabasePort = await findPort('the local Supabase', usual.supabase);
	const brokerPort = await freePort(usual.broker);
	const postgresPort = await freePort(Math.max(usual.postgres, supabasePort + 1));
	signal.throwIfAborted();

	const { stack, n8nDatabase } = await startSupabase(places, {
		port: supabasePort,
		databasePort: postgresPort,
		control,
	});
	let n8n: RunningN8n | undefined;
	const stop = async () => {
		await n8n?.stop();
		await stack.stop();
	};
	try {
		await installPack(places, signal);
		const start = async () =>
			await startN8n({ installed, places, port, brokerPort, n8nDatabase, signal });
		let running = await step(`Starting n8n ${installed.version}`, start);
		n8n = running;
		const login = { email: 'owner@example.com', password: passwordOf(stack) };
		return {
			get n8n() {
				return running;
			},
			stack,
			login,
			rest: await logIn(running.url, login),
			async startAgain() {
				running = n8n = await start();
			},
			stop,
		};
	} catch (error) {
		await stop();
		throw error;
	}
}

async function findPort(what: string, usual: number): Promise<number> {
	const port = await freePort(usual);
	if (port !== usual) console.log(`  Port ${usual} is taken: ${what} is on ${port}.`);
	return port;
}

/** @throws Problem where the port is taken: another one would not be what was asked for */
export async function take(port: number): Promise<number> {
	return await freePort(port, 1).catch(() => {
		throw new Problem(
			`Port ${port} is taken, so n8n cannot listen there.`,
			'Name another, or none: then the next free one is found.',
		);
	});
}

/** The same at every start, and as n8n wants it: an upper case letter, a digit, eight characters. */
function passwordOf({ jwtSecret }: Stack): string {
	return `Local-1-${createHash('sha256').update(jwtSecret).digest('hex').slice(0, 10)}`;
}

/** The person may have changed the password: then the instance is theirs. */
async function logIn(url: string, login: Login): Promise<N8nRest | undefined> {
	const rest = new N8nRest(url);
	return await rest.login(login).then(
		() => rest,
		() => undefined,
	);
}
