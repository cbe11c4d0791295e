import { parseLogic, type Term, type TermGroup } from '../../../../../src/api/database/logicTree';
import { SupabaseApiError } from '../../../../../src/api/errors';
import {
	openFeed,
	type Batch,
	type Feed,
	type FeedNews,
	type FeedOptions,
} from '../../../../../src/api/realtime/catchUp/feed';
import type { CatchUpState } from '../../../../../src/api/realtime/catchUp/state';
import type { FeedEvent } from '../../../../../src/api/realtime/catchUp/watch';
import type { Channel, ChannelState, Listener } from '../../../../../src/api/realtime/channel';
import type { Change } from '../../../../../src/api/realtime/events';
import type { Realtime } from '../../../../../src/api/realtime/realtime';
import type { ApiRequest, ApiResponse } from '../../../../../src/api/request';
import type { Send } from '../../../../../src/api/transport';

/** A row of the model: `at` is its cursor, in microseconds, and no two versions have one `v`. */
export interface ModelRow {
	readonly id: number;
	readonly at: bigint;
	readonly v: number;
	/** A value that Realtime leaves out when it is not changed. */
	readonly long?: string;
}

/** What was handed out, in which life of the feed. */
export interface Emitted {
	readonly life: number;
	readonly event: FeedEvent;
}

/**
 * A table, its REST interface and a live feed that can fail in every way, under a clock that the test
 * moves. All of it is in memory.
 */
export class World {
	readonly rows = new Map<number, ModelRow>();
	readonly emitted: Emitted[] = [];
	readonly news: FeedNews[] = [];
	life = 0;
	rowCap = 1000;
	/** How many requests to come fail. */
	failures = 0;
	requests: ApiRequest[] = [];
	latency = 5;
	/** How long `emit` takes, in milliseconds. */
	emitTime = 0;
	/** By how much the database's clock is ahead, in milliseconds. */
	clockOffset = 0;
	rejoins = 0;
	feed?: Feed;
	/** As the last batch had it kept. */
	saved?: CatchUpState;
	private listener?: Listener;
	private state: ChannelState = { name: 'joining' };
	private times = 0;
	/** Changes on their way to us. */
	private underWay: Change[] = [];
	private version = 0;

	constructor(private readonly options: Partial<FeedOptions> = {}) {}

	/** The database's clock, in microseconds. */
	now(): bigint {
		return BigInt(Date.now() + this.clockOffset) * 1000n;
	}

	open(): void {
		this.life += 1;
		this.state = { name: 'joining' };
		const life = this.life;
		this.feed = openFeed({
			realtime: this.realtime(life),
			send: this.send,
			subscription: { name: 'test', changes: [{ event: '*', schema: 'public', table: 'orders' }] },
			watches: [
				{
					table: { schema: 'public', name: 'orders' },
					events: ['INSERT', 'UPDATE', 'DELETE'],
					key: ['id'],
					cursor: 'at',
				},
			],
			start: 'beginning',
			state: this.saved,
			onNews: (news) => void (this.life === life && this.news.push(news)),
			emit: async (batch) => await this.emit(batch, life),
			...this.options,
		});
	}

	private async emit(batch: Batch, life: number): Promise<void> {
		if (life !== this.life) return;
		this.saved = JSON.parse(JSON.stringify(batch.state())) as CatchUpState;
		for (const event of batch.events) this.emitted.push({ life, event });
		if (this.emitTime > 0) await new Promise((resolve) => setTimeout(resolve, this.emitTime));
	}

	/** The process dies: what was not saved is not known any more. */
	crash(): void {
		const old = this.feed;
		this.lose();
		this.open();
		void old?.close();
	}

	/** Rows that one transaction writes; `at` is when it began. */
	commit(
		writes: ReadonlyArray<{ id: number; delete?: true; long?: string }>,
		at = this.now(),
	): void {
		const commitTimestamp = new Date(Number(this.now() / 1000n)).toISOString();
		for (const { id, ...write } of writes) {
			const old = this.rows.get(id);
			if (write.delete) {
				this.rows.delete(id);
				if (old) this.go({ type: 'DELETE', oldRecord: { id }, commitTimestamp });
				continue;
			}
			const row = { id, at, v: ++this.version, long: write.long ?? old?.long };
			this.rows.set(id, row);
			const record = jsonOf(row);
			if (old?.long !== undefined && write.long === undefined) delete record.long;
			this.go({
				type: old ? 'UPDATE' : 'INSERT',
				record,
				...(old && { oldRecord: { id } }),
				commitTimestamp,
			});
		}
	}

	private go(change: Omit<Change, 'schema' | 'table' | 'columns' | 'bindings'>): void {
		if (this.state.name !== 'subscribed') return;
		const columns = COLUMNS.map((name) => ({ name, type: name === 'long' ? 'text' : TYPES[name] }));
		this.underWay.push({
			...change,
			schema: 'public',
			table: 'orders',
			columns: columns as Change['columns'],
			bindings: [0],
		});
	}

	/** So many changes arrive; the next one, two, … of them. */
	deliver(count = Infinity): void {
		for (const change of this.underWay.splice(0, count)) this.listener?.onChange?.(change);
	}

