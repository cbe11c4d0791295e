import {
	describeSchema,
	exposedSchemas,
	readDescription,
	type ColumnDescription,
	type SchemaDescription,
} from '../api/database/description';
import { refusal, SupabaseApiError } from '../api/errors';
import type { Project } from '../api/project';
import type { ApiRequest } from '../api/request';
import { send, type Send } from '../api/transport';

/** How long a description is good for, in milliseconds: for executions, and for a person who edits. */
const LIFETIME = 5 * 60_000;
const EDITOR_LIFETIME = 30_000;

/** What an execution, or the editor, asks with. */
export interface Asking {
	/** How old the description may be. */
	readonly lifetime?: number;
	/** How long the server may be silent, in milliseconds. */
	readonly timeout?: number;
	/** Ends the waiting; others may wait for the same. */
	readonly signal?: AbortSignal;
}

interface Kept {
	readonly rest: string;
	readonly description: Promise<SchemaDescription>;
	/** The same, once it is there. */
	known?: SchemaDescription;
	since: number;
}

const cache = new Map<string, Kept>();

/**
 * The description of a schema, kept for a while and asked for once by all who want it at the same
 * time.
 *
 * @throws SupabaseApiError when it cannot be had, which is not remembered
 * @throws the reason of `asking.signal` when it is aborted
 */
export async function schemaOf(
	project: Project,
	schema: string,
	{ lifetime = EDITOR_LIFETIME, timeout, signal }: Asking = {},
): Promise<SchemaDescription> {
	const key = cacheKey(project, schema);
	const now = Date.now();
	for (const [each, { since }] of cache) if (now - since >= LIFETIME) cache.delete(each);
	const known = cache.get(key);
	if (known && now - known.since < lifetime) return await unlessAborted(known.description, signal);
	const description = fetchDescription(project, schema, timeout);
	const kept: Kept = { rest: project.services.rest, description, since: now };
	cache.set(key, kept);
	description.then(
		(answer) => (kept.known = answer),
		() => cache.get(key) === kept && cache.delete(key),
	);
	return await unlessAborted(description, signal);
}

/**
 * What is known of a schema without asking, for the words of an error; it may be out of date.
 */
export function knownSchema(project: Project, schema: string): SchemaDescription | undefined {
	return cache.get(cacheKey(project, schema))?.known;
}

async function unlessAborted<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
	if (!signal) return await promise;
	signal.throwIfAborted();
	return await new Promise<T>((resolve, reject) => {
		const stop = () => reject(signal.reason as Error);
		signal.addEventListener('abort', stop, { once: true });
		promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
	});
}

function cacheKey({ services, secretKey, publishableKey }: Project, schema: string): string {
	return JSON.stringify([services.rest, secretKey ?? publishableKey, schema]);
}

/** Codes by which a service says that it has no such table, column or function (any more). */
const OUTDATED = new Set(['PGRST202', 'PGRST204', 'PGRST205', '42703', '42P01', '42883']);

/** A `send` by which descriptions of the project are asked for again once they prove to be out of date. */
export function droppingDescriptions({ services }: Project, request: Send): Send {
	return async <Body>(about: ApiRequest) =>
		await request<Body>(about).catch((error: unknown) => {
			if (error instanceof SupabaseApiError && OUTDATED.has(error.code ?? '')) {
				for (const kept of cache.values()) if (kept.rest === services.rest) kept.since = -Infinity;
			}
			throw error;
		});
}

/** With the secret key where there is one: hosted projects describe themselves to it alone. */
function authority({ secretKey }: Project) {
	return { role: secretKey ? 'service_role' : 'anon' } as const;
}

async function fetchDescription(
	project: Project,
	schema: string,
	timeout?: number,
): Promise<SchemaDescription> {
	const options = { authority: authority(project), timeout };
	const { body } = await send(project, describeSchema(schema), options);
	return readDescription(body);
}

/** The columns of a table; none where it is not described. */
export async function columnsOf(
	project: Project,
	schema: string,
	table: string,
	asking?: Asking,
): Promise<readonly ColumnDescription[]> {
	const isIt = ({ name }: { name: string }) => name === table;
	const found = await find(project, schema, ({ tables }) => tables.find(isIt), asking);
	return found?.columns ?? [];
}

/** The arguments of a function; none where it is not described. */
export async function argumentsOf(
	project: Project,
	schema: string,
	databaseFunction: string,
	asking?: Asking,
): Promise<readonly ColumnDescription[]> {
	const isIt = ({ name }: { name: string }) => name === databaseFunction;
	const found = await find(project, schema, ({ functions }) => functions.find(isIt), asking);
	return found?.arguments ?? [];
}

/** Looks in the kept description first; what is sought may be younger than that. */
async function find<T>(
	project: Project,
	schema: string,
	within: (description: SchemaDescription) => T | undefined,
	asking?: Asking,
): Promise<T | undefined> {
	const key = cacheKey(project, schema);
	const kept = cache.get(key);
	const found = within(await schemaOf(project, schema, asking));
	if (found !== undefined || !kept) return found;
	if (cache.get(key) === kept) cache.delete(key);
	return within(await schemaOf(project, schema, asking));
}

type LookUp = (schema: string, name: string) => Promise<readonly ColumnDescription[]>;

/** What one execution may look up. Where a project does not tell, there is none of it. */
export interface Descriptions {
	/** The columns of a table. */
	readonly columns: LookUp;
	/** The columns that tell a table's rows apart. */
	readonly primaryKey: (schema: string, table: string) => Promise<readonly string[]>;
	/** A table of the schema, any of them. */
	readonly anyTable: (schema: string) => Promise<string | undefined>;
	/** The arguments of a function. */
	readonly arguments: LookUp;
}

/** Looks up for one execution: each table once, also where the project does not tell. */
export function descriptionsFor(project: Project, asking: Asking = {}): Descriptions {
	const asked = { lifetime: LIFETIME, ...asking };
	const columns = once(
		async (schema, table) => await columnsOf(project, schema, table, asked).catch(noneOfRefusal),
	);
	return {
		columns,
		arguments: once(
			async (schema, name) => await argumentsOf(project, schema, name, asked).catch(noneOfRefusal),
		),
		async primaryKey(schema, table) {
			const key = (await columns(schema, table)).filter(({ primaryKey }) => primaryKey);
			return key.map(({ name }) => name);
		},
		async anyTable(schema) {
			const description = await schemaOf(project, schema, asked).catch(refusal);
			return description instanceof SupabaseApiError ? undefined : description.tables[0]?.name;
		},
	};
}

function once(lookUp: LookUp): LookUp {
	const known = new Map<string, ReturnType<LookUp>>();
	return async (schema, name) => {
		const key = JSON.stringify([schema, name]);
		const found = known.get(key) ?? lookUp(schema, name);
		known.set(key, found);
		return await found;
	};
}

function noneOfRefusal(error: unknown): readonly ColumnDescription[] {
	refusal(error);
	return [];
}

/** No schema has this name; the refusal names those that the project exposes. */
const NO_SCHEMA = 'n8n-asks-for-the-exposed-schemas';

/** The schemas that the project exposes, the default one first. */
export async function schemaNames(project: Project): Promise<string[]> {
	const request = describeSchema(NO_SCHEMA);
	const answer = await send(project, request, { authority: authority(project) }).catch(refusal);
	if (!(answer instanceof SupabaseApiError)) return [];
	if (answer.code === 'PGRST106') return exposedSchemas(answer.hint);
	throw answer;
}
