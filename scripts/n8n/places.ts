import { join, resolve } from 'node:path';

/** The checkout. */
export const ROOT = resolve(__dirname, '../..');

/** Everything that is installed or written here; ignored by git. */
export const LOCAL = join(ROOT, '.n8n-local');

/** Where one n8n keeps what it remembers. */
export interface Places {
	/** All of the below; `--fresh` removes it. */
	readonly home: string;
	/** n8n's user folder: its settings, binary data and community packages. */
	readonly user: string;
	/** The local Supabase's data: its database, which holds n8n's own too, and its files. */
	readonly supabase: string;
	/** What the programs print. */
	readonly logs: string;
}

/** @param name `data` for `npm start`, another for an instance beside it */
export function placesOf(name: string): Places {
	const home = join(LOCAL, name);
	const [user, supabase, logs] = [join(home, 'user'), join(home, 'database'), join(home, 'logs')];
	return { home, user, supabase, logs };
}
