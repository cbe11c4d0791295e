import { isExact } from '../numbers';
import type { Change, ChangedColumn } from './events';
import type { ReceivedMessage } from './message';
import { mayBeRounded, readNumbers } from './rounding';
import type { ChangeBinding, Subscription } from './subscription';

/** What the server makes of the bindings of a join: for each id the indexes of those that have it. */
export type BindingIds = ReadonlyMap<number, readonly number[]>;

/**
 * Reads the answer to a join. The server gives each binding an id made of its content, so that equal
 * ones share it.
 *
 * @param asked the bindings of the join
 * @param response `{postgres_changes: [{id, event, schema, table?, filter?, select?}]}`, in the same
 * order
 * @returns `undefined` where it is not what was asked for
 */
export function bindingIds(
	asked: readonly ChangeBinding[],
	response: unknown,
): BindingIds | undefined {
	const answered = (Object(response) as { postgres_changes?: unknown }).postgres_changes;
	const ids = new Map<number, number[]>();
	for (const [index, binding] of asked.entries()) {
		const own = (Array.isArray(answered) ? answered[index] : undefined) as Answered | undefined;
		if (!own || typeof own.id !== 'number' || !sameBinding(binding, own)) return undefined;
		ids.set(own.id, [...(ids.get(own.id) ?? []), index]);
	}
	return ids;
}

type Answered = ChangeBinding & { readonly id?: unknown };

function sameBinding(asked: ChangeBinding, answered: ChangeBinding): boolean {
	const same = (name: 'event' | 'schema' | 'table' | 'filter') => asked[name] === answered[name];
	return (
		same('event') &&
		same('schema') &&
		same('table') &&
		same('filter') &&
		JSON.stringify(asked.select) === JSON.stringify(answered.select)
	);
}

/** The payload of `postgres_changes`. */
interface Payload {
	readonly ids?: readonly number[];
	readonly data: {
		readonly type: Change['type'];
		readonly schema: string;
		readonly table: string;
		readonly commit_timestamp: string | null;
		readonly columns?: readonly ChangedColumn[] | null;
		readonly record?: Readonly<Record<string, unknown>>;
		readonly old_record?: Readonly<Record<string, unknown>>;
		readonly errors?: readonly string[] | null;
	};
}

/**
 * Reads a change.
 *
 * @param ids what `bindingIds` gave for its join
 * @returns `undefined` where none of the bindings is for it, which a pattern in a name can bring about
 */
export function readChange(
	message: ReceivedMessage,
	{ changes = [], numbers = 'rounded' }: Subscription,
	ids: BindingIds,
): Change | undefined {
	const { data, ids: matched = [] } = message.payload as Payload;
	if (typeof data !== 'object' || data === null) return undefined;
	const bindings: number[] = [];
	for (const id of matched) {
		for (const index of ids.get(id) ?? []) {
			const binding = changes[index];
			if (binding && isFor(binding, data) && !bindings.includes(index)) bindings.push(index);
		}
	}
	if (bindings.length === 0) return undefined;
	if (bindings.length > 1) bindings.sort((one, other) => one - other);
	const columns = data.columns ?? [];
	const read = numbers === 'text' ? asText(message, columns) : asNumbers(message);
	const { record, old_record: oldRecord } = read.data;
	return {
		type: data.type,
		schema: data.schema,
		table: data.table,
		commitTimestamp: data.commit_timestamp ?? undefined,
		record,
		oldRecord,
		columns,
		errors: data.errors ?? undefined,
		bindings,
		rounded: read.rounded,
	};
}

function isFor({ event, schema, table }: ChangeBinding, data: Payload['data']): boolean {
	return (
		(schema === data.schema || schema === '*') &&
		(table === undefined || table === '*' || table === data.table) &&
		(event === '*' || event === data.type)
	);
}

type Read = Pick<Payload, 'data'> & { readonly rounded?: readonly string[] };

function asNumbers(message: ReceivedMessage): Read {
	if (!mayBeRounded(message)) return message.payload as Payload;
	const { payload, rounded } = roundNumbers(message);
	// The first part of a path is `data`.
	const named = rounded?.map((path) => path.slice(path.indexOf('.') + 1));
	return { data: (payload as Payload).data, rounded: named };
}

/** Reads a payload as it is, and says in which parts of it a number was rounded. */
export function roundNumbers(message: ReceivedMessage): {
	readonly payload: unknown;
	readonly rounded?: readonly string[];
} {
	const rounded = new Set<string>();
	const round = (number: string, path: readonly string[]) => {
		rounded.add(path.join('.'));
		return Number(number);
	};
	const payload = mayBeRounded(message) ? readNumbers(message, round, false) : message.payload;
	return { payload, rounded: rounded.size ? [...rounded] : undefined };
}

const INTEGERS = new Set(['int8', '_int8']);
const FRACTIONS = new Set(['numeric', '_numeric']);

/** Always, not only where a number is long: a column has one kind of value. */
function asText(message: ReceivedMessage, columns: readonly ChangedColumn[]): Read {
	const exact = new Set<string | undefined>();
	let hasFractions = false;
	for (const { name, type } of columns) {
		if (FRACTIONS.has(type)) hasFractions = true;
		if (FRACTIONS.has(type) || INTEGERS.has(type)) exact.add(name);
	}
	// An integer that was not rounded is written as it stands, so it need not be read again.
	if (!hasFractions && !mayBeRounded(message)) {
		return withText(message.payload as Payload, [...exact] as string[]);
	}
	const read = (number: string, [, part, column]: readonly string[]) =>
		(part === 'record' || part === 'old_record') && exact.has(column)
			? number
			: textIfRounded(number);
	return readNumbers(message, read, true) as Payload;
}

function withText(payload: Payload, names: readonly string[]): Payload {
	if (!names.length) return payload;
	const read = (row: Payload['data']['record']) => {
		if (!row) return row;
		const copy = { ...row };
		for (const name of names) if (Object.hasOwn(copy, name)) copy[name] = integerText(copy[name]);
		return copy;
	};
	const { data } = payload;
	return {
		...payload,
		data: { ...data, record: read(data.record), old_record: read(data.old_record) },
	};
}

function integerText(value: unknown): unknown {
	if (typeof value === 'number') return String(value);
	return Array.isArray(value) ? value.map(integerText) : value;
}

/** Gives a number as text where JavaScript would round it. */
export function textIfRounded(number: string): string | number {
	return isExact(number) ? Number(number) : number;
}
