import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What is known of a file from its bytes alone. */
export interface FileFacts {
	eTag: string;
	size: number;
	lastModified: string;
}

/**
 * The contents of objects, each in a file named by the object's version: a new version never
 * touches the bytes of the one before, so that who is reading goes on reading.
 */
export class Files {
	constructor(readonly directory: string) {}

	async prepare(): Promise<void> {
		await mkdir(this.directory, { recursive: true });
	}

	path(version: string): string {
		return join(this.directory, version);
	}

	/** Writes a stream to disk and gives it a version. A stream that breaks leaves nothing. */
	async write(body: Readable, version: string = randomUUID()): Promise<FileFacts> {
		const hash = createHash('md5');
		const hashing = new Transform({
			transform(chunk: Buffer, _encoding, done) {
				hash.update(chunk);
				done(null, chunk);
			},
		});
		try {
			await pipeline(body, hashing, createWriteStream(this.path(version)));
		} catch (error) {
			await this.remove(version);
			throw error;
		}
		return await this.facts(version, hash.digest('hex'));
	}

	/** Reads a file through once to know its hash. */
	async inspect(version: string): Promise<FileFacts> {
		const hash = createHash('md5');
		await pipeline(createReadStream(this.path(version)), hash);
		return await this.facts(version, hash.digest('hex'));
	}

	read(version: string, range?: { start: number; end: number }): Readable {
		return createReadStream(this.path(version), range);
	}

	async copy(from: string, to: string): Promise<string> {
		await copyFile(this.path(from), this.path(to));
		return (await stat(this.path(to))).mtime.toISOString();
	}

	async move(from: string, to: string): Promise<void> {
		await rename(this.path(from), this.path(to));
		// What a resumable upload noted beside its file belongs to the old version.
		await rm(`${this.path(from)}.json`, { force: true });
	}

	async remove(...versions: Array<string | null>): Promise<void> {
		for (const version of versions) {
			if (version === null) continue;
			await rm(this.path(version), { force: true });
			await rm(`${this.path(version)}.json`, { force: true });
		}
	}

	private async facts(version: string, md5: string): Promise<FileFacts> {
		const { size, mtime } = await stat(this.path(version));
		return { eTag: `"${md5}"`, size, lastModified: mtime.toISOString() };
	}
}
