import { installN8n } from './install';
import { startN8n, type RunningN8n } from './n8n-process';
import { installPack } from './pack';
import type { Places } from './places';
import { demandPort, findPort } from './ports';
import { step } from './progress';
import { N8nRest, type Login } from './rest';
import { secretsOf } from './secrets';
import { startLocalSupabase, type LocalSupabase } from './supabase';

/** The ports that n8n and Supabase usually have. */
export interface Ports {
	readonly n8n: number;
	readonly broker: number;
	readonly supabase: number;
	readonly postgres: number;
}

export interface InstanceOptions {
	readonly places: Places;
	/** Where to begin looking for free ports. */
	readonly usual: Ports;
	/** The port that n8n must have, if any. */
	readonly demanded?: number;
	readonly signal?: AbortSignal;
}

/** A running n8n with the pack, beside a running local Supabase. */
export interface Instance {
	readonly n8n: RunningN8n;
	readonly supabase: LocalSupabase;
	readonly login: Login;
	/** Logged in as the owner; nothing where the password is another one by now. */
	readonly rest: N8nRest | undefined;
	/** Ends n8n, then the local Supabase. */
	stop(): Promise<void>;
}

/** Installs what is missing, starts everything and makes the owner's account. */
export async function startInstance(options: InstanceOptions): Promise<Instance> {
	const { places, usual, signal } = options;
	const installed = await installN8n(signal);
	await installPack(places, signal);
	const { login, encryptionKey } = await secretsOf(places);

	const port =
		options.demanded === undefined
			? await findPort('n8n', usual.n8n)
			: await demandPort('n8n', options.demanded);
	const brokerPort = await findPort("n8n's task broker", usual.broker, true);
	const supabasePort = await findPort('the local Supabase', usual.supabase);
	const postgresPort = await findPort('PostgreSQL', usual.postgres);
	signal?.throwIfAborted();

	const supabase = await startLocalSupabase(places, supabasePort, postgresPort);
	let n8n: RunningN8n | undefined;
	const stop = async () => {
		await n8n?.stop();
		await supabase.stop();
	};
	try {
		signal?.throwIfAborted();
		n8n = await step(
			`Starting n8n ${installed.version}`,
			async () =>
				await startN8n({
					installed,
					places,
					port,
					brokerPort,
					encryptionKey,
					databaseUrl: supabase.n8nDatabaseUrl,
					signal,
				}),
		);
		return { n8n, supabase, login, rest: await logIn(n8n.url, login), stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

async function logIn(url: string, login: Login): Promise<N8nRest | undefined> {
	const rest = new N8nRest(url);
	if (await rest.isNew()) {
		await rest.createOwner(login);
		return rest;
	}
	try {
		await rest.login(login);
		return rest;
	} catch {
		// The person has changed the password: then the instance is theirs.
		return undefined;
	}
}
