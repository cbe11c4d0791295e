import { randomUUID } from 'node:crypto';

import { deleteRows } from '../../database/change';
import { columnName } from '../../database/column';
import { jsonText } from '../../database/encoding';
import { insert } from '../../database/insert';
import type { Row, Table } from '../../database/table';
import { InvalidRequestError, refusal, SupabaseApiError } from '../../errors';
import { isExact } from '../../numbers';
import type { Send } from '../../transport';
import { rowPrint } from '../catchUp/content';
import type { Change } from '../events';
import type { ChangeBinding } from '../subscription';
import { visit, type Connect } from '../visit';
import { canaryFinding, readRefusal, type Finding, type ListeningRole } from './findings';
import { deleteRow } from './sql';

/** A row that proves that changes of a table come. */
export interface Canary {
	readonly table: Table;
	/** The values to write; what is left out gets its default. */
	readonly row: Row;
	/** The primary key: by it the row is told from others, and deleted. */
	readonly key: readonly string[];
	/** PostgreSQL's types by column name, where they are known. */
	readonly types?: Readonly<Record<string, string>>;
	/** The row filter that it has to meet, in Realtime's own words. */
	readonly filter?: string;
	/** Whether its deletion has to come, too. */
	readonly withDelete?: boolean;
}

export interface ProofOptions {
	/** On behalf of who listens. */
	readonly connect: Connect;
	readonly role: ListeningRole;
	/** As the service role, which writes the row and deletes it. */
	readonly send: Send;
	/** How long it may take until changes flow, the row comes, and its deletion comes; in milliseconds. */
	readonly limits?: {
		readonly subscribe: number;
		readonly insert: number;
		readonly delete: number;
	};
	readonly signal?: AbortSignal;
}

/** Changes take half a second at the most; together within what an activation waits. */
const LIMITS = { subscribe: 12_000, insert: 6_000, delete: 2_000 };

/**
 * Writes a row, waits until it comes through a subscription of its own, and deletes it. That is over
 * when this returns, so that who subscribes later gets nothing of it; everybody else who listens to
 * the table sees both. It is deleted whatever ends the proof, and nothing else ever is.
 *
 * @throws InvalidRequestError for a row that cannot be written, and for one that could not be deleted
 * @throws SupabaseApiError while the project cannot be reached
 */
export async function proveWithCanary(
	canary: Canary,
	{ connect, role, send, limits = LIMITS, signal }: ProofOptions,
): Promise<Finding> {
	const { table, withDelete = false } = canary;
	const ear = listenFor(canary);
	let writing: Promise<Written> | undefined;

	async function prove(): Promise<Finding> {
		writing = write(canary, send);
		const written = await writing;
		const { print } = written;
		await ear.until(limits.insert, ({ refused }) => refused || ear.of(print).inserted);
		await remove(canary, written, send);
		writing = undefined;
		const { refused } = ear.state;
		if (!refused) await ear.until(limits.delete, () => ear.of(print).deleted);
		const told = refused && readRefusal(refused, [table], role);
		return told || canaryFinding(table, role, { ...ear.of(print), withDelete });
	}

	/** What stands in the way of a subscription for good; anything else is thrown on. */
	function subscriptionFinding(error: unknown): Finding {
		const { message, details = '' } = error instanceof SupabaseApiError ? error : { message: '' };
		const told = readRefusal(`${message} ${details}`, [table], role);
		if (!told || writing) throw error;
		return told;
	}

	try {
		return await visit(
			connect,
			{ name: `canary-${randomUUID()}`, changes: bindingsOf(canary), numbers: 'text' },
			{ onChange: (change) => ear.hear(change) },
			{ timeout: limits.subscribe, signal },
			prove,
		).catch(subscriptionFinding);
	} finally {
		const left = await writing?.catch(() => undefined);
		if (left) await remove(canary, left, send);
	}
}

const [INSERTED, , FILTERED] = [0, 1, 2];

function bindingsOf({ table: { schema, name: table }, filter }: Canary): ChangeBinding[] {
	return [
		{ event: 'INSERT', schema, table },
		{ event: 'DELETE', schema, table },
		...(filter ? [{ event: 'INSERT' as const, schema, table, filter }] : []),
	];
}

