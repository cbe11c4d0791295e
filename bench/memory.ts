/** What the memory benchmarks share: files in n8n's store, and how much memory work with them takes. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import type { IBinaryData } from 'n8n-workflow';

export const MIB = 1024 * 1024;
const BLOCK = 64 * 1024;

export interface Cost {
	readonly peak: number;
	readonly seconds: number;
}

/** A file in n8n's store, of bytes that do not repeat. */
export async function stored(mebibytes: number): Promise<IBinaryData> {
	const content = Readable.from(
		(function* () {
			const block = Buffer.alloc(BLOCK);
			for (let n = 0; n < (mebibytes * MIB) / BLOCK; n++) {
				block.fill(`${n} `);
				yield Buffer.from(block);
			}
		})(),
		{ objectMode: false },
	);
	const location = { type: 'execution', workflowId: 'bench', executionId: 'bench' } as const;
	const about: IBinaryData = {
		data: '',
		mimeType: 'application/octet-stream',
		fileName: 'file.bin',
	};
	return await Container.get(BinaryDataService).store(location, content, about);
}

/** The SHA-256 of a file in n8n's store. */
export async function hashOf({ id }: IBinaryData): Promise<string> {
	const hash = createHash('sha256');
	const stream = await Container.get(BinaryDataService).getAsStream(id ?? '');
	for await (const chunk of stream) hash.update(chunk as Buffer);
	return hash.digest('hex');
}

/** The least that is left when nothing happens for a while. */
export async function idleMemory(): Promise<number> {
	let least = Infinity;
	for (let n = 0; n < 30; n++) {
		await sleep(100);
		least = Math.min(least, process.memoryUsage.rss());
	}
	return least;
}

/** Does some work, and tells how much memory this process had at most meanwhile. */
export async function watched<T>(work: () => Promise<T>): Promise<[Cost, T]> {
	const began = performance.now();
	let peak = process.memoryUsage.rss();
	const timer = setInterval(() => {
		peak = Math.max(peak, process.memoryUsage.rss());
	}, 20);
	try {
		const result = await work();
		return [{ peak, seconds: (performance.now() - began) / 1000 }, result];
	} finally {
		clearInterval(timer);
	}
}

/** Prints what it cost to move a file of so many MiB; more than the limit above idle is a failure. */
export function report(
	what: string,
	{ peak, seconds }: Cost,
	{ idle, size, limit }: { readonly idle: number; readonly size: number; readonly limit: number },
): void {
	const more = peak - idle;
	say(
		`${what} of ${size} MiB: at most ${mib(more)} MiB more than idle, ${(size / seconds).toFixed(0)} MiB/s`,
	);
	if (more > limit * MIB) {
		process.exitCode = 1;
		say(`that is more than ${limit} MiB`);
	}
}

export function mib(bytes: number): string {
	return (bytes / MIB).toFixed(1);
}

export function say(text: string): void {
	process.stdout.write(`${text}\n`);
}
