-- What every Supabase project has before its owner makes anything. Safe to run again.
do $$
begin
	if not exists (select from pg_roles where rolname = 'anon') then
		create role anon nologin noinherit;
	end if;
	if not exists (select from pg_roles where rolname = 'authenticated') then
		create role authenticated nologin noinherit;
	end if;
	if not exists (select from pg_roles where rolname = 'service_role') then
		create role service_role nologin noinherit bypassrls;
	end if;
	if not exists (select from pg_roles where rolname = 'authenticator') then
		create role authenticator login noinherit;
	end if;
end $$;

grant anon, authenticated, service_role to authenticator;

create schema if not exists auth;
create schema if not exists extensions;
grant usage on schema public, auth, extensions to anon, authenticated, service_role;
alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;

-- As on the hosted platform: the REST service hears of every change to the schema by itself.
create or replace function extensions.pgrst_ddl_watch() returns event_trigger language plpgsql as $$
begin
	notify pgrst, 'reload schema';
end $$;
drop event trigger if exists pgrst_ddl_watch;
create event trigger pgrst_ddl_watch on ddl_command_end
	when tag in (
		'CREATE SCHEMA', 'ALTER SCHEMA',
		'CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'ALTER TABLE',
		'CREATE FOREIGN TABLE', 'ALTER FOREIGN TABLE',
		'CREATE VIEW', 'ALTER VIEW', 'CREATE MATERIALIZED VIEW', 'ALTER MATERIALIZED VIEW',
		'CREATE FUNCTION', 'ALTER FUNCTION', 'CREATE TRIGGER',
		'CREATE TYPE', 'ALTER TYPE', 'CREATE RULE', 'COMMENT'
	)
	execute function extensions.pgrst_ddl_watch();
drop event trigger if exists pgrst_drop_watch;
create event trigger pgrst_drop_watch on sql_drop
	execute function extensions.pgrst_ddl_watch();

-- Database changes that clients may subscribe to.
do $$
begin
	if not exists (select from pg_publication where pubname = 'supabase_realtime') then
		create publication supabase_realtime;
	end if;
end $$;
