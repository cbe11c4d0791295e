import { randomBytes, randomInt } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Places } from './places';
import type { Login } from './rest';

/** What is made up once for an instance and must be the same at its next start. */
export interface Secrets {
	readonly login: Login;
	/** n8n's key for the credentials that it stores. */
	readonly encryptionKey: string;
}

/** Reads the instance's secrets, or makes them at its first start. */
export async function secretsOf(places: Places): Promise<Secrets> {
	const file = join(places.home, 'secrets.json');
	try {
		return JSON.parse(await readFile(file, 'utf8')) as Secrets;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
	}
	const secrets: Secrets = {
		login: { email: 'owner@example.com', password: password() },
		encryptionKey: randomBytes(24).toString('base64url'),
	};
	await mkdir(dirname(file), { recursive: true });
	await writeFile(file, JSON.stringify(secrets, null, '\t'), { mode: 0o600 });
	return secrets;
}

/** Easy to type, and as n8n wants it: an upper case letter, a digit, eight characters or more. */
function password(): string {
	const letters = 'abcdefghijkmnpqrstuvwxyz';
	const word = (length: number) =>
		Array.from({ length }, () => letters[randomInt(letters.length)]).join('');
	return `Local-${word(5)}-${word(5)}-${randomInt(10, 100)}`;
}
