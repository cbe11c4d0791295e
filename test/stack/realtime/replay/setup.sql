-- The tables that were there when the real service was recorded.
create schema if not exists auth;
create or replace function auth.uid() returns uuid language sql stable as $$
	select nullif(current_setting('request.jwt.claim.sub', true), '')::uuid
$$;
grant usage on schema auth, public to anon, authenticated, service_role;
create schema other;
create schema hidden;
grant usage on schema other to anon, authenticated, service_role;
alter default privileges in schema other grant all on tables to anon, authenticated, service_role;
alter default privileges in schema public grant all on tables to anon, authenticated, service_role;

create type mood as enum ('sad', 'ok', 'happy');
create table rt_items (
	id int8 primary key, name text, qty int4, price numeric(20, 4), done bool default false, created_at timestamptz
);
create table rt_types (
	id int8 primary key, c_int2 int2, c_int4 int4, c_int8 int8, c_numeric numeric, c_float4 float4, c_float8 float8,
	c_text text, c_varchar varchar(20), c_char char(5), c_bool bool, c_json json, c_jsonb jsonb, c_int_arr int4[],
	c_text_arr text[], c_uuid_arr uuid[], c_jsonb_arr jsonb[], c_date date, c_time time, c_timetz timetz,
	c_ts timestamp, c_tstz timestamptz, c_interval interval, c_bytea bytea, c_uuid uuid, c_mood mood,
	c_mood_arr mood[], c_range int4range, c_inet inet, c_money money, c_point point, c_xml xml, c_tsv tsvector,
	c_null text, c_gen int4 generated always as (c_int4 * 2) stored
);
create table rt_full (id int8 primary key, name text, qty int4);
alter table rt_full replica identity full;
create table rt_comp (a int4, b text, v text, primary key (a, b));
create table "Weird Table" ("Row Id" int8 primary key, "näme" text, "select" text);
create table rt_parent (id int8 primary key, v text);
create table rt_child (id int8 primary key, parent_id int8 references rt_parent on delete cascade, v text);
create table rt_part (id int8, at date, v text, primary key (id, at)) partition by range (at);
create table rt_part_2026 partition of rt_part for values from ('2026-01-01') to ('2027-01-01');
create table rt_nopk (a int4, b text);
create table other.rt_other (id int8 primary key, v text);
create table hidden.rt_hidden (id int8 primary key, v text);
create table rt_noselect (id int8 primary key, v text);
revoke all on rt_noselect from anon, authenticated;
create table rt_cols (id int8 primary key, pub text, secret text);
revoke all on rt_cols from anon, authenticated;
grant select (id, pub) on rt_cols to anon, authenticated;
create table rt_big (id int8 primary key, small text, n int4, big text, big2 text);
alter table rt_big alter big set storage external;
create table rt_big_full (id int8 primary key, small text, n int4, big text);
alter table rt_big_full alter big set storage external;
alter table rt_big_full replica identity full;
create table rt_load (id int8 primary key, v text, at timestamptz default now());
create table rt_alter (id int8 primary key, a text);
create table rt_late (id int8 primary key, v text);
create table rt_nopub (id int8 primary key, v text);

create table rt_rls (id int8 primary key, owner uuid, name text);
create table rt_rls_full (id int8 primary key, owner uuid, name text);
alter table rt_rls_full replica identity full;
create table rt_rls_nopolicy (id int8 primary key, name text);
create table rt_poison (id int8 primary key, v text);
alter table rt_rls enable row level security;
alter table rt_rls_full enable row level security;
alter table rt_rls_nopolicy enable row level security;
alter table rt_poison enable row level security;
create policy own on rt_rls to authenticated using (owner = auth.uid());
create policy own on rt_rls_full to authenticated using (owner = auth.uid());
create policy raises on rt_poison to anon using (1 / (id - 13) <> 99);

alter publication supabase_realtime add table
	rt_items, rt_types, rt_full, rt_comp, "Weird Table", rt_parent, rt_child, rt_part, rt_nopk, other.rt_other,
	hidden.rt_hidden, rt_noselect, rt_cols, rt_big, rt_big_full, rt_load, rt_alter, rt_rls, rt_rls_full,
	rt_rls_nopolicy, rt_poison;

create policy rooms_read on realtime.messages for select to authenticated
	using (topic like 'room:%' or topic like 'ro:%' or topic like 'bc:%');
create policy rooms_write on realtime.messages for insert to authenticated
	with check (topic like 'room:%');
create policy presence_read on realtime.messages for select to authenticated
	using (topic like 'pres:%' and extension = 'presence');
create policy own_read on realtime.messages for select to authenticated
	using (topic = 'user:' || auth.uid());
create policy own_write on realtime.messages for insert to authenticated
	with check (topic = 'user:' || auth.uid());

create table rt_bc (id int8 primary key, room text, v text);
create function rt_bc_tell() returns trigger language plpgsql security definer as $$
begin
	perform realtime.broadcast_changes(
		'bc:' || coalesce(new.room, old.room), tg_op, tg_op, tg_table_name, tg_table_schema, new, old
	);
	return null;
end $$;
create trigger tell after insert or update or delete on rt_bc for each row execute function rt_bc_tell();
