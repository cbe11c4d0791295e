import { Socket } from 'node:net';

const PAUSE_MS = 10;

/** What rolls back in turn at the most: a savepoint in a savepoint, that, and the transaction. */
const ROLLBACKS = 3;

/**
 * Options for the driver, whose types do not know its option `socket`.
 *
 * Told that its connection has closed, the driver rejects what runs and, for a transaction, writes a rollback
 * to the socket that it has just forgotten: this ends the process. So it hears of errors first, one for each
 * rollback that the one before brings about, and of the end when it has written what it wants to.
 */
export const STEADY = { socket: connect } as object;

function connect({ host, port }: { host: string[]; port: number[] }): Socket {
	const socket = new SteadySocket();
	socket.connect(port[0] ?? 0, host[0] ?? '127.0.0.1');
	return socket;
}

type Written = (error?: Error | null) => void;

class SteadySocket extends Socket {
	private isClosing = false;
	private hasWritten = false;

	override write(
		chunk: string | Uint8Array,
		encoding?: BufferEncoding | Written,
		written?: Written,
	): boolean {
		this.hasWritten = true;
		return super.write(chunk, encoding as BufferEncoding, written);
	}

	override emit(event: string | symbol, ...told: unknown[]): boolean {
		if (event !== 'close' || this.isClosing) return super.emit(event, ...told);
		this.isClosing = true;
		this.tell(ROLLBACKS);
		return true;
	}

	/** Where nothing was written after an error, nothing waits for an answer, and the next one would do harm. */
	private tell(rollbacks: number): void {
		this.hasWritten = false;
		const error = new Error('The connection to the database has closed');
		if (this.listenerCount('error') > 0)
			super.emit('error', Object.assign(error, { code: 'CONNECTION_CLOSED' }));
		const next = () =>
			this.hasWritten && rollbacks > 0 ? this.tell(rollbacks - 1) : this.emit('close', false);
		setTimeout(() => setImmediate(next), PAUSE_MS);
	}
}
