import { PINNED } from './settings';

/**
 * The functions behind the triggers. A trigger's arguments are the queue, and as JSON how it captures:
 * `key` (columns of the primary key), `omit` (columns left out), `keep` (the only columns sent), `quiet` (columns
 * whose change alone is none), `buckets`, `root` (part of a partitioned table).
 */
export const captureSql = `
-- What of a row leaves the database.
create or replace function n8n_durable.shown(row_json jsonb, how jsonb) returns jsonb
	language sql immutable set search_path = '' as $n8n$
	select case
		when how ? 'keep' then
			(select coalesce(jsonb_object_agg(e.key, e.value), '{}') from jsonb_each(row_json) e where how -> 'keep' ? e.key)
		when how ? 'omit' then row_json - array(select jsonb_array_elements_text(how -> 'omit'))
		else row_json
	end
$n8n$;

-- Whether an update leaves all that is shown as it was, letter for letter.
create or replace function n8n_durable.unchanged(new_row jsonb, old_row jsonb, how jsonb) returns boolean
	language sql immutable set search_path = '' as $n8n$
	select (new_row - q.names)::text = (old_row - q.names)::text
	from (select array(select jsonb_array_elements_text(how -> 'quiet'))) q (names)
$n8n$;

-- What all messages of a statement have in common.
create or replace function n8n_durable.heading(op text, place oid, root boolean) returns jsonb
	language sql volatile set search_path = '' as $n8n$
	select jsonb_build_object('v', 1, 'type', op, 'schema', n.nspname, 'table', c.relname,
			'occurred_at', clock_timestamp(), 'txid', pg_current_xact_id()::text)
		|| case when c.oid = place then '{}' else jsonb_build_object('partition', place::regclass::text) end
	from pg_class c join pg_namespace n on n.oid = c.relnamespace
	where c.oid = case when root then pg_partition_root(place) else place end
$n8n$;

-- A message; rows says whose order it keeps, a text for each row that it touches.
create or replace function n8n_durable.message(heading jsonb, how jsonb, new_row jsonb, old_row jsonb) returns jsonb
	language plpgsql immutable set search_path = '' as $n8n$
declare
	place text := (heading ->> 'schema') || '.' || (heading ->> 'table');
	columns jsonb := how -> 'key';
	key jsonb;
	touched jsonb;
	of_old text;
	of_new text;
begin
	if jsonb_array_length(columns) = 0 or coalesce(new_row, old_row) is null then
		touched := jsonb_build_array(place);
	else
		select jsonb_object_agg(c.name, coalesce(new_row, old_row) -> c.name),
			jsonb_agg(new_row -> c.name order by c.place)::text, jsonb_agg(old_row -> c.name order by c.place)::text
		into key, of_new, of_old
		from jsonb_array_elements_text(columns) with ordinality c (name, place);
		touched := case
			when old_row is null or of_new = of_old then jsonb_build_array(place || ':' || of_new)
			when new_row is null then jsonb_build_array(place || ':' || of_old)
			else jsonb_build_array(place || ':' || of_old, place || ':' || of_new)
		end;
	end if;
	return heading || jsonb_build_object('record', new_row, 'old_record', old_row, 'key', key, 'rows', touched);
end $n8n$;

create or replace function n8n_durable.capture() returns trigger
	language plpgsql ${PINNED} as $n8n$
declare
	how jsonb := tg_argv[1];
	new_row jsonb;
	old_row jsonb;
begin
	if tg_op <> 'DELETE' then
		new_row := n8n_durable.shown(to_jsonb(new), how);
	end if;
	if tg_op <> 'INSERT' then
		old_row := n8n_durable.shown(to_jsonb(old), how);
	end if;
	if how ? 'buckets' and not exists (
		select from jsonb_array_elements_text(how -> 'buckets') b
		where b in (new_row ->> 'bucket_id', old_row ->> 'bucket_id')
	) then
		return null;
	end if;
	if tg_op = 'UPDATE' and how ?| array['omit', 'keep'] and n8n_durable.unchanged(new_row, old_row, how) then
		return null;
	end if;
	-- Not caught: a change that cannot be sent is not made, rather than lost.
	perform pgmq.send(tg_argv[0], n8n_durable.message(
		n8n_durable.heading(tg_op, tg_relid, how ? 'root'), how, new_row, old_row), 0);
	perform n8n_durable.ring(tg_argv[0]);
	return null;
end $n8n$;

-- For tables that change by many rows at once, and for TRUNCATE. A column may have any name, so the rows are
-- taken as alias.*, which is never a column.
create or replace function n8n_durable.capture_statement() returns trigger
	language plpgsql ${PINNED} as $n8n$
#variable_conflict use_variable
declare
	queue text := tg_argv[0];
	how jsonb := tg_argv[1];
	heading jsonb := n8n_durable.heading(tg_op, tg_relid, how ? 'root');
	messages jsonb[];
	sent boolean := false;
begin
	if tg_op = 'TRUNCATE' then
		perform pgmq.send(queue, n8n_durable.message(heading, how, null, null), 0);
		sent := true;
	elsif tg_op = 'INSERT' then
		for messages in
			select array_agg(n8n_durable.message(heading, how, m.r, null) order by m.k) from (
				select row_number() over () k, n8n_durable.shown(to_jsonb(n.*), how) r from n8n_new_ n
			) m group by m.k / 1000 order by m.k / 1000
		loop
			perform pgmq.send_batch(queue, messages, 0);
			sent := true;
		end loop;
	elsif tg_op = 'DELETE' then
		for messages in
			select array_agg(n8n_durable.message(heading, how, null, m.r) order by m.k) from (
				select row_number() over () k, n8n_durable.shown(to_jsonb(o.*), how) r from n8n_old_ o
			) m group by m.k / 1000 order by m.k / 1000
		loop
			perform pgmq.send_batch(queue, messages, 0);
			sent := true;
		end loop;
	else
		for messages in
			select array_agg(n8n_durable.message(heading, how, a.r, b.r) order by a.k) from (
				select row_number() over () k, n8n_durable.shown(to_jsonb(n.*), how) r from n8n_new_ n
			) a join (
				select row_number() over () k, n8n_durable.shown(to_jsonb(o.*), how) r from n8n_old_ o
			) b on b.k = a.k
			where not n8n_durable.unchanged(a.r, b.r, how)
			group by a.k / 1000 order by a.k / 1000
		loop
			perform pgmq.send_batch(queue, messages, 0);
			sent := true;
		end loop;
	end if;
	if sent then
		perform n8n_durable.ring(queue);
	end if;
	return null;
end $n8n$;
`.trim();
