import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';

import {
	NodeConnectionTypes,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
} from 'n8n-workflow';
import { Client } from 'pg';

import { stackControl, type StackControl } from '../stack/control';
import type { Fault } from '../stack/faults';
import type { RecordedRequest } from '../stack/requestLog';
import {
	branches,
	chain,
	openEngine,
	type DrawnNode,
	type Engine,
	type WorkflowOutcome,
} from './engine';

export const CREDENTIAL = 'supabaseProjectApi';
export const USER_SESSION = 'supabaseUserSession';
export const NODE = 'n8n-nodes-supabase-suite.supabaseDatabase';

/** The address and keys of a stack. */
export interface Place {
	readonly url: string;
	readonly publishableKey: string;
	readonly secretKey: string;
	readonly databaseUrl: string;
}

export const sharedStack: Place = {
	url: process.env.SUPABASE_URL ?? '',
	publishableKey: process.env.SUPABASE_PUBLISHABLE_KEY ?? '',
	secretKey: process.env.SUPABASE_SECRET_KEY ?? '',
	databaseUrl: process.env.STACK_DATABASE_URL ?? '',
};

export const legacyKeys = {
	publishableKey: process.env.STACK_ANON_JWT ?? '',
	secretKey: process.env.STACK_SERVICE_ROLE_JWT ?? '',
};

const start: DrawnNode = { name: 'Start', type: 'test.start' };

