import { parseArgs } from 'node:util';

import { MAIL_PATH } from './auth/mailPage';
import { startStack, type Stack } from './stack';

/** What a parent process gets over its IPC channel when the stack is ready. */
export type StackReady = Pick<
	Stack,
	| 'url'
	| 'publishableKey'
	| 'secretKey'
	| 'anonJwt'
	| 'serviceRoleJwt'
	| 'jwtSecret'
	| 'databaseUrl'
	| 'databasePid'
	| 'folder'
>;

const { values: flags } = parseArgs({
	options: {
		port: { type: 'string' },
		'database-port': { type: 'string' },
		'data-dir': { type: 'string' },
		'max-rows': { type: 'string' },
		schemas: { type: 'string' },
		control: { type: 'boolean' },
		'until-stdin-ends': { type: 'boolean' },
		verbose: { type: 'boolean' },
	},
});

async function main(): Promise<void> {
	const hasParent = process.send !== undefined;
	// lite logs every refused statement; a test that provokes refusals would drown in them.
	if (!flags.verbose) console.error = console.warn = () => {};

	let ending = false;
	const running: { stop?: Stack['stop'] } = {};
	const end = () => {
		ending = true;
		// While it is starting there is nothing to stop yet: it is stopped as soon as it is there.
		running.stop?.().then(() => process.exit(0), fail);
	};
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
	if (hasParent) process.once('disconnect', end);
	if (flags['until-stdin-ends']) process.stdin.resume().once('end', end).once('error', end);

	const stack = await startStack({
		port: number(flags.port),
		databasePort: number(flags['database-port']),
		dataDir: flags['data-dir'],
		maxRows: number(flags['max-rows']),
		schemas: flags.schemas?.split(','),
		control: flags.control ?? hasParent,
	});
	running.stop = stack.stop;
	if (ending) return end();
	if (hasParent) process.send?.(ready(stack));
	else print(stack);
}

function ready(stack: Stack): StackReady {
	const {
		url,
		publishableKey,
		secretKey,
		anonJwt,
		serviceRoleJwt,
		jwtSecret,
		databaseUrl,
		databasePid,
		folder,
	} = stack;
	return {
		url,
		publishableKey,
		secretKey,
		anonJwt,
		serviceRoleJwt,
		jwtSecret,
		databaseUrl,
		databasePid,
		folder,
	};
}

function print(stack: Stack): void {
	process.stdout.write(`
The local Supabase runs.

  Project URL            ${stack.url}
  Publishable key        ${stack.publishableKey}
  Secret key             ${stack.secretKey}
  Legacy anon key        ${stack.anonJwt}
  Legacy service_role    ${stack.serviceRoleJwt}
  PostgreSQL             ${stack.databaseUrl}
  Mails and texts        ${stack.url}${MAIL_PATH}

Ctrl-C ends it.
`);
}

function number(text: string | undefined): number | undefined {
	return text === undefined ? undefined : Number(text);
}

function fail(error: unknown): void {
	process.stderr.write(
		`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
	);
	process.exit(1);
}

main().catch(fail);
