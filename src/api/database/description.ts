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
	/** As the description has it; functions of the database are no more than their text. */
	readonly default?: unknown;
	/** Of an enum. */
	readonly values?: readonly string[];
	/** The column of another table that a foreign key refers to. */
	readonly references?: { readonly table: string; readonly column: string };
	/** What the database's owner wrote about it. */
	readonly comment?: string;
	/** Of a function: it takes any number of values. */
	readonly variadic?: boolean;
}

export interface TableDescription {
	readonly name: string;
	readonly comment?: string;
	readonly columns: readonly ColumnDescription[];
}

export interface FunctionDescription {
	readonly name: string;
	readonly comment?: string;
	/** It can be called read-only. */
	readonly reads: boolean;
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
	paths?: Record<string, { get?: OpenApiVerb; post?: OpenApiVerb }>;
}

interface OpenApiVerb {
	description?: string;
	summary?: string;
	parameters?: Array<{ name?: string; collectionFormat?: string; schema?: OpenApiObject }>;
}

interface OpenApiObject {
	description?: string;
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

/** The marks that PostgREST puts into a column's description, behind what its owner wrote. */
const PRIMARY_KEY = '<pk/>';
const FOREIGN_KEY = /<fk table='(.*?)' column='(.*?)'\/>/;
const MARKS =
	/(^|\n*)Note:\n(This is a (Primary Key\.<pk\/>|Foreign Key to `.*?`\.<fk .*?\/>)\n?)+$/;

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
			comment: definition.description,
			columns: propertiesOf(definition),
		})),
		functions: Object.entries(paths).flatMap(([path, verbs]) => {
			const name = FUNCTION_PATH.exec(path)?.[1];
			return name ? [functionOf(name, verbs)] : [];
		}),
	};
}

function functionOf(
	name: string,
	{ get, post }: { get?: OpenApiVerb; post?: OpenApiVerb },
): FunctionDescription {
	const body = post?.parameters?.find(({ schema }) => schema)?.schema ?? {};
	// By POST it is an array like any other.
	const variadic = get?.parameters?.find(({ collectionFormat }) => collectionFormat === 'multi');
	return {
		name,
		comment: [post?.summary, post?.description].filter(Boolean).join('\n') || undefined,
		reads: get !== undefined,
		arguments: propertiesOf(body).map((argument) =>
			argument.name === variadic?.name ? { ...argument, variadic: true } : argument,
		),
	};
}

function propertiesOf({ required = [], properties = {} }: OpenApiObject): ColumnDescription[] {
	return Object.entries(properties).map(([name, { format = '', description = '', ...about }]) => {
		const [, table, column] = FOREIGN_KEY.exec(description) ?? [];
		return {
			name,
			type: TYPE_NAMES[format] ?? (format || about.type || 'unknown'),
			required: required.includes(name),
			hasDefault: about.default !== undefined,
			default: about.default,
			primaryKey: description.includes(PRIMARY_KEY),
			values: about.enum,
			references: table !== undefined && column !== undefined ? { table, column } : undefined,
			comment: description.replace(MARKS, '') || undefined,
		};
	});
}

/** The schemas that a refusal of an unknown one names (`PGRST106`), in the order of the project. */
export function exposedSchemas(hint: string | undefined): string[] {
	const list = /schemas are exposed: (.*)$/.exec(hint ?? '')?.[1];
	return list ? list.split(',').map((name) => name.trim()) : [];
}
