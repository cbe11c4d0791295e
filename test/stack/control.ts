import type { Mail, TextMessage } from './auth/inbox';
import type { AuthSettings } from './auth/settings';
import type { Fault } from './faults';

import type { RecordedRequest } from './requestLog';
import type { StorageSettings } from './storage/call';

/** Sees and provokes, from a test, what happens at the stack's server. */
export interface StackControl {
	/** Requests since the last `clearRequests`, optionally only those whose path begins with `prefix`. */
	requests(prefix?: string): Promise<RecordedRequest[]>;
	clearRequests(): Promise<void>;
	/** Lets something go wrong with the next requests that match. */
	addFault(...faults: Fault[]): Promise<void>;
	clearFaults(): Promise<void>;
	/** What waits for a request still, of paths that contain a text. */
	faults(text: string): Promise<Fault[]>;
	/** Changes the server's row cap for every client: set it back when done. */
	setMaxRows(maxRows: number): Promise<void>;
	getMaxRows(): Promise<number>;
	/** Makes the REST service see a changed schema at once. */
	reloadSchema(): Promise<void>;
	/** Mails that auth has sent, newest last. */
	mails(): Promise<Mail[]>;
	/** Text messages that auth has sent, newest last. */
	texts(): Promise<TextMessage[]>;
	/** Changes what auth lets people do, for every client: set it back when done. */
	setAuth(settings: Partial<AuthSettings>): Promise<void>;
	getAuth(): Promise<AuthSettings>;
	/** Changes limits and ways of the storage service for every client: set them back when done. */
	setStorage(settings: Partial<StorageSettings>): Promise<void>;
	getStorage(): Promise<StorageSettings>;
	/** Process of PostgreSQL, null while it is down. */
	databasePid(): Promise<number | null>;
	/** Ends PostgreSQL at once, as a power cut does. What was committed stays. */
	crashDatabase(): Promise<void>;
	/** Starts PostgreSQL again on the same port; resolves when it takes connections. */
	startDatabase(): Promise<void>;
	/**
	 * Cuts all clients off, or lets them through again. Open requests and sockets break, whatever the service
	 * behind has done; new ones are reset. For a single lost answer, see the faults `resetAfter` and `delay`.
	 */
	cutNetwork(isCut: boolean): Promise<void>;
}

/**
 * The control endpoints of a stack that a child process runs.
 *
 * @param url the stack's address (default: that of the jest setup)
 */
export function stackControl(url = process.env.SUPABASE_URL ?? ''): StackControl {
	const call = async <T>(method: string, what: string, body?: unknown): Promise<T> => {
		const answer = await fetch(`${url}/__control/${what}`, {
			method,
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		if (!answer.ok)
			throw new Error(`${method} /__control/${what}: ${answer.status} ${await answer.text()}`);
		return (await answer.json()) as T;
	};
	return {
		requests: async (prefix = '') =>
			(await call<RecordedRequest[]>('GET', 'requests')).filter(({ path }) =>
				path.startsWith(prefix),
			),
		clearRequests: async () => await call('DELETE', 'requests'),
		addFault: async (...faults) => await call('POST', 'faults', faults),
		clearFaults: async () => await call('DELETE', 'faults'),
		faults: async (text) =>
			(await call<Fault[]>('GET', 'faults')).filter(({ path }) => path?.includes(text)),
		setMaxRows: async (maxRows) => await call('POST', 'maxRows', { maxRows }),
		getMaxRows: async () => (await call<{ maxRows: number }>('GET', 'maxRows')).maxRows,
		reloadSchema: async () => await call('POST', 'reload'),
		mails: async () => await call('GET', 'mails'),
		texts: async () => await call('GET', 'texts'),
		setAuth: async (settings) => await call('POST', 'auth', settings),
		getAuth: async () => await call('GET', 'auth'),
		setStorage: async (settings) => await call('POST', 'storage', settings),
		getStorage: async () => await call('GET', 'storage'),
		databasePid: async () => (await call<{ pid: number | null }>('GET', 'database')).pid,
		crashDatabase: async () => await call('POST', 'database/crash'),
		startDatabase: async () => await call('POST', 'database/start'),
		cutNetwork: async (isCut) => await call('POST', 'network', { isCut }),
	};
}
