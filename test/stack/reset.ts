import type { Socket } from 'node:net';

/**
 * Resets a connection. One whose end is on its way is only closed: Node resets no such one, does not close
 * it either, and a process that has held one never ends.
 */
export function reset(socket: Socket): void {
	if (socket.writableEnded) socket.destroy();
	else socket.resetAndDestroy();
}
