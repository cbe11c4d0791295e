import type { IDataObject, INodeProperties } from 'n8n-workflow';

import {
	describeSchema,
	readDescription,
	type ColumnDescription,
	type FunctionDescription,
	type SchemaDescription,
	type TableDescription,
} from '../../../src/api/database/description';
import { InvalidRequestError } from '../../../src/api/errors';
import type { Send } from '../../../src/api/transport';
import { eachRead, outputs } from '../../../src/n8n/each';
import { operation, type Output, type Run } from '../../../src/n8n/operation';
import { requestOptions } from '../../../src/n8n/requestOptions';
import { schema } from '../../../src/n8n/tableFields';

const show: INodeProperties = {
	displayName: 'Show',
	name: 'show',
	type: 'options',
	options: [
		{ name: 'Tables', value: 'tables', description: 'Tables and views, with their columns' },
		{ name: 'Functions', value: 'functions' },
		{ name: 'Tables and Functions', value: 'all' },
	],
	default: 'tables',
	description: 'What to tell of the schema',
};

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		{
			displayName: 'Names',
			name: 'names',
			type: 'string',
			default: '',
			placeholder: 'e.g. countries, cities',
			description: 'Only the tables and functions of these names, with commas between',
		},
		...requestOptions,
	],
};

interface Plan {
	readonly schema: string;
	readonly show: 'all' | 'tables' | 'functions';
	/** Those that are wanted; all unless given. */
	readonly names?: readonly string[];
}

/** Tells what a schema holds, as far as the role may see it. */
export const getSchema = operation<Plan>({
	name: 'Get',
	value: 'get',
	action: 'Get a schema',
	description: 'See the tables, columns, keys and functions of a schema',
	parameters: [schema, show, options],
	compile: (get) => ({
		schema: get.required('schema'),
		show: get.oneOf('show', ['all', 'tables', 'functions']) ?? 'tables',
		names: get.option('names').someNames(),
	}),
	execute: eachRead(describe),
});

async function describe(plan: Plan, send: Send, run: Run): Promise<Output[]> {
	const { body } = await send(describeSchema(plan.schema));
	const { tables, functions } = chosen(readDescription(body), plan);
	const items = [
		...tables.map((table) => tableItem(plan.schema, table)),
		...functions.map((each) => functionItem(plan.schema, each)),
	];
	const missing = plan.names?.filter((name) => !items.some((item) => item.name === name)) ?? [];
	if (missing.length) {
		throw new InvalidRequestError(
			`The schema ${plan.schema} shows nothing that is called ${missing.join(' or ')}`,
			'Check the spelling, in capitals and small letters too. What this role has no right to is not shown.',
		);
	}
	if (items.length === 0) run.hint(`The schema ${plan.schema} shows nothing to this role.`);
	return outputs(items);
}

function chosen(
	{ tables, functions }: SchemaDescription,
	{ show: what, names }: Plan,
): Pick<SchemaDescription, 'tables' | 'functions'> {
	const isWanted = ({ name }: { name: string }) => names?.includes(name) ?? true;
	return {
		tables: what === 'functions' ? [] : tables.filter(isWanted),
		functions: what === 'tables' ? [] : functions.filter(isWanted),
	};
}

function tableItem(inSchema: string, { name, comment, columns }: TableDescription): IDataObject {
	return {
		kind: 'table',
		schema: inSchema,
		name,
		...(comment && { comment }),
		primaryKey: columns.filter((column) => column.primaryKey).map((column) => column.name),
		foreignKeys: columns.flatMap(({ name: column, references }) =>
			references ? [{ column, references: { ...references } }] : [],
		),
		columns: columns.map(columnItem),
	};
}

function columnItem(column: ColumnDescription): IDataObject {
	const { name, type, required, hasDefault, primaryKey, values, comment } = column;
	return {
		name,
		type,
		// It may be left out, and takes its default then.
		required: required && !hasDefault,
		nullable: !required,
		primaryKey,
		...(hasDefault && { default: column.default as string }),
		...(values && { values: [...values] }),
		...(comment && { comment }),
	};
}

function functionItem(inSchema: string, about: FunctionDescription): IDataObject {
	return {
		kind: 'function',
		schema: inSchema,
		name: about.name,
		...(about.comment && { comment: about.comment }),
		readOnly: about.reads,
		arguments: about.arguments.map(({ name, type, required, variadic }) => ({
			name,
			type,
			required,
			...(variadic && { variadic }),
		})),
	};
}
