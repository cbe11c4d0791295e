import type { EventName } from './binding';

/** A table as the log describes it. */
export interface Relation {
	oid: number;
	schema: string;
	table: string;
	/** `f`: its old rows are logged whole. */
	identity: string;
	columns: Array<{ name: string; typeOid: number; isKey: boolean }>;
}

/** Values as text, null, or undefined for a large value that was not touched. */
export type Tuple = Array<string | null | undefined>;

export interface Change {
	relation: Relation;
	type: EventName;
	/** Of the commit, milliseconds since 1970. */
	at: number;
	new?: Tuple;
	old?: Tuple;
	/** `old` holds the key only. */
	oldIsKey?: boolean;
}

const EPOCH_2000_MS = Date.UTC(2000, 0, 1);

/** Decodes what the plugin `pgoutput` wrote, protocol version 1. */
export function decodeLog(messages: Buffer[]): Change[] {
	const relations = new Map<number, Relation>();
	const changes: Change[] = [];
	let at = 0;
	for (const message of messages) {
		const read = new Cursor(message);
		const kind = read.letter();
		if (kind === 'B') {
			read.skip(8);
			at = Number(read.int64() / 1000n) + EPOCH_2000_MS;
		} else if (kind === 'R') {
			const relation = read.relation();
			relations.set(relation.oid, relation);
		} else if (kind === 'I' || kind === 'U' || kind === 'D') {
			const relation = relations.get(read.int32());
			if (relation) changes.push({ relation, at, ...read.rows(), type: NAMES[kind] });
		}
	}
	return changes;
}

const NAMES = { I: 'INSERT', U: 'UPDATE', D: 'DELETE' } as const;

/** Reads a message from its beginning to its end. */
class Cursor {
	private at = 0;

	constructor(private readonly bytes: Buffer) {}

	skip(count: number): void {
		this.at += count;
	}

	letter(): string {
		return String.fromCharCode(this.byte());
	}

	byte(): number {
		return this.bytes.readUInt8(this.at++);
	}

	int32(): number {
		this.at += 4;
		return this.bytes.readUInt32BE(this.at - 4);
	}

	int64(): bigint {
		this.at += 8;
		return this.bytes.readBigInt64BE(this.at - 8);
	}

	relation(): Relation {
		const oid = this.int32();
		const schema = this.text();
		const table = this.text();
		const identity = this.letter();
		const columns = Array.from({ length: this.int16() }, () => {
			const isKey = (this.byte() & 1) === 1;
			const name = this.text();
			const typeOid = this.int32();
			this.skip(4);
			return { isKey, name, typeOid };
		});
		return { oid, schema, table, identity, columns };
	}

	rows(): Pick<Change, 'new' | 'old' | 'oldIsKey'> {
		const rows: Pick<Change, 'new' | 'old' | 'oldIsKey'> = {};
		while (this.at < this.bytes.length) {
			const kind = this.letter();
			if (kind === 'N') rows.new = this.tuple();
			else {
				rows.old = this.tuple();
				rows.oldIsKey = kind === 'K';
			}
		}
		return rows;
	}

	private tuple(): Tuple {
		return Array.from({ length: this.int16() }, () => {
			const kind = this.letter();
			if (kind === 'n') return null;
			if (kind === 'u') return undefined;
			const length = this.int32();
			this.at += length;
			return this.bytes.toString('utf8', this.at - length, this.at);
		});
	}

	private int16(): number {
		this.at += 2;
		return this.bytes.readUInt16BE(this.at - 2);
	}

	private text(): string {
		const end = this.bytes.indexOf(0, this.at);
		const text = this.bytes.toString('utf8', this.at, end);
		this.at = end + 1;
		return text;
	}
}
