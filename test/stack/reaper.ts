import { spawn } from 'node:child_process';

/** Watches over a process or a folder that would outlive us. */
export interface Reaper {
	/** Ends the watch; nothing is killed or removed. */
	dismiss(): Promise<void>;
}

// It sleeps on its standard input. A line means that all was put away in order; the end of input
// without one means that whoever held the other end has died.
const SCRIPT = `
read -r line && exit 0
if [ -n "$1" ]; then
	kill -INT "$1" 2>/dev/null
	tries=0
	while kill -0 "$1" 2>/dev/null && [ "$tries" -lt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
	kill -QUIT "$1" 2>/dev/null
fi
[ -n "$2" ] || exit 0
# Whoever writes into the folder may still be ending.
tries=0
until rm -rf -- "$2" 2>/dev/null || [ "$tries" -ge 20 ]; do sleep 0.5; tries=$((tries + 1)); done
exit 0
`;

/**
 * Starts a small shell that stops `pid` and removes `folder` when this process dies without having
 * done so itself, even by SIGKILL. Where there is no `sh` there is no such guard.
 */
export function startReaper(pid: number | undefined, folder = ''): Reaper {
	if (process.platform === 'win32') return { dismiss: async () => {} };
	const child = spawn('sh', ['-c', SCRIPT, 'reaper', String(pid ?? ''), folder], {
		cwd: '/',
		stdio: ['pipe', 'ignore', 'ignore'],
		detached: true,
	});
	child.unref();
	const ended = new Promise<void>((resolve) => {
		child.once('exit', () => resolve());
		child.once('error', () => resolve());
	});
	child.stdin.on('error', () => {});
	return {
		dismiss: async () => {
			child.ref();
			child.stdin.end('done\n');
			await ended;
		},
	};
}
