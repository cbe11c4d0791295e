import { PINNED } from './settings';

/** The rows of a statement in their order, without the columns left out. */
const shown = (rows: string) =>
	`select row_number() over () k, to_jsonb(t.*) - omit r from ${rows} t`;

const keyOf = (row: string) => `case
	when one is not null then jsonb_build_object(one, ${row} -> one)
	else (select jsonb_object_agg(c.name, ${row} -> c.name) from unnest(columns) c (name))
end`;

/** What orders a row: its key as text, or the table where that has none. */
const orderOf = (row: string) => `case
	when one is not null then label || ':[' || (${row} -> one)::text || ']'
	when cardinality(columns) = 0 then label
	else label || ':' || (select jsonb_agg(${row} -> c.name order by c.place)
		from unnest(columns) with ordinality c (name, place))::text
end`;

const message = (record: string, oldRecord: string, key: string, rows: string) =>
	`heading || jsonb_build_object('record', ${record}, 'old_record', ${oldRecord}, 'key', ${key}, 'rows', ${rows})`;

/** Of each event, the rows that are messages, with their number k, and the message of one. */
const STATEMENTS = [
	{
		event: 'INSERT',
		rows: shown('n8n_new_'),
		message: message('m.r', 'null', keyOf('m.r'), `jsonb_build_array(${orderOf('m.r')})`),
	},
	{
		event: 'DELETE',
		rows: shown('n8n_old_'),
		message: message('null', 'm.r', keyOf('m.r'), `jsonb_build_array(${orderOf('m.r')})`),
	},
	{
		event: 'UPDATE',
		// As text too, since 1.0 and 1.00 are equal.
		rows: `select n.k, n.r, o.r was from (${shown('n8n_new_')}) n join (${shown('n8n_old_')}) o on o.k = n.k
				where n.r <> o.r or n.r::text <> o.r::text`,
		message: message(
			'm.r',
			'm.was',
			keyOf('m.r'),
			`case when ${keyOf('m.r')} is not distinct from ${keyOf('m.was')} then jsonb_build_array(${orderOf('m.r')})
				else jsonb_build_array(${orderOf('m.was')}, ${orderOf('m.r')}) end`,
		),
	},
];

/**
 * The functions behind the triggers. A trigger's arguments are the queue, and as JSON how it captures: `key`
 * (columns of the primary key), `omit` (columns left out), `keep` (the only columns sent), `quiet` (columns whose
 * change alone is none), `buckets`, `root` (part of a partitioned table).
 *
 * They are long rather than cut into functions: a call costs PostgreSQL about 10 µs, for each row.
 */
