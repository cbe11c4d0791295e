import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';

/** A log that is written as far as the disk allows: a full one must not end the program by it. */
export function logFile(path: string): WriteStream {
	mkdirSync(dirname(path), { recursive: true });
	return createWriteStream(path).on('error', () => {});
}