/** What came of the row that was written. */
interface Came {
	readonly inserted: boolean;
	/** And by the filter, where there is one. */
	readonly filtered: boolean;
	readonly deleted: boolean;
}

/** Notes what comes, as it may come before it is known by which key. */
function listenFor({ key, types = {}, filter }: Canary) {
	const came = new Map<string, Came>();
	const state: { refused?: string } = {};
	let look = () => {};

	function of(print: string): Came {
		return came.get(print) ?? { inserted: false, filtered: !filter, deleted: false };
	}

	return {
		state,
		of,
		hear({ type, record, oldRecord, columns, errors, bindings }: Change) {
			const learned = Object.fromEntries(columns.map((column) => [column.name, column.type]));
			const row = type === 'DELETE' ? oldRecord : record;
			const print = rowPrint(row, key, { ...types, ...learned });
			if (print !== undefined) {
				const { inserted, filtered, deleted } = of(print);
				came.set(print, {
					inserted: inserted || (type === 'INSERT' && bindings.includes(INSERTED)),
					filtered: filtered || (type === 'INSERT' && bindings.includes(FILTERED)),
					deleted: deleted || type === 'DELETE',
				});
			} else if (errors?.length) state.refused ??= errors.join(' ');
			look();
		},
		/** Waits for something to be so, and so long at most. */
		async until(time: number, isSo: (now: typeof state) => unknown): Promise<void> {
			if (isSo(state)) return;
			await new Promise<void>((resolve) => {
				const end = () => {
					clearTimeout(timer);
					look = () => {};
					resolve();
				};
				const timer = setTimeout(end, time);
				look = () => void (isSo(state) && end());
			});
		},
	};
}

/** The row that was written: its key exactly, and as it is told from others. */
interface Written {
	readonly key: Readonly<Record<string, string>>;
	readonly print: string;
}

/** @throws InvalidRequestError for what the database refuses, and where it is not known what it did */
async function write({ table, row, key, types = {} }: Canary, send: Send): Promise<Written> {
	const asText = key.map((column, index) => `key_${index}:${columnName(column)}::text`);
	const request = insert(table, jsonText([row]), {
		columns: Object.keys(row),
		returning: 'representation',
		returnColumns: [...key.map(columnName), ...asText].join(','),
	});
	const answer = await send<ReadonlyArray<Record<string, unknown>>>(request).catch(refusal);
	if (!('body' in answer)) {
		if (answer.outcome === 'notSent') throw answer;
		throw answer.outcome === 'refused'
			? new InvalidRequestError(
					`The canary row could not be written to "${table.name}": ${answer.message}`,
					`Give values with which a row can be written, and whose key no other row has. ${answer.hint ?? ''}`,
				)
			: new InvalidRequestError(
					`It is not known whether the canary row was written to "${table.name}": ${answer.message}`,
					'Look for it, and delete it.',
				);
	}
	const [written] = answer.body;
	if (!written) {
		throw new InvalidRequestError(
			`The canary row is not in "${table.name}": something in the database, such as a trigger, did not let it in`,
			'Give values with which a row can be written.',
		);
	}
	const texts = key.map((column, index) => [column, String(written[`key_${index}`])] as const);
	// A number that JavaScript would round is told by its text, as it comes live.
	const told = texts.map(([column, text]) => [
		column,
		typeof written[column] === 'number' && !isExact(text) ? text : written[column],
	]);
	const print = rowPrint(Object.fromEntries(told) as Row, key, types) ?? '';
	return { key: Object.fromEntries(texts), print };
}

/** @throws InvalidRequestError with the SQL that deletes it */
async function remove({ table, key }: Canary, written: Written, send: Send): Promise<void> {
	const filters = key.map((column) => ({
		column: columnName(column),
		operator: 'eq',
		value: written.key[column],
	}));
	const options = { filters, returning: 'minimal' } as const;
	await send(deleteRows(table, options)).catch((error: unknown) => {
		const { message } = refusal(error);
		throw new InvalidRequestError(
			`The canary row could not be deleted from "${table.name}": ${message}`,
			`In Supabase's SQL editor run: ${deleteRow(table, written.key)}`,
		);
	});
}
