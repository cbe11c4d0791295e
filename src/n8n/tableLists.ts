import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
	INodePropertyOptions,
	ResourceMapperFields,
} from 'n8n-workflow';

import type { ColumnDescription } from '../api/database/description';
import { columnName } from '../api/database/column';
import { InvalidRequestError, refusal, SupabaseApiError } from '../api/errors';
import type { Project } from '../api/project';
import { CREDENTIAL, projectOf } from './credential';
import type { DatabaseRole } from './advice/advice';
import { listError } from './errors';
import { locatorValue } from './field';
import { filtered, named } from './lists';
import { mapperField, shortType } from './mapperFields';
import { argumentsOf, columnsOf, schemaNames, schemaOf } from './schema';

/** With these a project keeps its description to itself. */
const NOT_DESCRIBED = new Set([401, 403, 404]);

const KEPT_BACK = 'This project tells what it holds to the secret key only';
const BY_HAND = 'Add the Secret Key to the credential, or choose By Name and type it.';

/** For `methods.listSearch`: the lists of the resource locators. */
export const tableListSearch = {
	searchSchemas: listOf(async ({ project }) =>
		(await schemaNames(project)).map((name) => ({ name, value: name })),
	),
	searchTables: listOf(async (asked) => {
		const { tables } = await schemaOf(asked.project, asked.chosen('schema'));
		return filled(named(tables.map(({ name }) => name)), asked, 'table');
	}),
	searchColumns: listOf(async (asked) => columnItems(await chosenColumns(asked))),
	searchFunctions: listOf(async (asked) => {
		const { functions } = await schemaOf(asked.project, asked.chosen('schema'));
		return filled(named(functions.map(({ name }) => name)), asked, 'function');
	}),
};

/** For `methods.loadOptions`. */
export const tableLoadOptions = {
	async getColumns(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		const columns = await described(this, chosenColumns);
		return columnItems(columns ?? []);
	},
};

/** For `methods.resourceMapping`. */
export const tableResourceMapping = {
	getColumnFields: fieldsOf('columns', columnsToMap),
	/** None of them is required. */
	getChangeFields: fieldsOf('columns', async (asked) =>
		(await columnsToMap(asked)).map((column) => ({ ...column, required: false })),
	),
	getArgumentFields: fieldsOf(
		'arguments',
		async ({ project, chosen }) => await argumentsOf(project, chosen('schema'), chosen('function')),
	),
};

/** What the editor asks for. */
interface Asked {
	readonly project: Project;
	/** What is chosen in a parameter, as far as it can be known while editing. */
	readonly chosen: (parameter: string) => string;
}

type Ask<T> = (asked: Asked) => Promise<T>;

/** A list for a resource locator; one that is empty says why. */
function listOf(ask: Ask<INodeListSearchItems[]>) {
	return async function (this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
		const items = await described(this, ask);
		if (!items) throw listError(this.getNode(), new InvalidRequestError(KEPT_BACK, BY_HAND));
		return { results: filtered(items, filter) };
	};
}

type Mapped = 'arguments' | 'columns';

const NONE: Readonly<Record<Mapped, string>> = {
	arguments: 'The function takes no arguments. If it should: check its name.',
	columns: 'No columns are known of the table. Check its name.',
};

function keptBack(what: Mapped): string {
	return `${KEPT_BACK}. Give the ${what} as JSON.`;
}

/** The fields of a resource mapper; where there are none, it says why. */
function fieldsOf(what: Mapped, ask: Ask<readonly ColumnDescription[]>) {
	return async function (this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
		const columns = await described(this, ask);
		return {
			fields: (columns ?? []).map(mapperField),
			...(!columns?.length && { emptyFieldsNotice: columns ? NONE[what] : keptBack(what) }),
		};
	};
}

