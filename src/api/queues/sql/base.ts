/** What is installed; to be raised with every change of the SQL. */
export const DURABLE_VERSION = 2;

/** Every function in `public` of this version and of those before. */
export const PUBLIC_FUNCTIONS = [
	'n8n_queue_claim',
	'n8n_queue_send',
	'n8n_queue_ack',
	'n8n_queue_set_vt',
	'n8n_queue_park',
	'n8n_queue_create',
	'n8n_queue_list',
	'n8n_queue_metrics',
	'n8n_queue_purge',
	'n8n_queue_doctor',
];

/** Selects those that there are, whatever their arguments are or were. */
export const OURS_IN_PUBLIC = `select p.oid from pg_catalog.pg_proc p
		where p.pronamespace = 'public'::regnamespace
			and p.proname in (${PUBLIC_FUNCTIONS.map((name) => `'${name}'`).join(', ')})`;

/** Refuses before anything is changed, and takes the functions of another version away. */
export const guardSql = `
do $n8n$
declare
	found integer;
	other regprocedure;
begin
	if to_regprocedure('pgmq.send(text, jsonb, integer)') is null then
		raise exception 'Supabase Queues are not switched on in this project'
			using hint = 'Switch them on in the dashboard under Integrations, Queues, or run: create extension pgmq;';
	end if;
	if to_regprocedure('n8n_durable.version()') is not null then
		execute 'select n8n_durable.version()' into found;
		if found > ${DURABLE_VERSION} then
			raise exception 'This database has version % of the durable SQL, and this is the older version ${DURABLE_VERSION}', found
				using hint = 'Update the Supabase nodes in n8n, and take the SQL from there.';
		end if;
	end if;
	-- They may have had other arguments or results. What triggers call is replaced: it has none.
	if found is distinct from ${DURABLE_VERSION} then
		for other in
			${OURS_IN_PUBLIC}
			union all
			select p.oid from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
			where n.nspname = 'n8n_durable' and p.prorettype <> 'trigger'::regtype
		loop
			execute 'drop function ' || other;
		end loop;
	end if;
end $n8n$;
`.trim();

/** The schema that only its owner uses: what captures needs, and nothing that a request could call. */
export const schemaSql = `
create schema if not exists n8n_durable;
revoke all on schema n8n_durable from public, anon, authenticated, service_role;

create or replace function n8n_durable.version() returns integer
	language sql immutable set search_path = pg_catalog, pg_temp as $n8n$ select ${DURABLE_VERSION} $n8n$;

-- The table of a queue: q has what waits, a what is archived.
create or replace function n8n_durable.queue_table(queue text, kind text) returns text
	language sql immutable set search_path = pg_catalog, pg_temp as $n8n$
	select format('pgmq.%I', lower(kind || '_' || queue))
$n8n$;

-- Tells who listens that there is something to claim: once a transaction, without content. A bell that
-- cannot be rung never fails the write; who listens looks from time to time anyway.
create or replace function n8n_durable.ring(queue text) returns void
	language plpgsql set search_path = pg_catalog, pg_temp as $n8n$
declare
	-- Put back by a rollback to a savepoint, which takes the ring back too.
	rung text := current_setting('n8n_durable.rung', true);
	this text := pg_current_xact_id()::text || ' ';
begin
	if rung is null or not starts_with(rung, this) then
		rung := this;
	end if;
	if position(' ' || queue || ' ' in rung) > 0 then
		return;
	end if;
	perform set_config('n8n_durable.rung', rung || queue || ' ', true);
	perform n8n_durable.bell(queue);
end $n8n$;

create or replace function n8n_durable.bell(queue text) returns void
	language plpgsql set search_path = pg_catalog, pg_temp set lock_timeout = '100ms' as $n8n$
begin
	if to_regprocedure('realtime.send(jsonb, text, text, boolean)') is not null then
		perform realtime.send('{}'::jsonb, 'ring', 'n8n:' || queue, true);
	end if;
exception when others then
	null;
end $n8n$;
`.trim();

/** After all functions: in the private schema nobody but the owner may call one. */
export const closeSql = `
revoke all on all functions in schema n8n_durable from public, anon, authenticated, service_role;
notify pgrst, 'reload schema';
`.trim();
