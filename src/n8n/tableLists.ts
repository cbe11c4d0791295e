import type {
	FieldType,
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
	INodePropertyOptions,
	ResourceMapperField,
	ResourceMapperFields,
} from 'n8n-workflow';

import type { ColumnDescription } from '../api/database/description';
import { columnName } from '../api/database/column';
import { InvalidRequestError, refusal, SupabaseApiError } from '../api/errors';
import type { Project } from '../api/project';
import { CREDENTIAL, projectOf } from './credential';
import { nodeError } from './errors';
import { locatorValue } from './field';
import { argumentsOf, columnsOf, schemaNames, schemaOf } from './schema';

/** With these a project keeps its description to itself. */
const NOT_DESCRIBED = new Set([401, 403, 404]);

const BY_HAND = new InvalidRequestError(
	'This project tells what it holds to the secret key only',
	'Add the Secret Key to the credential, or choose By Name and type it.',
);

/** For `methods.listSearch`: the lists of the resource locators. */
export const tableListSearch = {
	searchSchemas: listOf(async (project) => (await schemaNames(project)).map(named)),
	searchTables: listOf(async (project, context) => {
		const { tables } = await schemaOf(project, chosen(context, 'schema'));
		return tables.map(({ name }) => named(name));
	}),
	searchColumns: listOf(async (project, context) =>
		(await chosenColumns(project, context)).map(columnItem),
	),
	searchFunctions: listOf(async (project, context) => {
		const { functions } = await schemaOf(project, chosen(context, 'schema'));
		return functions.map(({ name }) => named(name));
	}),
};

/** For `methods.loadOptions`. */
export const tableLoadOptions = {
	async getColumns(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		const columns = await described(this, chosenColumns);
		return (columns ?? []).map(columnItem);
	},
};

/** For `methods.resourceMapping`. */
export const tableResourceMapping = {
	getColumnFields: fieldsOf('columns', chosenColumns),
	/** None of them is required. */
	getChangeFields: fieldsOf('columns', async (project, context) =>
		(await chosenColumns(project, context)).map((column) => ({ ...column, required: false })),
	),
	getArgumentFields: fieldsOf(
		'arguments',
		async (project, context) =>
			await argumentsOf(project, chosen(context, 'schema'), chosen(context, 'function')),
	),
};

type Ask<T> = (project: Project, context: ILoadOptionsFunctions) => Promise<T>;

/** A list for a resource locator; where the project does not describe itself, it says so. */
function listOf(ask: Ask<INodeListSearchItems[]>) {
	return async function (this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
		const items = await described(this, ask);
		if (!items) throw nodeError(this.getNode(), BY_HAND);
		const wanted = filter.toLowerCase();
		return { results: items.filter(({ name }) => name.toLowerCase().includes(wanted)) };
	};
}

/** The fields of a resource mapper. */
function fieldsOf(what: string, ask: Ask<readonly ColumnDescription[]>) {
	return async function (this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
		const columns = await described(this, ask);
		return {
			fields: (columns ?? []).map(mapperField),
			// n8n keeps the notice once it was given, so it is given only where it will stay true.
			...(!columns && { emptyFieldsNotice: `${BY_HAND.message}. Give the ${what} as JSON.` }),
		};
	};
}

/** What was asked for, or `undefined` where the project does not tell. */
async function described<T>(context: ILoadOptionsFunctions, ask: Ask<T>): Promise<T | undefined> {
	try {
		const project = projectOf(await context.getCredentials(CREDENTIAL));
		const answer = await ask(project, context).catch(refusal);
		if (!(answer instanceof SupabaseApiError)) return answer;
		if (!project.secretKey && NOT_DESCRIBED.has(answer.status ?? 0)) return undefined;
		throw answer;
	} catch (error) {
		throw nodeError(context.getNode(), error);
	}
}

async function chosenColumns(
	project: Project,
	context: ILoadOptionsFunctions,
): Promise<readonly ColumnDescription[]> {
	return await columnsOf(project, chosen(context, 'schema'), chosen(context, 'table'));
}

/** What is chosen in a resource locator, as far as it can be known while editing. */
function chosen(
	context: ILoadOptionsFunctions,
	parameter: 'schema' | 'table' | 'function',
): string {
	const value = locatorValue(context.getCurrentNodeParameter(parameter, { extractValue: true }));
	return typeof value === 'string' ? value.trim() : '';
}

function named(name: string): INodeListSearchItems {
	return { name, value: name };
}

/** An odd name is quoted, as it may stand where an expression may. */
function columnItem({ name, type }: ColumnDescription) {
	return { name: `${name} (${shortType(type)})`, value: columnName(name) };
}

/** n8n rounds large numbers and checks types in its own way, so what it knows less well is text. */
const FIELD_TYPES: Readonly<Record<string, FieldType>> = {
	smallint: 'number',
	integer: 'number',
	real: 'number',
	'double precision': 'number',
	json: 'object',
	jsonb: 'object',
	'timestamp with time zone': 'dateTime',
	'timestamp without time zone': 'dateTime',
};

/** n8n writes false for a boolean field that nobody touched: a list can be left empty. */
const BOOLEANS: INodePropertyOptions[] = [
	{ name: 'True', value: true },
	{ name: 'False', value: false },
];

/** PostgreSQL's short names, which fit beside a column's. */
const SHORT_NAMES: ReadonlyArray<readonly [long: string, short: string]> = [
	['timestamp with time zone', 'timestamptz'],
	['timestamp without time zone', 'timestamp'],
	['time with time zone', 'timetz'],
	['time without time zone', 'time'],
	['character varying', 'varchar'],
	['double precision', 'float8'],
];

function shortType(type: string): string {
	return SHORT_NAMES.reduce((text, [long, short]) => text.replace(long, short), type);
}

function mapperField({
	name,
	type,
	required,
	hasDefault,
	primaryKey,
	values,
}: ColumnDescription): ResourceMapperField {
	const options = type === 'boolean' ? BOOLEANS : values?.map((value) => ({ name: value, value }));
	return {
		id: name,
		displayName: `${name} (${shortType(type)})`,
		type: options ? 'options' : (FIELD_TYPES[type] ?? (type.endsWith('[]') ? 'array' : 'string')),
		options,
		// The description does not tell which keys fill themselves.
		required: required && !hasDefault && !primaryKey,
		defaultMatch: false,
		canBeUsedToMatch: false,
		display: true,
	};
}
