import {
	describeSchema,
	exposedSchemas,
	readDescription,
	type ColumnDescription,
	type SchemaDescription,
} from '../api/database/description';
import { refusal, SupabaseApiError } from '../api/errors';
import type { Project } from '../api/project';
import { send } from '../api/transport';

/** How long a description is good for, in milliseconds: the editor asks for it at every click. */
const LIFETIME = 30_000;

const cache = new Map<
	string,
	{ readonly description: Promise<SchemaDescription>; readonly until: number }
>();

/**
 * The description of a schema, kept briefly and asked for once by all who want it at the same time.
 *
 * @throws SupabaseApiError when it cannot be had, which is not remembered
 */
export async function schemaOf(project: Project, schema: string): Promise<SchemaDescription> {
	const key = cacheKey(project, schema);
	const now = Date.now();
	for (const [each, { until }] of cache) if (until <= now) cache.delete(each);
	const known = cache.get(key);
	if (known) return await known.description;
	const description = fetchDescription(project, schema);
	cache.set(key, { description, until: now + LIFETIME });
	description.catch(() => cache.delete(key));
	return await description;
}

function cacheKey({ services, secretKey, publishableKey }: Project, schema: string): string {
	return JSON.stringify([services.rest, secretKey ?? publishableKey, schema]);
}

/** With the secret key where there is one: hosted projects describe themselves to it alone. */
function authority({ secretKey }: Project) {
	return { role: secretKey ? 'service_role' : 'anon' } as const;
}

async function fetchDescription(project: Project, schema: string): Promise<SchemaDescription> {
	const { body } = await send(project, describeSchema(schema), { authority: authority(project) });
	return readDescription(body);
}

/** The columns of a table; none where it is not described. */
export async function columnsOf(
	project: Project,
	schema: string,
	table: string,
): Promise<readonly ColumnDescription[]> {
	const found = await find(project, schema, ({ tables }) =>
		tables.find(({ name }) => name === table),
	);
	return found?.columns ?? [];
}

/** The arguments of a function; none where it is not described. */
export async function argumentsOf(
	project: Project,
	schema: string,
	databaseFunction: string,
): Promise<readonly ColumnDescription[]> {
	const found = await find(project, schema, ({ functions }) =>
		functions.find(({ name }) => name === databaseFunction),
	);
	return found?.arguments ?? [];
}

/** Looks in the kept description first; what is sought may be younger than that. */
async function find<T>(
	project: Project,
	schema: string,
	within: (description: SchemaDescription) => T | undefined,
): Promise<T | undefined> {
	const key = cacheKey(project, schema);
	const kept = cache.get(key);
	const found = within(await schemaOf(project, schema));
	if (found !== undefined || !kept) return found;
	if (cache.get(key) === kept) cache.delete(key);
	return within(await schemaOf(project, schema));
}

/**
 * Looks columns up for one execution: each table once, also where the project does not tell them.
 *
 * @returns the columns of a table; none where they cannot be known
 */
export function columnLookup(
	project: Project,
): (schema: string, table: string) => Promise<readonly ColumnDescription[]> {
	const known = new Map<string, Promise<readonly ColumnDescription[]>>();
	return async (schema, table) => {
		const key = JSON.stringify([schema, table]);
		const columns = known.get(key) ?? columnsOrNone(project, schema, table);
		known.set(key, columns);
		return await columns;
	};
}

/** A table of the schema, any of them; none where the project does not tell. */
export async function anyTableOf(project: Project, schema: string): Promise<string | undefined> {
	const description = await schemaOf(project, schema).catch(refusal);
	return description instanceof SupabaseApiError ? undefined : description.tables[0]?.name;
}

async function columnsOrNone(
	project: Project,
	schema: string,
	table: string,
): Promise<readonly ColumnDescription[]> {
	const columns = await columnsOf(project, schema, table).catch(refusal);
	return columns instanceof SupabaseApiError ? [] : columns;
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
