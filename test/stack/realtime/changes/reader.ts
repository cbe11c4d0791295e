import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';

import { STEADY } from '../../steadySocket';
import { channelsOf, type Hub } from '../hub';
import { deliver } from './deliver';
import { sendDatabaseBroadcasts } from './databaseBroadcasts';
import { decodeLog } from './pgoutput';
import { subscribe, type Subscription } from './subscribe';

const PUBLICATIONS = 'supabase_realtime,supabase_realtime_messages_publication';
const MOST_CHANGES = 2_000;

/**
 * Reads the database's log through a slot that goes with its connection. It runs while somebody listens,
 * and nothing is read or kept when nobody does.
 */
export class Reader {
	/** By id. */
	readonly subscriptions = new Map<string, Subscription>();
	/** Joins are answered as ever, and get nothing. */
	isDeaf = false;
	isReading = false;
	private hub!: Hub;
	private running: Promise<void> | undefined;
	private slotIsThere: Promise<void> = Promise.resolve();
	private hasStopped = false;
	private readonly closing = new Set<Promise<void>>();
	private waiting: Array<() => void> = [];

	constructor(private readonly databaseUrl: string) {}

	attach(hub: Hub): void {
		this.hub = hub;
	}

	/** Starts reading, unless it does already. */
	start(): void {
		if (this.running || this.hasStopped) return;
		let found = () => {};
		this.slotIsThere = new Promise((resolve) => (found = resolve));
		this.running = this.run(found).finally(() => {
			found();
			this.running = undefined;
			this.isReading = false;
			this.sayRead();
		});
	}

	/** Resolves when what is committed from now on will be read, or the reader has given up. */
	async ready(): Promise<void> {
		this.start();
		await this.slotIsThere;
	}

	/** All who have subscribed get nothing more until they join again. */
	deafen(): void {
		this.isDeaf = true;
		for (const subscription of this.subscriptions.values()) subscription.isDeaf = true;
	}

	/** Joins from now on get changes again. */
	mend(): void {
		this.isDeaf = false;
	}

	/** Resolves when all that was committed before is handed out, or nothing is read. */
	async settled(): Promise<void> {
		// The reading that is under way may have begun before the commit: the one after it has not.
		for (let i = 0; i < 2 && this.isReading; i++)
			await new Promise<void>((resolve) => this.waiting.push(resolve));
	}

	async stop(): Promise<void> {
		this.hasStopped = true;
		await this.running;
		await Promise.allSettled(this.closing);
	}

	private async run(found: () => void): Promise<void> {
		const { settings } = this.hub;
		for (let tries = 0; tries < settings.readerTries && !this.hasStopped; tries++) {
			const sql = postgres(this.databaseUrl, {
				max: 1,
				onnotice() {},
				idle_timeout: 0,
				...STEADY,
			});
			try {
				const slot = await makeSlot(sql);
				tries = 0;
				this.isReading = true;
				found();
				await this.read(sql, slot);
				return;
			} catch {
				this.isReading = false;
				this.sayRead();
				const isLast = tries + 1 >= settings.readerTries || this.hasStopped;
				if (!isLast) await sleep(settings.readerRetryMs, undefined, { ref: false });
			} finally {
				// A lost connection takes its time to end: nobody waits for it but a stop.
				const closing = sql.end({ timeout: 1 }).finally(() => this.closing.delete(closing));
				this.closing.add(closing);
			}
		}
		for (const subscription of this.subscriptions.values()) subscription.isDeaf = true;
	}

	/** Goes on until nobody listens any more; throws when the connection is lost. */
	private async read(sql: postgres.Sql, slot: string): Promise<void> {
		const { settings } = this.hub;
		let heardAt = Date.now();
		let lookedAt = Date.now();
		let publication = await publicationOf(sql);
		while (!this.hasStopped) {
			if (channelsOf(this.hub).length > 0) heardAt = Date.now();
			else if (Date.now() - heardAt > settings.readerLingerMs) return;
			await flush(sql);
			const messages = await sql<Array<{ data: Buffer }>>`
				select data from pg_logical_slot_get_binary_changes(${slot}, null, ${MOST_CHANGES},
					'proto_version', '1', 'publication_names', ${PUBLICATIONS})`;
			if (messages.length > 0) await this.handOut(messages.map(({ data }) => data));
			this.sayRead();
			if (Date.now() - lookedAt >= settings.publicationMs) {
				lookedAt = Date.now();
				const now = await publicationOf(sql);
				if (now !== publication) await this.subscribeAgain();
				publication = now;
			}
			if (messages.length < MOST_CHANGES) await sleep(settings.pollMs, undefined, { ref: false });
		}
	}

	private async handOut(messages: Buffer[]): Promise<void> {
		const { hub } = this;
		const changes = decodeLog(messages);
		const isMessage = ({ schema, table }: { schema: string; table: string }) =>
			schema === 'realtime' && table === 'messages';
		sendDatabaseBroadcasts(
			hub,
			changes.filter(({ relation }) => isMessage(relation)),
		);
		const rows = changes.filter(({ relation }) => !isMessage(relation));
		if (rows.length === 0) return;
		if (hub.settings.loseBatches > 0) {
			hub.settings.loseBatches -= 1;
			hub.counts.batchesLost += 1;
			return;
		}
		await deliver(hub, rows).catch(() => (hub.counts.batchesLost += 1));
	}

	private sayRead(): void {
		for (const resolve of this.waiting.splice(0)) resolve();
	}

	private async subscribeAgain(): Promise<void> {
		const channels = channelsOf(this.hub).filter(({ bindings }) => bindings.length > 0);
		await Promise.all(channels.map(async (channel) => await subscribe(this.hub, channel)));
	}
}

async function makeSlot(sql: postgres.Sql): Promise<string> {
	const name = `supabase_realtime_${randomBytes(6).toString('hex')}`;
	await sql`select realtime.make_partitions()`;
	await sql`alter publication supabase_realtime set (publish_generated_columns = stored)`;
	await sql`select pg_create_logical_replication_slot(${name}, 'pgoutput', true)`;
	return name;
}

async function publicationOf(sql: postgres.Sql): Promise<string> {
	const [row] = await sql<[{ tables: string | null }]>`
		select string_agg(format('%I.%I', schemaname, tablename), ',' order by schemaname, tablename) as tables
		from pg_publication_tables where pubname = 'supabase_realtime'`;
	return row.tables ?? '';
}

/** What is committed without waiting for the disk is not read before it is written out: that is done now. */
async function flush(sql: postgres.Sql): Promise<void> {
	await sql`
		select pg_logical_emit_message(false, 'realtime', '', true)
		where pg_current_wal_insert_lsn() > pg_current_wal_flush_lsn()`;
}
