import type { Table } from '../../database/table';
import { identifier, literal, named } from '../../sql';

/** Puts a table into the publication that Realtime reads; makes that where there is none. */
export function publishTable(table: Table): string {
	return [
		'do $$ begin',
		"  if not exists (select from pg_publication where pubname = 'supabase_realtime') then",
		'    create publication supabase_realtime;',
		'  end if;',
		'end $$;',
		`alter publication supabase_realtime add table ${named(table)};`,
	].join('\n');
}

/** Has the publication send deletes, as it does unless it was told otherwise. */
export function publishDeletes(): string {
	return "alter publication supabase_realtime set (publish = 'insert, update, delete, truncate');";
}

/** Deletes the row with a key. */
export function deleteRow(table: Table, key: Readonly<Record<string, string>>): string {
	const conditions = Object.entries(key).map(
		([column, value]) => `${identifier(column)} = ${literal(value)}`,
	);
	return `delete from ${named(table)} where ${conditions.join(' and ')};`;
}

/** Lets a role read a table, and a policy show it every row: to be narrowed by who runs it. */
export function allowReading(table: Table, role: 'anon' | 'authenticated'): string {
	return [
		`grant select on ${named(table)} to ${role};`,
		'-- Shows every row: put your own condition in place of true.',
		`create policy ${identifier(`${role} reads ${table.name}`)} on ${named(table)}`,
		`  for select to ${role} using (true);`,
	].join('\n');
}

/** Has updates and deletes send the whole old row. */
export function sendOldRows(table: Table): string {
	return `alter table ${named(table)} replica identity full;`;
}

/** An index that a sweep reads by. */
export function indexCursor(table: Table, cursor: string, key: readonly string[]): string {
	const columns = [...new Set([cursor, ...key])].map(identifier).join(', ');
	return `create index on ${named(table)} (${columns});`;
}

/**
 * Fills the cursor where it is empty, and keeps it filled.
 *
 * @param type of the column, by PostgreSQL's name: what is no time, a person has to fill
 */
export function fillCursor(table: Table, cursor: string, type = 'timestamp'): string {
	const column = identifier(cursor);
	if (!/^(timestamp|date)/.test(type)) {
		return [
			'-- First fill it in the rows in which it is empty, and let every insert and update move it.',
			`alter table ${named(table)} alter ${column} set not null;`,
		].join('\n');
	}
	return [
		`update ${named(table)} set ${column} = now() where ${column} is null;`,
		`alter table ${named(table)} alter ${column} set default now(), alter ${column} set not null;`,
	].join('\n');
}

/** A column of that name which moves with every insert and update. */
export function addCursor(table: Table, cursor: string, key: readonly string[]): string {
	const column = identifier(cursor);
	const move = named({ schema: table.schema, name: `${table.name}_moves` });
	return [
		`alter table ${named(table)} add column ${column} timestamptz not null default now();`,
		`create function ${move}() returns trigger language plpgsql set search_path = '' as ${literal(
			`begin\n  new.${column} := now();\n  return new;\nend`,
		)};`,
		`create trigger "moves" before insert or update on ${named(table)}`,
		`  for each row execute function ${move}();`,
		indexCursor(table, cursor, key),
	].join('\n');
}

/** Gives a table a primary key; its columns must hold no value twice. */
export function addPrimaryKey(table: Table, key: readonly string[]): string {
	return key.length > 0
		? `alter table ${named(table)} add primary key (${key.map(identifier).join(', ')});`
		: `alter table ${named(table)} add column "id" bigint generated always as identity primary key;`;
}

/** What the database itself knows, for who may run SQL. */
export function askDatabase(table: Table): string {
	const [schema, name] = [literal(table.schema), literal(table.name)];
	return [
		`select exists (select from pg_publication_tables where pubname = 'supabase_realtime'`,
		`    and schemaname = ${schema} and tablename = ${name}) as published,`,
		'  c.relreplident as replica_identity, c.relrowsecurity as has_policies_on,',
		`  (select count(*) from pg_policies where schemaname = ${schema} and tablename = ${name}) as policies,`,
		`  has_table_privilege('anon', c.oid, 'select') as anon_reads,`,
		`  has_table_privilege('authenticated', c.oid, 'select') as authenticated_reads`,
		'from pg_class c join pg_namespace n on n.oid = c.relnamespace',
		`where n.nspname = ${schema} and c.relname = ${name};`,
	].join('\n');
}