	/** So many changes are lost without a word. */
	lose(count = Infinity): void {
		this.underWay.splice(0, count);
	}

	subscribe(): void {
		this.setState({ name: 'subscribed', times: ++this.times });
	}

	disconnect(): void {
		this.lose();
		this.setState({
			name: 'lost',
			reason: new SupabaseApiError('realtime', 'unknown', { message: 'gone' }),
		});
	}

	private setState(state: ChannelState): void {
		this.state = state;
		this.listener?.onState?.(state);
	}

	private realtime(life: number): Realtime {
		return {
			state: { name: 'open' },
			channels: () => [],
			join: (_, listener) => {
				this.listener = listener;
				const isOurs = () => this.life === life;
				return {
					state: this.state,
					rejoin: async () => {
						this.rejoins += 1;
						if (isOurs() && this.state.name === 'subscribed') this.subscribe();
					},
					leave: async () => undefined,
				} as unknown as Channel;
			},
			close: async () => undefined,
		} as Realtime;
	}

	/** Answers from the rows as they are when the request has come half its way. */
	readonly send: Send = async <Body>(request: ApiRequest): Promise<ApiResponse<Body>> => {
		this.requests.push(request);
		await new Promise((resolve) => setTimeout(resolve, this.latency));
		if (this.failures > 0) {
			this.failures -= 1;
			throw new SupabaseApiError('rest', 'unknown', { message: 'broken' });
		}
		const body = JSON.stringify(this.answer(request));
		const date = new Date(Date.now() + this.clockOffset).toUTCString();
		await new Promise((resolve) => setTimeout(resolve, this.latency));
		return { status: 200, headers: { date }, body: body as Body };
	};

	private answer({ query = [] }: ApiRequest): Array<Record<string, unknown>> {
		let rows = [...this.rows.values()];
		let limit = this.rowCap;
		const aliases: Array<[alias: string, column: string]> = [];
		for (const [name, value] of query) {
			if (name === 'select') {
				for (const [, alias, column] of value.matchAll(/(\w+):(\w+)::text/g)) {
					aliases.push([alias as string, column as string]);
				}
			} else if (name === 'limit') limit = Math.min(limit, Number(value));
			else if (name === 'order') rows.sort(orderedBy(value));
			else if (name === 'and' || name === 'or') {
				const terms = parseLogic(value.slice(1, -1));
				const group = { match: name === 'or' ? 'any' : 'all', terms, negate: false } as const;
				rows = rows.filter((row) => meets(row, group));
			} else if (value.startsWith('in.(')) {
				const list = value.slice(4, -1).split(',');
				rows = rows.filter((row) => list.includes(String(textOf(row, name))));
			} else if (value !== 'not.is.null') throw new Error(`Not in the model: ${name}=${value}`);
		}
		return rows.slice(0, limit).map((row) => ({
			...jsonOf(row),
			...Object.fromEntries(aliases.map(([alias, column]) => [alias, textOf(row, column)])),
		}));
	}
}

const COLUMNS = ['id', 'at', 'v', 'long'];
const TYPES: Record<string, string> = { id: 'int8', at: 'timestamptz', v: 'int4' };

function jsonOf(row: ModelRow): Record<string, unknown> {
	return {
		id: row.id,
		at: textOf(row, 'at').replace(' ', 'T') + ':00',
		v: row.v,
		long: row.long ?? null,
	};
}

/** As PostgreSQL casts to text. */
function textOf(row: ModelRow, column: string): string {
	if (column !== 'at') return String(row[column as 'id']);
	const seconds = row.at / 1_000_000n;
	const micros = String(row.at % 1_000_000n).padStart(6, '0');
	return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19).replace('T', ' ')}.${micros}+00`;
}

function valueOf(column: string, text: string): bigint {
	if (column !== 'at') return BigInt(text);
	const [, date, time, micros = ''] = /^(\S{10})[T ](\S{8})(?:\.(\d+))?\+00/.exec(text) ?? [];
	return BigInt(Date.parse(`${date}T${time}Z`)) * 1000n + BigInt(micros.padEnd(6, '0'));
}

function meets(row: ModelRow, term: Term | TermGroup): boolean {
	if ('terms' in term) {
		return term.match === 'any'
			? term.terms.some((each) => meets(row, each))
			: term.terms.every((each) => meets(row, each));
	}
	const [own, other] = [
		valueOf(term.column, textOf(row, term.column)),
		valueOf(term.column, term.value),
	];
	const results: Record<string, boolean> = {
		gt: own > other,
		gte: own >= other,
		eq: own === other,
	};
	const result = results[term.operator];
	if (result === undefined) throw new Error(`Not in the model: ${term.operator}`);
	return result;
}

function orderedBy(order: string) {
	const parts = order.split(',').map((part) => part.split('.'));
	return (a: ModelRow, b: ModelRow) => {
		for (const [column = '', direction] of parts) {
			const [left, right] = [
				valueOf(column, textOf(a, column)),
				valueOf(column, textOf(b, column)),
			];
			if (left !== right) return (left < right ? -1 : 1) * (direction === 'desc' ? -1 : 1);
		}
		return 0;
	};
}
