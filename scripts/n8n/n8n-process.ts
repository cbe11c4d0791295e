import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { startReaper } from '../../test/stack/reaper';
import { environmentWithout, type InstalledN8n } from './install';
import type { Places } from './places';
import { diagnose } from './problem';

/** n8n is ready after about 10 s; a busy machine and a slow disk take their time. */
const READY_WITHIN_MS = 600_000;
/** n8n gives running workflows 10 s to end (see the environment below). */
const GONE_WITHIN_MS = 20_000;

export interface N8nOptions {
	readonly installed: InstalledN8n;
	readonly places: Places;
	readonly port: number;
	/** Where n8n's task runners report; nobody else uses it. */
	readonly brokerPort: number;
	/** The PostgreSQL database for n8n's own tables. */
	readonly n8nDatabase: URL;
	readonly signal: AbortSignal;
}

/** A running n8n. */
export interface RunningN8n {
	readonly url: string;
	/** Resolves when n8n has ended, whyever. */
	readonly ended: Promise<void>;
	/** Ends n8n and all its helpers; resolves when none is left. */
	stop(): Promise<void>;
	/** The same at once, as a crash does it: n8n saves nothing more. */
	kill(): Promise<void>;
}

/**
 * Starts n8n and waits until it answers.
 *
 * @throws Problem with n8n's last words where it ends before that
 */
export async function startN8n(options: N8nOptions): Promise<RunningN8n> {
	const { installed, places, port, signal } = options;
	const log = join(places.logs, 'n8n.log');
	const child = spawn(installed.node, [installed.program, 'start'], {
		cwd: places.home,
		env: environment(options),
		stdio: ['ignore', 'pipe', 'pipe'],
		windowsHide: true,
		// A process group of its own: Ctrl-C in the terminal reaches us alone, who end n8n before its
		// database; and its helpers can be ended with it.
		detached: process.platform !== 'win32',
	});
	const file = createWriteStream(log).on('error', () => {});
	child.stdout?.pipe(file, { end: false });
	child.stderr?.pipe(file, { end: false });

	// It must not outlive us, who are its database too.
	const reaper = startReaper(child.pid);
	let gone = false;
	const ended = new Promise<void>((resolve) => {
		child.once('error', ({ message }) => file.write(message, () => resolve()));
		child.once('exit', () => resolve());
	}).then(async () => {
		gone = true;
		endGroup(child);
		file.end();
		await reaper.dismiss();
	});
	const stop = async () => {
		child.kill();
		const timer = setTimeout(() => endGroup(child), GONE_WITHIN_MS);
		await ended;
		clearTimeout(timer);
	};
	const kill = async () => {
		endGroup(child);
		await ended;
	};

	const url = `http://127.0.0.1:${port}`;
	try {
		const deadline = Date.now() + READY_WITHIN_MS;
		while (!(await answers(`${url}/healthz/readiness`))) {
			signal.throwIfAborted();
			if (gone || Date.now() > deadline)
				throw diagnose('Starting n8n', await readFile(log, 'utf8').catch(() => ''), log);
			await sleep(250);
		}
	} catch (error) {
		await stop();
		throw error;
	}
	return { url, ended, stop, kill };
}

/** Ends whatever is left of n8n and its task runners. */
function endGroup({ pid, exitCode }: ChildProcess): void {
	if (pid === undefined) return;
	if (process.platform === 'win32') {
		if (exitCode === null)
			spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' });
		return;
	}
	try {
		process.kill(-pid, 'SIGKILL');
	} catch {
		// Nobody of the group is left, as it should be.
	}
}

async function answers(url: string): Promise<boolean> {
	return await fetch(url, { signal: AbortSignal.timeout(10_000) }).then(
		({ ok }) => ok,
		() => false,
	);
}

/** Settings for an n8n of the person's own, and what npm adds. */
const NOT_OURS =
	/^(?:N8N_|DB_|EXECUTIONS_|QUEUE_|NODES_|OFFLOAD_|WEBHOOK_|CREDENTIALS_|GENERIC_TIMEZONE$|NODE_FUNCTION_|npm_|PATH$)/i;

/** Listening on this machine alone, and asking nothing of n8n's makers' servers. */
function environment(options: N8nOptions): NodeJS.ProcessEnv {
	const { installed, places, port, brokerPort, n8nDatabase } = options;
	const off = [
		...['SECURE_COOKIE', 'DIAGNOSTICS_ENABLED', 'VERSION_NOTIFICATIONS_ENABLED'],
		...['VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED', 'TEMPLATES_ENABLED', 'PERSONALIZATION_ENABLED'],
		...['HIRING_BANNER_ENABLED', 'DYNAMIC_BANNERS_ENABLED', 'LICENSE_AUTO_RENEW_ENABLED'],
		'VERIFIED_PACKAGES_ENABLED',
	];
	return {
		...environmentWithout(NOT_OURS),
		...Object.fromEntries(off.map((name) => [`N8N_${name}`, 'false'])),
		// n8n starts its task runners with the `node` that it finds first.
		PATH: [dirname(installed.node), process.env.PATH ?? process.env.Path ?? ''].join(delimiter),
		N8N_USER_FOLDER: places.user,
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: '127.0.0.1',
		N8N_PORT: String(port),
		N8N_EDITOR_BASE_URL: `http://127.0.0.1:${port}`,
		N8N_RUNNERS_BROKER_LISTEN_ADDRESS: '127.0.0.1',
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '10',
		N8N_DISABLED_MODULES:
			'mcp-registry,instance-ai,agents,chat-hub,mcp,workflow-builder,insights,breaking-changes',
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: n8nDatabase.hostname,
		DB_POSTGRESDB_PORT: n8nDatabase.port,
		DB_POSTGRESDB_DATABASE: n8nDatabase.pathname.slice(1),
		DB_POSTGRESDB_USER: n8nDatabase.username,
		DB_POSTGRESDB_PASSWORD: n8nDatabase.password,
	};
}
