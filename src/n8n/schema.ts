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
	const key = cacheKey(project, schema);
	const find = async () =>
		(await schemaOf(project, schema)).tables.find(({ name }) => name === table);
	const kept = cache.get(key);
	let found = await find();
	if (!found && kept) {
		// The table may be younger than the description that was kept.
		if (cache.get(key) === kept) cache.delete(key);
		found = await find();
	}
	return found?.columns ?? [];
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
