import type { TableDescription } from '../../api/database/description';
import type { ErrorContext, Found, Word } from './advice';
import { findValue } from './findValue';
import { listed, textOf } from './texts';

/** What a role has to be allowed, by operation. */
const PRIVILEGES: Readonly<Record<string, string>> = {
	'row.select': 'SELECT',
	'row.insert': 'SELECT, INSERT',
	'row.upsert': 'SELECT, INSERT, UPDATE',
	'row.update': 'SELECT, UPDATE',
	'row.delete': 'SELECT, DELETE',
};

const VERBS: Readonly<Record<string, string>> = {
	'row.select': 'read',
	'row.insert': 'insert into',
	'row.upsert': 'insert into or update',
	'row.update': 'update',
	'row.delete': 'delete from',
};

const ROW_VERBS: Readonly<Record<string, string>> = {
	'row.insert': 'insert',
	'row.upsert': 'insert or update',
	'row.update': 'update',
};

/** PostgreSQL's signs for what the list of operators calls by name. */
const OPERATORS: Readonly<Record<string, string>> = {
	'~~': 'Matches Pattern',
	'~~*': 'Matches Pattern (Ignoring Case)',
	'~': 'Matches Regular Expression',
	'~*': 'Matches Regular Expression (Ignoring Case)',
	'@>': 'Contains',
	'<@': 'Is Contained By',
	'&&': 'Overlaps',
	'@@': 'Text Search',
};

/** Forms that are not clear from the name of the type. */
const EXAMPLES: Readonly<Record<string, string>> = {
	boolean: 'true or false',
	date: '2026-01-31',
	uuid: '123e4567-e89b-12d3-a456-426614174000',
	integer: '42, without a fraction',
	bigint: '42, without a fraction',
	smallint: '42, without a fraction',
	numeric: '42.5, with a point',
	'timestamp with time zone': '2026-01-31T12:00:00Z',
	'timestamp without time zone': '2026-01-31T12:00:00',
};

/** Columns whose values are nobody's business. */
const SECRET = /pass(word|wd|phrase)|secret|token|api_?key|credential/i;

/** The words of the texts about the database that come from what was asked for. */
export const DATABASE_WORDS: Readonly<Record<string, Word>> = {
	table: (_, context) => textOf(context, 'table'),
	schema: (_, context) => textOf(context, 'schema'),
	role: (_, { role }) => role,
	maxAffected: (_, context) => textOf(context, 'options.maxAffected'),
	/** A table whose name differs in case alone. */
	sameTable(_, context) {
		const wanted = textOf(context, 'table');
		return other(tablesOf(context), wanted);
	},
	sameColumn: ({ column }, context) => other(tableOf(context)?.columns ?? [], column),
	itHas(_, context) {
		const names = tableOf(context)?.columns.map(({ name }) => name) ?? [];
		return names.length ? `. It has ${listed(names)}.` : '';
	},
	arguments({ given }) {
		return given ? `the arguments ${given}` : 'no arguments';
	},
	keyValue: ({ column = '', value = '' }) => (isSecretColumn(column) ? 'like that' : value),
	/** Where among the filters and values of the items the value stands. */
	place({ value }, { plans = [] }) {
		const found = value === undefined ? undefined : findValue(plans, value);
		if (!found) return '';
		const item = plans.length > 1 ? ` of item ${found.item + 1}` : '';
		return ` (${found.where}${item})`;
	},
	example({ type = '' }) {
		const example = EXAMPLES[type];
		return example ? `: ${example}` : '';
	},
	choices({ type }, context) {
		const values = tableOf(context)?.columns.find((column) => isType(column.type, type))?.values;
		return values?.length ? `: ${listed(values)}` : '';
	},
	matchedOn(_, context) {
		const value = context.parameter?.('keyColumns');
		const names = Array.isArray(value) ? value.map(String) : [];
		return names.length ? ` (${listed(names)})` : '';
	},
	operatorName: ({ sign = '' }) => (OPERATORS[sign] ? ` (${OPERATORS[sign]})` : ''),
	verb: (_, { operation = '' }) => ROW_VERBS[operation],
	verbs: (_, { operation = '' }) => VERBS[operation],
	privileges: (_, { operation = '' }) => PRIVILEGES[operation],
	relationSql: ({ relation }, context) => relation && sqlName(relation, context),
	tableSql(_, context) {
		const table = textOf(context, 'table');
		return table && sqlName(table, context);
	},
	policySql,
};

/** Whether the values of a column are not to be shown. */
export function isSecretColumn(name: string): boolean {
	return SECRET.test(name);
}

/** The statements that let a role write rows, narrowest first. */
function policySql({ relation = '' }: Found, context: ErrorContext): string | undefined {
	const { operation = '', role } = context;
	if (!role) return undefined;
	const on = `ON ${sqlName(relation, context)}`;
	const insert = `CREATE POLICY "${role} inserts" ${on} FOR INSERT TO ${role} WITH CHECK (true);`;
	const update = `CREATE POLICY "${role} updates" ${on} FOR UPDATE TO ${role} USING (true) WITH CHECK (true);`;
	const statements: Readonly<Record<string, string>> = {
		'row.insert': insert,
		'row.update': update,
		'row.upsert': `${insert} ${update}`,
	};
	return statements[operation];
}

/** A name for the SQL editor, with the schema before it. */
function sqlName(name: string, context: ErrorContext): string {
	const schema = textOf(context, 'schema');
	return [schema, name].flatMap((each) => (each ? [quoted(each)] : [])).join('.');
}

function quoted(name: string): string {
	return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

function tablesOf(context: ErrorContext): readonly TableDescription[] {
	const schema = textOf(context, 'schema');
	return (schema && context.description?.(schema)?.tables) || [];
}

function tableOf(context: ErrorContext): TableDescription | undefined {
	const wanted = textOf(context, 'table');
	return tablesOf(context).find(({ name }) => name === wanted);
}

/** The one that differs in case alone. */
function other(
	all: ReadonlyArray<{ readonly name: string }>,
	wanted: string | undefined,
): string | undefined {
	if (!wanted || all.some(({ name }) => name === wanted)) return undefined;
	return all.find(({ name }) => name.toLowerCase() === wanted.toLowerCase())?.name;
}

/** The description has a type's schema before its name. */
function isType(described: string, type: string | undefined): boolean {
	return type !== undefined && (described === type || described.endsWith(`.${type}`));
}