export const captureSql = `
-- Of the columns, those that may be sent; all others stay here, also those that a later version brings.
create or replace function n8n_durable.kept(row_json jsonb, names jsonb) returns jsonb
	language sql immutable set search_path = pg_catalog, pg_temp as $n8n$
	select jsonb_object_agg(e.key, e.value) from jsonb_each(row_json) e where names ? e.key
$n8n$;

-- The table that a partition is a part of.
create or replace function n8n_durable.root(relation oid, out nspname name, out relname name)
	language sql stable set search_path = pg_catalog, pg_temp as $n8n$
	select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
	where c.oid = pg_partition_root(relation)
$n8n$;

create or replace function n8n_durable.capture() returns trigger
	language plpgsql ${PINNED} as $n8n$
declare
	how jsonb := tg_argv[1];
	schema_name text := tg_table_schema;
	table_name text := tg_table_name;
	label text;
	columns jsonb := how -> 'key';
	one text := columns ->> 0;
	names text[];
	new_row jsonb;
	old_row jsonb;
	key jsonb;
	new_key text;
	old_key text;
	message jsonb;
begin
	if tg_op <> 'DELETE' then
		new_row := to_jsonb(new);
	end if;
	if tg_op <> 'INSERT' then
		old_row := to_jsonb(old);
	end if;

	if how ?| array['omit', 'keep'] then
		if how ? 'keep' then
			new_row := n8n_durable.kept(new_row, how -> 'keep');
			old_row := n8n_durable.kept(old_row, how -> 'keep');
		else
			names := array(select jsonb_array_elements_text(how -> 'omit'));
			new_row := new_row - names;
			old_row := old_row - names;
		end if;
		if how ? 'buckets' and not exists (
			select from jsonb_array_elements_text(how -> 'buckets') b
			where b in (new_row ->> 'bucket_id', old_row ->> 'bucket_id')
		) then
			return null;
		end if;
		-- As text, since 1.0 and 1.00 are equal.
		names := array(select jsonb_array_elements_text(how -> 'quiet'));
		if tg_op = 'UPDATE' and (new_row - names)::text = (old_row - names)::text then
			return null;
		end if;
	end if;

	if how ? 'root' then
		select r.nspname, r.relname into schema_name, table_name from n8n_durable.root(tg_relid) r;
	end if;
	label := schema_name || '.' || table_name;
	if one is null then
		new_key := label;
		old_key := label;
	elsif jsonb_array_length(columns) = 1 then
		key := jsonb_build_object(one, coalesce(new_row, old_row) -> one);
		new_key := label || ':[' || (new_row -> one)::text || ']';
		old_key := label || ':[' || (old_row -> one)::text || ']';
	else
		select jsonb_object_agg(c.name, coalesce(new_row, old_row) -> c.name),
			label || ':' || jsonb_agg(new_row -> c.name order by c.place)::text,
			label || ':' || jsonb_agg(old_row -> c.name order by c.place)::text
		into key, new_key, old_key
		from jsonb_array_elements_text(columns) with ordinality c (name, place);
	end if;

	message := jsonb_build_object(
		'v', 1, 'type', tg_op, 'schema', schema_name, 'table', table_name,
		'record', new_row, 'old_record', old_row, 'key', key,
		-- Whose order it keeps: a text for each row that it touches.
		'rows', case
			when old_row is null then jsonb_build_array(new_key)
			when new_row is null or new_key = old_key then jsonb_build_array(old_key)
			else jsonb_build_array(old_key, new_key)
		end,
		'occurred_at', clock_timestamp(), 'txid', pg_current_xact_id()::text
	);
	if how ? 'root' and table_name <> tg_table_name then
		message := message || jsonb_build_object('partition', tg_table_name);
	end if;
	-- Not caught: a change that cannot be sent is not made, rather than lost.
	perform pgmq.send(tg_argv[0], message, 0);
	perform n8n_durable.ring(tg_argv[0]);
	return null;
end $n8n$;

-- For tables that change by many rows at once, and for TRUNCATE. Columns may have any name: rows are taken as
-- alias.*, which is never a column, and what else is named here is a variable.
create or replace function n8n_durable.capture_statement() returns trigger
	language plpgsql ${PINNED} as $n8n$
#variable_conflict use_variable
declare
	queue text := tg_argv[0];
	how jsonb := tg_argv[1];
	label text := tg_table_schema || '.' || tg_table_name;
	columns text[] := array(select jsonb_array_elements_text(how -> 'key'));
	one text := case when cardinality(columns) = 1 then columns[1] end;
	omit text[] := array(select jsonb_array_elements_text(how -> 'omit'));
	heading jsonb := jsonb_build_object('v', 1, 'type', tg_op, 'schema', tg_table_schema, 'table', tg_table_name,
		'occurred_at', clock_timestamp(), 'txid', pg_current_xact_id()::text);
	messages jsonb[];
	sent boolean := false;
begin
	if tg_op = 'TRUNCATE' then
		messages := array[heading || jsonb_build_object(
			'record', null, 'old_record', null, 'key', null, 'rows', jsonb_build_array(label))];
		perform pgmq.send_batch(queue, messages, 0);
		sent := true;
${STATEMENTS.map(
	(each) => `	elsif tg_op = '${each.event}' then
		for messages in
			select array_agg(${each.message} order by m.k)
			from (${each.rows}) m
			group by m.k / 1000 order by m.k / 1000
		loop
			perform pgmq.send_batch(queue, messages, 0);
			sent := true;
		end loop;`,
).join('\n')}
	end if;
	if sent then
		perform n8n_durable.ring(queue);
	end if;
	return null;
end $n8n$;
`.trim();
