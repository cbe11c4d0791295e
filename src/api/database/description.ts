import type { ApiRequest } from '../request';
import { schemaHeader } from './table';

export interface ColumnDescription {
	readonly name: string;
	/** PostgreSQL's type, such as `bigint` or `text[]`. */
	readonly type: string;
	readonly required: boolean;
	/** An identity column has none here, though it fills itself. */
	readonly hasDefault: boolean;
	readonly primaryKey: boolean;
	/** Of an enum. */
	readonly values?: readonly string[];
}

export interface TableDescription {
	readonly name: string;
	readonly columns: readonly ColumnDescription[];
}

export interface FunctionDescription {
	readonly name: string;
	readonly arguments: readonly ColumnDescription[];
}

/** What a schema offers to the role that asked. */
export interface SchemaDescription {
	readonly tables: readonly TableDescription[];
	readonly functions: readonly FunctionDescription[];
}

/**
 * Asks for the description of a schema: `GET /` as OpenAPI.
 *
 * Hosted projects give it to the secret key alone.
 */
export function describeSchema(schema: string): ApiRequest {
	return {
		service: 'rest',
		method: 'GET',
		path: [''],
		headers: { ...schemaHeader('GET', schema), accept: 'application/openapi+json' },
	};
}

interface OpenApi {
	definitions?: Record<string, OpenApiObject>;
	paths?: Record<string, { post?: { parameters?: Array<{ schema?: OpenApiObject }> } }>;
}

interface OpenApiObject {
	required?: string[];
	properties?: Record<string, OpenApiProperty>;
}

interface OpenApiProperty {
	format?: string;
	type?: string;
	description?: string;
	default?: unknown;
	enum?: string[];
}

/** The mark that PostgREST puts into a column's description. */
const PRIMARY_KEY = '<pk/>';

const FUNCTION_PATH = /^\/rpc\/(.+)$/;

/** PostgREST gives some types by OpenAPI's names. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
	int16: 'smallint',
	int32: 'integer',
	int64: 'bigint',
	float: 'real',
	double: 'double precision',
};

/** Reads the answer to `describeSchema`; an answer of another form describes nothing. */
export function readDescription(document: unknown): SchemaDescription {
	const { definitions = {}, paths = {} } = (document ?? {}) as OpenApi;
	return {
		tables: Object.entries(definitions).map(([name, definition]) => ({
			name,
			columns: propertiesOf(definition),
		})),
		functions: Object.entries(paths).flatMap(([path, { post }]) => {
			const name = FUNCTION_PATH.exec(path)?.[1];
			const body = post?.parameters?.find(({ schema }) => schema)?.schema;
			return name ? [{ name, arguments: propertiesOf(body ?? {}) }] : [];
		}),
	};
}

function propertiesOf({ required = [], properties = {} }: OpenApiObject): ColumnDescription[] {
	return Object.entries(properties).map(([name, { format = '', ...about }]) => ({
		name,
		type: TYPE_NAMES[format] ?? (format || about.type || 'unknown'),
		required: required.includes(name),
		hasDefault: about.default !== undefined,
		primaryKey: about.description?.includes(PRIMARY_KEY) ?? false,
		values: about.enum,
	}));
}

/** The schemas that a refusal of an unknown one names (`PGRST106`), in the order of the project. */
export function exposedSchemas(hint: string | undefined): string[] {
	const list = /schemas are exposed: (.*)$/.exec(hint ?? '')?.[1];
	return list ? list.split(',').map((name) => name.trim()) : [];
}
