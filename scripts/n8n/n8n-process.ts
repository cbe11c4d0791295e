import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InstalledN8n } from './install';
import { logFile } from './log-file';
import type { Places } from './places';
import { diagnose } from './problem';

/** n8n is ready after about 10 s, and after 30 s when it makes its tables on a slow disk. */
const READY_WITHIN_MS = 180_000;
/** n8n gives running workflows 10 s to end (see the environment below). */
const GONE_WITHIN_MS = 20_000;

/** Parts of n8n that need a service of its makers, or that nobody needs to try nodes. */
const DISABLED_MODULES =
	'mcp-registry,instance-ai,agents,chat-hub,mcp,workflow-builder,insights,breaking-changes';

export interface N8nOptions {
	readonly installed: InstalledN8n;
	readonly places: Places;
	readonly port: number;
	/** Where n8n's task runners report; nobody else uses it. */
	readonly brokerPort: number;
	readonly encryptionKey: string;
	/** The PostgreSQL database for n8n's own tables. */
	readonly databaseUrl: string;
	readonly signal?: AbortSignal;
}

/** A running n8n. */
export interface RunningN8n {
	readonly url: string;
	/** Resolves when n8n has ended, whyever. */
	readonly ended: Promise<void>;
	/** Ends n8n and all its helpers; resolves when none is left. */
	stop(): Promise<void>;
}

/**
 * Starts n8n and waits until it answers.
 * @throws Problem with n8n's last words where it ends before that
 */
export async function startN8n(options: N8nOptions): Promise<RunningN8n> {
	const { installed, places, port, signal } = options;
	const log = join(places.logs, 'n8n.log');
	const child = spawn(
		installed.node,
		['--require', join(__dirname, 'leave-with-parent.cjs'), installed.program, 'start'],
		{
			cwd: places.home,
			env: environment(options),
			stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
			windowsHide: true,
			// A process group of its own: Ctrl-C in the terminal reaches us alone, who end n8n before its
			// database; and its helpers can be ended with it.
			detached: process.platform !== 'win32',
		},
	);
	const file = logFile(log);
	child.stdout?.pipe(file, { end: false });
	child.stderr?.pipe(file, { end: false });

	let failure: Error | undefined;
	const ended = new Promise<void>((resolve) => {
		child.once('error', (error) => {
			failure = error;
			resolve();
		});
		child.once('exit', () => resolve());
	}).then(() => {
		endGroup(child);
		file.end();
	});
	let gone = false;
	void ended.then(() => (gone = true));

	const url = `http://127.0.0.1:${port}`;
	const stop = async () => {
		if (child.connected) child.send('leave', () => {});
		const timer = setTimeout(() => endGroup(child), GONE_WITHIN_MS);
		await ended;
		clearTimeout(timer);
	};

	try {
		const deadline = Date.now() + READY_WITHIN_MS;
		while (!(await answers(`${url}/healthz/readiness`))) {
			signal?.throwIfAborted();
			if (gone || Date.now() > deadline) {
				const words = failure?.message ?? (await readFile(log, 'utf8').catch(() => ''));
				throw diagnose('Starting n8n', words, log);
			}
			await sleep(250);
		}
	} catch (error) {
		await stop();
		throw error;
	}
	return { url, ended, stop };
}

/** Ends whatever is left of n8n and its task runners. */
function endGroup(child: ChildProcess): void {
	if (child.pid === undefined) return;
	if (process.platform === 'win32') {
		if (child.exitCode === null) {
			spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], {
				stdio: 'ignore',
				windowsHide: true,
			});
		}
		return;
	}
	try {
		process.kill(-child.pid, 'SIGKILL');
	} catch {
		// Nobody of the group is left, as it should be.
	}
}

async function answers(url: string): Promise<boolean> {
	try {
		return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
	} catch {
		return false;
	}
}

/**
 * n8n's environment: the person's own, without settings for an n8n of theirs, and with ours. It
 * listens on this machine alone and asks nothing of n8n's makers' servers.
 */
function environment({
	installed,
	places,
	port,
	brokerPort,
	encryptionKey,
	databaseUrl,
}: N8nOptions): NodeJS.ProcessEnv {
	const database = new URL(databaseUrl);
	const inherited = Object.fromEntries(
		Object.entries(process.env).filter(
			([name]) =>
				!/^(?:N8N_|DB_|EXECUTIONS_|QUEUE_|NODES_|OFFLOAD_|WEBHOOK_|CREDENTIALS_|GENERIC_TIMEZONE$|NODE_FUNCTION_|npm_)/i.test(
					name,
				) && name.toUpperCase() !== 'PATH',
		),
	);
	return {
		...inherited,
		// n8n starts its task runners with the `node` that it finds first.
		PATH: [dirname(installed.node), process.env.PATH ?? process.env.Path ?? ''].join(delimiter),
		N8N_USER_FOLDER: places.user,
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: '127.0.0.1',
		N8N_PORT: String(port),
		N8N_EDITOR_BASE_URL: `http://127.0.0.1:${port}`,
		N8N_RUNNERS_BROKER_LISTEN_ADDRESS: '127.0.0.1',
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		N8N_ENCRYPTION_KEY: encryptionKey,
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '10',
		N8N_SECURE_COOKIE: 'false',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		N8N_DISABLED_MODULES: DISABLED_MODULES,
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: database.hostname,
		DB_POSTGRESDB_PORT: database.port,
		DB_POSTGRESDB_DATABASE: decodeURIComponent(database.pathname.slice(1)),
		DB_POSTGRESDB_USER: decodeURIComponent(database.username),
		DB_POSTGRESDB_PASSWORD: decodeURIComponent(database.password),
	};
}
