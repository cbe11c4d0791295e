import { join, resolve } from 'node:path';

/** The checkout. */
export const ROOT = resolve(__dirname, '../..');

/** Everything that is installed or written here; ignored by git. */
export const LOCAL = join(ROOT, '.n8n-local');

/** n8n's own packages: installed once, shared by `npm start` and the browser tests. */
export const N8N = join(LOCAL, 'n8n');

/** Node 24, for machines whose own Node is older. */
export const NODE_24 = join(LOCAL, 'node24');

/** Where one n8n keeps what it remembers. */
export interface Places {
	/** All of the below; `--fresh` removes it. */
	readonly home: string;
	/** n8n's user folder: its settings, binary data and community packages. */
	readonly user: string;
	/** PostgreSQL's data: the local Supabase's database and n8n's own. */
	readonly database: string;
	/** What the programs print. */
	readonly logs: string;
}

/**
 * @param name `data` for `npm start`, another for an instance beside it
 * @returns the folders of that instance
 */
export function placesOf(name: string): Places {
	const home = join(LOCAL, name);
	return {
		home,
		user: join(home, 'user'),
		database: join(home, 'database'),
		logs: join(home, 'logs'),
	};
}