/** What was asked for, or `undefined` where the project does not tell. */
async function described<T>(context: ILoadOptionsFunctions, ask: Ask<T>): Promise<T | undefined> {
	const chosen = (parameter: string) => chosenIn(context, parameter);
	let role: DatabaseRole | undefined;
	try {
		const project = projectOf(await context.getCredentials(CREDENTIAL));
		role = project.secretKey ? 'service_role' : 'anon';
		const answer = await ask({ project, chosen }).catch(refusal);
		if (!(answer instanceof SupabaseApiError)) return answer;
		if (!project.secretKey && NOT_DESCRIBED.has(answer.status ?? 0)) return undefined;
		throw answer;
	} catch (error) {
		throw listError(context.getNode(), error, { role, parameter: chosen });
	}
}

/** The columns of the table that is chosen: at least one. */
async function chosenColumns(asked: Asked): Promise<readonly ColumnDescription[]> {
	const { project, chosen } = asked;
	const [schema, table] = [chosen('schema'), chosen('table')];
	if (chosen('resource') === 'function') {
		throw new InvalidRequestError(
			'The columns of what a function returns are not known before it is called',
			'Choose By Name and type the column.',
		);
	}
	if (!table) throw new InvalidRequestError('No table is chosen', 'Choose Table first.');
	if (table.startsWith('=') || schema.startsWith('=')) {
		throw new InvalidRequestError(
			'Table or Schema is an expression, which is not known before the workflow runs',
			'Choose By Name and type the column.',
		);
	}
	const columns = await columnsOf(project, schema, table);
	if (columns.length) return columns;
	const { tables } = await schemaOf(project, schema);
	if (tables.length === 0) filled([], asked, 'table');
	throw noTable(schema, table, tables);
}

function noTable(
	schema: string,
	table: string,
	tables: ReadonlyArray<{ readonly name: string }>,
): InvalidRequestError {
	const other = tables.find(({ name }) => name.toLowerCase() === table.toLowerCase())?.name;
	const missing = `There is no table ${table} in the schema ${schema}`;
	return other && other !== table
		? new InvalidRequestError(
				`${missing}, but a table ${other}: names are case-sensitive`,
				`Choose ${other} in Table.`,
			)
		: new InvalidRequestError(
				missing,
				'Choose Table from its list, or check its name and the schema.',
			);
}

/** Those of the table; none where no table is chosen, which the editor asks for, too. */
async function columnsToMap({ project, chosen }: Asked): Promise<readonly ColumnDescription[]> {
	return await columnsOf(project, chosen('schema'), chosen('table'));
}

/** The list, unless it is empty. */
function filled<T>(items: readonly T[], { project, chosen }: Asked, what: string): T[] {
	if (items.length) return [...items];
	const schema = chosen('schema');
	if (project.secretKey) {
		throw new InvalidRequestError(
			`The schema ${schema} has no ${what} that the API may use`,
			`Choose another Schema, or make the ${what} and grant it to service_role.`,
		);
	}
	throw new InvalidRequestError(
		`The publishable key may see no ${what} of the schema ${schema}`,
		`${BY_HAND} Or grant the ${what} to anon.`,
	);
}

/** What is chosen in a parameter, a resource locator or not; an expression as it is written. */
function chosenIn(context: ILoadOptionsFunctions, parameter: string): string {
	const value = locatorValue(nearest(context, parameter));
	return typeof value === 'string' ? value.trim() : '';
}

/**
 * A parameter that stands beside the asking one, or around it, or at the top: in a list of tables each
 * has columns of its own. n8n itself knows only what stands right beside (`&name`).
 */
function nearest(context: ILoadOptionsFunctions, parameter: string): unknown {
	const { path } = context as { path?: unknown };
	const steps = typeof path === 'string' ? path.split('.').slice(1, -1) : [];
	for (; steps.length > 0; steps.pop()) {
		const found = context.getCurrentNodeParameter([...steps, parameter].join('.'));
		if (found !== undefined) return found;
	}
	return context.getCurrentNodeParameter(parameter);
}

/** An odd name is quoted, as it may stand where an expression may. */
function columnItems(columns: readonly ColumnDescription[]): INodeListSearchItems[] {
	return columns.map(({ name, type }) => ({
		name: `${name} (${shortType(type)})`,
		value: columnName(name),
	}));
}
