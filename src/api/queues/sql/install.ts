/**
 * `n8n_durable.install(plan)` makes queue, dead-letter queue and triggers of a plan, checks that it can, and takes
 * away the queue's triggers that the plan has no more. Replaced rather than dropped: nothing that is written
 * meanwhile is missed, and readers of the table are not kept waiting.
 */
export const installSql = `
-- Requests of anon and authenticated do not reach a queue, whatever the dashboard has granted: it holds copies of
-- rows past their policies.
create or replace function n8n_durable.close_queue(queue text) returns void
	language plpgsql set search_path = pg_catalog, pg_temp as $n8n$
declare
	place oid;
begin
	foreach place in array array[
		to_regclass(n8n_durable.queue_table(queue, 'q')), to_regclass(n8n_durable.queue_table(queue, 'a'))
	] loop
		-- Only where it is open, since this waits for all who use the queue.
		if exists (select from pg_class c where c.oid = place and not c.relrowsecurity) then
			execute format('alter table %s enable row level security', place::regclass);
		end if;
		if exists (
			select from pg_class c, aclexplode(c.relacl) g left join pg_roles r on r.oid = g.grantee
			where c.oid = place and coalesce(r.rolname, 'public') in ('public', 'anon', 'authenticated')
		) then
			execute format('revoke all on table %s from public, anon, authenticated', place::regclass);
		end if;
	end loop;
end $n8n$;

-- Whether there was none.
create or replace function n8n_durable.make_queue(queue text, unlogged boolean) returns boolean
	language plpgsql set search_path = pg_catalog, pg_temp as $n8n$
begin
	if exists (select from pgmq.list_queues() l where lower(l.queue_name) = lower(queue)) then
		return false;
	elsif unlogged then
		perform pgmq.create_unlogged(queue);
	else
		perform pgmq.create(queue);
	end if;
	perform n8n_durable.close_queue(queue);
	return true;
end $n8n$;

create or replace function n8n_durable.install(plan jsonb) returns void
	language plpgsql set search_path = pg_catalog, pg_temp as $n8n$
declare
	queue text := plan ->> 'queue';
	captured jsonb;
	wanted text[] := '{}';
	stale record;
begin
	perform n8n_durable.make_queue(queue, false), n8n_durable.make_queue(queue || '_dead', false),
		n8n_durable.close_queue(queue), n8n_durable.close_queue(queue || '_dead');
	if exists (select from pgmq.list_queues() l where l.queue_name in (queue, queue || '_dead') and l.is_unlogged) then
		raise exception 'The queue % is unlogged: a crash of the database would empty it', queue
			using hint = 'Choose another name, or drop the queue first, with what is in it: select pgmq.drop_queue(''' || queue || ''');';
	end if;
	for captured in select t from jsonb_array_elements(plan -> 'tables') t order by t ->> 'schema', t ->> 'name' loop
		wanted := wanted || n8n_durable.capture_table(queue, captured);
	end loop;
	for stale in select * from n8n_durable.triggers() t where t.queue = plan ->> 'queue' loop
		if not stale.id = any (wanted) then
			execute format('drop trigger %I on %s', stale.name, stale.place::regclass);
		end if;
	end loop;
end $n8n$;

-- All triggers of ours. An argument ends with a zero byte, and there are two.
create or replace function n8n_durable.triggers()
	returns table (trigger oid, place oid, name name, id text, queue text, how jsonb, type smallint, enabled "char")
	language sql stable set search_path = pg_catalog, pg_temp as $n8n$
	select t.oid, t.tgrelid, t.tgname, t.tgrelid || ' ' || t.tgname,
		convert_from(substring(t.tgargs for z.cut - 1), 'UTF8'),
		nullif(convert_from(substring(t.tgargs from z.cut + 1 for greatest(0, length(t.tgargs) - z.cut - 1)), 'UTF8'), '')::jsonb,
		t.tgtype, t.tgenabled
	from pg_trigger t, position('\\x00'::bytea in t.tgargs) z (cut)
	where t.tgparentid = 0
		and t.tgfoid in ('n8n_durable.capture()'::regprocedure, 'n8n_durable.capture_statement()'::regprocedure)
$n8n$;

-- The triggers of one table; gives what they are, as triggers() does.
create or replace function n8n_durable.capture_table(queue text, captured jsonb) returns text[]
	language plpgsql set search_path = pg_catalog, pg_temp as $n8n$
declare
	label text := (captured ->> 'schema') || '.' || (captured ->> 'name');
	bulk boolean := coalesce((captured ->> 'bulk')::boolean, false);
	events text[] := array(select jsonb_array_elements_text(captured -> 'events'));
	place oid := to_regclass(format('%I.%I', captured ->> 'schema', captured ->> 'name'));
	kind "char";
	key text[];
	bad text;
	how jsonb;
	event text;
	named text;
	made text[] := '{}';
begin
	select c.relkind into kind from pg_class c where c.oid = place;
	if kind is null then
		raise exception 'There is no table %', label using hint = 'Check the names of schema and table.';
	elsif kind not in ('r', 'p') then
		raise exception '% is no table, so its changes cannot be captured', label
			using hint = 'Name the tables that it reads from.';
	elsif not captured ? 'keep' and (captured ->> 'schema' ~ '^pg_|^n8n_durable$'
		or captured ->> 'schema' in ('auth', 'storage', 'realtime', 'vault', 'pgmq', 'pgsodium', 'information_schema')) then
		raise exception '% belongs to Supabase or PostgreSQL, so its rows are not captured', label
			using hint = 'Users and files have captures of their own, without password hashes and tokens.';
	end if;
	key := array(
		select a.attname from pg_index i, unnest(i.indkey) with ordinality k (number, position)
			join pg_attribute a on a.attrelid = place and a.attnum = k.number
		where i.indrelid = place and i.indisprimary order by k.position
	);
	for bad in select o from jsonb_array_elements_text(captured -> 'omit') o loop
		if bad = any (key) then
			raise exception 'Column % of % belongs to the primary key, so it cannot be left out', bad, label;
		elsif not exists (
			select from pg_attribute a where a.attrelid = place and a.attname = bad and a.attnum > 0 and not a.attisdropped
		) then
			raise exception '% has no column %, which is to be left out', label, bad;
		end if;
	end loop;
	how := jsonb_build_object('key', to_jsonb(key)) || (captured - array['schema', 'name', 'events', 'bulk'])
		|| case when exists (select from pg_class c where c.oid = place and (c.relkind = 'p' or c.relispartition))
			then '{"root": true}' else '{}' end::jsonb;
	if bulk and (how ? 'root' or exists (select from pg_inherits i where place in (i.inhparent, i.inhrelid))) then
		raise exception '% has partitions: captured in bulk, what is written to a partition itself would be lost', label
			using hint = 'Capture it row by row.';
	end if;
	foreach event in array case when 'delete' = any (events) then array_append(events, 'truncate') else events end loop
		named := format('00_n8n_%s_%s', queue, event);
		execute format('create or replace trigger %I after %s on %s %s execute function n8n_durable.%s(%L, %L)',
			named, event, place::regclass,
			case
				when event = 'truncate' then 'for each statement'
				when not bulk and event = 'update' then 'for each row when (old.* operator(pg_catalog.*<>) new.*)'
				when not bulk then 'for each row'
				when event = 'insert' then 'referencing new table as n8n_new_ for each statement'
				when event = 'delete' then 'referencing old table as n8n_old_ for each statement'
				else 'referencing old table as n8n_old_ new table as n8n_new_ for each statement'
			end,
			case when bulk or event = 'truncate' then 'capture_statement' else 'capture' end,
			queue, how);
		made := made || (place || ' ' || named);
	end loop;
	return made;
end $n8n$;
`.trim();
