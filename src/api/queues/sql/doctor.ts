import { SAFE } from './settings';

/** `n8n_queue_doctor(queue, tables)` tells what is installed, and of tables what Realtime and sweeps need. */
export const doctorSql = `
create or replace function public.n8n_queue_doctor(queue text, tables jsonb default '[]') returns jsonb
	language plpgsql stable ${SAFE} as $n8n$
declare
	waiting regclass;
	dead regclass;
	length bigint;
	dead_letters bigint;
	oldest numeric;
begin
	if queue is null or jsonb_typeof(tables) is distinct from 'array' then
		raise exception 'queue must not be null, tables must be a JSON array' using errcode = '22023';
	end if;
	waiting := to_regclass(n8n_durable.queue_table(queue, 'q'));
	dead := to_regclass(n8n_durable.queue_table(queue || '_dead', 'q'));
	if waiting is not null then
		execute 'select count(*), extract(epoch from clock_timestamp() - min(enqueued_at)) from ' || waiting into length, oldest;
	end if;
	if dead is not null then
		execute 'select count(*) from ' || dead into dead_letters;
	end if;
	return jsonb_build_object(
		'version', n8n_durable.version(),
		'pgmq_version', (select e.extversion from pg_extension e where e.extname = 'pgmq'),
		'queue', (select to_jsonb(l) from pgmq.list_queues() l where lower(l.queue_name) = lower(queue)),
		'dead_queue', dead is not null,
		'dead_letters', coalesce(dead_letters, 0),
		'length', length,
		'oldest_message_age_s', floor(oldest),
		'owner_bypasses_rls', (select r.rolbypassrls or r.rolsuper from pg_roles r where r.rolname = current_user),
		'anon_may', n8n_durable.exposed(array[waiting, dead]),
		'triggers', n8n_durable.triggers_of(queue),
		'tables', (select coalesce(jsonb_agg(n8n_durable.examined(e.t) order by e.i), '[]') from jsonb_array_elements(tables) with ordinality e (t, i)),
		'realtime_send', to_regprocedure('realtime.send(jsonb, text, text, boolean)') is not null
	);
end $n8n$;

-- What anon or authenticated may use and must not.
create or replace function n8n_durable.exposed(queues regclass[]) returns jsonb
	language sql stable set search_path = pg_catalog, pg_temp as $n8n$
	select coalesce(jsonb_agg(distinct e.name order by e.name), '[]') from (
		select p.oid::regprocedure::text from pg_proc p, (values ('anon'), ('authenticated')) r (role)
		where (p.pronamespace = 'n8n_durable'::regnamespace
			or p.pronamespace = 'public'::regnamespace and p.proname like 'n8n\\_queue\\_%')
			and has_function_privilege(r.role, p.oid, 'execute')
			and has_schema_privilege(r.role, p.pronamespace, 'usage')
		union all
		select q::text from unnest(queues) q, (values ('anon'), ('authenticated')) r (role)
		where has_table_privilege(r.role, q, 'select, insert, update, delete, truncate')
	) e (name)
$n8n$;

create or replace function n8n_durable.triggers_of(queue text) returns jsonb
	language sql stable set search_path = pg_catalog, pg_temp as $n8n$
	select coalesce(jsonb_agg(jsonb_build_object(
		'name', t.name, 'schema', n.nspname, 'table', c.relname,
		'events', to_jsonb(array_remove(array[
			case when t.type & 4 > 0 then 'insert' end, case when t.type & 16 > 0 then 'update' end,
			case when t.type & 8 > 0 then 'delete' end, case when t.type & 32 > 0 then 'truncate' end], null)),
		'kind', case when t.type & 1 > 0 then 'row' else 'statement' end,
		'enabled', coalesce((select o.tgenabled from pg_trigger o where o.tgparentid = t.trigger and o.tgenabled <> t.enabled limit 1), t.enabled),
		'omit', coalesce(t.how -> 'omit', '[]'), 'buckets', coalesce(t.how -> 'buckets', '[]')
	) order by n.nspname, c.relname, t.name), '[]')
	from n8n_durable.triggers() t join pg_class c on c.oid = t.place join pg_namespace n on n.oid = c.relnamespace
	where t.queue = triggers_of.queue
$n8n$;

-- What listening to a table, and sweeping it by a cursor, take.
create or replace function n8n_durable.examined(asked jsonb) returns jsonb
	language sql stable set search_path = pg_catalog, pg_temp as $n8n$
	select asked || jsonb_build_object(
		'exists', c.oid is not null,
		'published', exists (
			select from pg_publication_tables p
			where p.pubname = 'supabase_realtime' and p.schemaname = asked ->> 'schema' and p.tablename = asked ->> 'table'
		),
		'replica_identity', c.relreplident,
		'rls', c.relrowsecurity,
		'policies', (
			select coalesce(jsonb_agg(jsonb_build_object('name', p.policyname, 'command', p.cmd, 'roles', p.roles) order by p.policyname), '[]')
			from pg_policies p where p.schemaname = asked ->> 'schema' and p.tablename = asked ->> 'table'
		),
		'anon_reads', has_table_privilege('anon', c.oid, 'select'),
		'authenticated_reads', has_table_privilege('authenticated', c.oid, 'select'),
		'cursor_exists', a.attnum is not null,
		'cursor_nullable', not a.attnotnull,
		'cursor_indexed', exists (
			select from pg_index i where i.indrelid = c.oid and i.indkey[0] = a.attnum and i.indisvalid and i.indpred is null
		)
	)
	from (select to_regclass(format('%I.%I', asked ->> 'schema', asked ->> 'table'))) f (id)
		left join pg_class c on c.oid = f.id
		left join pg_attribute a on a.attrelid = c.oid and a.attname = asked ->> 'cursor' and a.attnum > 0 and not a.attisdropped
$n8n$;
`.trim();