/** Gives a text for each item, such as what an expression finds by the item's pairing. */
const echo: INodeType = {
	description: {
		displayName: 'Echo',
		name: 'echo',
		group: ['transform'],
		version: 1,
		description: 'Gives the value of an expression',
		defaults: { name: 'Echo' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties: [{ displayName: 'Value', name: 'value', type: 'string', default: '' }],
	},
	async execute() {
		return [
			this.getInputData().map((_, item) => ({
				json: { value: this.getNodeParameter('value', item) as string },
				pairedItem: { item },
			})),
		];
	},
};

/** A resource locator with a name that was typed. */
export function named(value: string): INodeParameters {
	return { __rl: true, mode: 'name', value };
}

/** Filters of the node; `is` and `in` have fields of their own. */
export function where(...conditions: Array<readonly [string, string, unknown]>): INodeParameters {
	const field = (operator: string) =>
		operator === 'is' ? 'truth' : operator === 'in' ? 'values' : 'value';
	return {
		filters: {
			filter: conditions.map(([column, operator, value]) => ({
				column: named(column),
				operator,
				[field(operator)]: value as string,
			})),
		},
	};
}

export function orderBy(...columns: Array<string | INodeParameters>): INodeParameters {
	const by = columns.map((column) =>
		typeof column === 'string'
			? { column: named(column), direction: 'asc', nulls: 'default' }
			: column,
	);
	return { order: { by } };
}

/** Rows that are the items' own fields. */
export const autoMapped: INodeParameters = {
	columns: { mappingMode: 'autoMapInputData', value: null },
	changes: { mappingMode: 'autoMapInputData', value: null },
};

function database(
	name: string,
	operation: string,
	table: string,
	parameters: INodeParameters,
	rest: Partial<DrawnNode>,
): DrawnNode {
	return {
		name,
		type: NODE,
		parameters: {
			resource: 'row',
			operation,
			table: named(table),
			...autoMapped,
			...parameters,
		},
		...rest,
	};
}

export function select(
	table: string,
	parameters: INodeParameters = {},
	rest: Partial<DrawnNode> = {},
): DrawnNode {
	return database('Database', 'select', table, parameters, rest);
}

export function insert(
	table: string,
	parameters: INodeParameters = {},
	rest: Partial<DrawnNode> = {},
): DrawnNode {
	return database('Database', 'insert', table, parameters, rest);
}

export const continueRegular: Partial<DrawnNode> = { onError: 'continueRegularOutput' };
export const continueError: Partial<DrawnNode> = { onError: 'continueErrorOutput' };

export interface RunOptions {
	/** The JSON of the input items; one empty item if not given. */
	readonly items?: readonly IDataObject[];
	readonly credential?: Partial<Record<string, unknown>>;
	/** What the credential of a user's session holds beside the project; there is none without. */
	readonly session?: Partial<Record<string, unknown>>;
	readonly signal?: AbortSignal;
	/** An expression that a node behind evaluates for each item: its values are `values`. */
	readonly after?: string;
}

/** What came of a workflow that is Start, the node, and what looks at its output. */
export interface NodeOutcome extends WorkflowOutcome {
	/** JSON on the node's first output. */
	readonly json: IDataObject[];
	readonly output: INodeExecutionData[];
	/** JSON on the node's error output. */
	readonly errors: IDataObject[];
	readonly hints: string[];
	/** What `after` gave. */
	readonly values: unknown[];
	/** The message and description of what ended the execution. */
	readonly said: { message?: string; description?: string | null };
	readonly status: string;
}

/** What a test file of the Database node works with; opened before its tests and closed after them. */
export interface Bench {
	readonly place: Place;
	readonly engine: Engine;
	readonly control: StackControl;
	/** Asks the database itself. */
	sql(text: string, values?: unknown[]): Promise<IDataObject[]>;
	count(table: string): Promise<number>;
	/** Makes a table that nobody else has, and returns its name. */
	createTable(columns: string, options?: { schema?: string; name?: string }): Promise<string>;
	/** Makes what SQL says and lets the REST service see it. */
	define(text: string): Promise<void>;
	run(node: DrawnNode, options?: RunOptions): Promise<NodeOutcome>;
	/** Runs it and throws what ended it, where that is not what is tested. */
	succeed(node: DrawnNode, options?: RunOptions): Promise<NodeOutcome>;
	/** Requests that reach a table (or another path below REST) while something is done. */
	requestsDuring<T>(
		table: string,
		act: () => Promise<T>,
	): Promise<{ result: T; requests: RecordedRequest[] }>;
	/** Lets something go wrong with the next requests to a table. */
	fault(table: string, fault: Fault['action'] | Fault): Promise<void>;
}

/**
 * Opens an engine and a connection to the stack's database around the tests of a file.
 *
 * @param openPlace the stack to use; the shared one if not given
 */
export function openBench(
	openPlace: () => Promise<Place & { stop?: () => Promise<void> }> = () =>
		Promise.resolve(sharedStack),
): Bench {
	let place: Place & { stop?: () => Promise<void> } = sharedStack;
	let engine: Engine;
	let client: Client;
	let control: StackControl;
	const tables: string[] = [];

	beforeAll(async () => {
		place = await openPlace();
		control = stackControl(place.url);
		client = new Client({ connectionString: place.databaseUrl });
		await client.connect();
		engine = await openEngine({ extraNodes: { 'test.echo': echo } });
	});

	afterAll(async () => {
		for (const table of tables.reverse()) {
			await client.query(`drop table if exists ${table} cascade`);
		}
		await client.end();
		await engine.close();
		await place.stop?.();
	});

	const bench: Bench = {
		get place() {
			return place;
		},
		get engine() {
			return engine;
		},
		get control() {
			return control;
		},
		async sql(text, values = []) {
			return (await client.query<IDataObject>(text, values)).rows;
		},
		async count(table) {
			const [row] = await bench.sql(`select count(*)::int as n from ${quoted(table)}`);
			return row?.n as number;
		},
		async createTable(columns, { schema = 'public', name = '' } = {}) {
			const unique = `${name || 't'}_${randomUUID().slice(0, 8)}`;
			const full = `${schema}.${quoted(unique)}`;
			tables.push(full);
			await bench.define(`create table ${full} (${columns})`);
			return unique;
		},
		async define(text) {
			await client.query(text);
			await control.reloadSchema();
		},
		run: async (node, options = {}) => await run(engine, place, node, options),
		async succeed(node, options) {
			const outcome = await bench.run(node, options);
			const { message, description } = outcome.said;
			if (outcome.error) throw new Error(`${message}\n${description}`);
			return outcome;
		},
		async requestsDuring(table, act) {
			const path = `/rest/v1/${encodeURIComponent(table)}`;
			const before = (await control.requests()).at(-1)?.number ?? 0;
			const result = await act();
			const requests = (await control.requests(path)).filter(({ number }) => number > before);
			return { result, requests };
		},
		async fault(table, fault) {
			const path = `/rest/v1/${encodeURIComponent(table)}`;
			await control.addFault('action' in fault ? { path, ...fault } : { path, action: fault });
		},
	};
	return bench;
}

function quoted(name: string): string {
	return `"${name.replaceAll('"', '""')}"`;
}

async function run(
	engine: Engine,
	place: Place,
	node: DrawnNode,
	{ items = [{}], credential = {}, session, signal, after }: RunOptions,
): Promise<NodeOutcome> {
	const { url, publishableKey, secretKey } = place;
	const behind: DrawnNode = {
		name: 'After',
		type: 'test.echo',
		parameters: { value: after ?? '' },
	};
	const fork = node.onError === 'continueErrorOutput';
	const outcome = await engine.runWorkflow({
		nodes: [start, node, behind, { name: 'Failed', type: 'test.noOp' }],
		connections: {
			...chain('Start', node.name),
			...branches(node.name, 'After', ...(fork ? ['Failed'] : [])),
		},
		credentials: {
			[CREDENTIAL]: {
				url,
				publishableKey,
				secretKey,
				...credential,
			} as ICredentialDataDecryptedObject,
			...(session && {
				[USER_SESSION]: { url, publishableKey, ...session } as ICredentialDataDecryptedObject,
			}),
		},
		items: items.map((json) => ({ json })),
		signal,
	});
	const output = outcome.outputOf(node.name);
	const { message, description } = outcome.error ?? {};
	return {
		...outcome,
		output,
		json: output.map(({ json }) => json),
		errors: outcome.outputOf('Failed').map(({ json }) => json),
		hints: outcome.hintsOf(node.name).map(({ message: text }) => text),
		values: outcome.outputOf('After').map(({ json }) => json.value),
		said: { message, description },
		status: outcome.run.status,
	};
}

/** The items of the input that output items come from. */
export function origins(output: readonly INodeExecutionData[]): unknown[] {
	return output.map(({ pairedItem }) => {
		const paired = [pairedItem].flat()[0];
		return typeof paired === 'object' ? paired.item : paired;
	});
}

/** Rows that a change by key found. */
export function found<Row extends object>(rows: readonly Row[]): Array<Row & { found: boolean }> {
	return rows.map((row) => ({ ...row, found: true }));
}

export function range(length: number): number[] {
	return Array.from({ length }, (_, index) => index);
}

/** Fails with the first places that differ: Jest takes seconds to print thousands of rows. */
export function expectSame(actual: readonly unknown[], expected: readonly unknown[]): void {
	expect(actual).toHaveLength(expected.length);
	const differing = range(expected.length).filter(
		(index) => !isDeepStrictEqual(actual[index], expected[index]),
	);
	expect(
		differing.slice(0, 5).map((index) => ({ index, got: actual[index], not: expected[index] })),
	).toEqual([]);
}

/** A web server of the test's own. */
export async function startServer(listener: RequestListener): Promise<{
	url: string;
	close: () => Promise<void>;
}> {
	const server: Server = createServer(listener);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** Waits until something holds, as it does soon. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
	for (let tries = 0; tries < 500; tries++) {
		if (await holds()) return;
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
	throw new Error('It did not come about in time');
}
