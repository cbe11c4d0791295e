import type postgres from 'postgres';

import { fromDatabase } from './errors';

/** Who a statement is executed as. */
export interface Identity {
	role: string;
	/** Claims of the token, which policies read. */
	claims: Record<string, unknown>;
}

const SERVICE: Identity = { role: 'service_role', claims: { role: 'service_role' } };

/** Ends a transaction that was only to show what is allowed. */
class Rehearsed extends Error {
	constructor(readonly value: unknown) {
		super('rehearsed');
	}
}

/** The storage schema as one caller sees it: every statement runs in the caller's role. */
export class Database {
	constructor(
		private readonly sql: postgres.Sql,
		private readonly identity: Identity,
		/** The operation's name, which policies may ask for. */
		private readonly operation: string,
	) {}

	/** The same, past all policies. */
	asService(): Database {
		return new Database(this.sql, SERVICE, this.operation);
	}

	/**
	 * Runs statements in one transaction.
	 *
	 * @throws StorageError for what a policy or a constraint refuses
	 */
	async run<T>(work: (tx: postgres.TransactionSql) => Promise<T>): Promise<T> {
		try {
			return (await this.sql.begin(async (tx) => {
				await this.enter(tx);
				return await work(tx);
			})) as T;
		} catch (error) {
			throw fromDatabase(error);
		}
	}

	/** Runs statements and takes them back: they throw what they would throw in earnest. */
	async rehearse<T>(work: (tx: postgres.TransactionSql) => Promise<T>): Promise<T> {
		try {
			return await this.run(async (tx) => {
				throw new Rehearsed(await work(tx));
			});
		} catch (error) {
			if (error instanceof Rehearsed) return error.value as T;
			throw error;
		}
	}

	private async enter(tx: postgres.TransactionSql): Promise<void> {
		const { role, claims } = this.identity;
		await tx`select
			set_config('role', ${role}, true),
			set_config('request.jwt.claims', ${JSON.stringify(claims)}, true),
			set_config('request.jwt.claim.role', ${role}, true),
			set_config('request.jwt.claim.sub', ${text(claims.sub)}, true),
			set_config('storage.operation', ${this.operation}, true)`;
	}
}

function text(value: unknown): string {
	return typeof value === 'string' ? value : '';
}
