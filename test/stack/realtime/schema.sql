-- What the Realtime service keeps in the database. Safe to run again.
create schema if not exists realtime;
grant usage on schema realtime to anon, authenticated, service_role;

-- One row for each binding and table of each joined channel; changes go to those that are here.
create table if not exists realtime.subscription (
	id bigint generated always as identity primary key,
	subscription_id uuid not null,
	entity regclass not null,
	filters jsonb not null default '[]',
	claims jsonb not null,
	created_at timestamp not null default timezone('utc', now())
);
truncate realtime.subscription;

-- Broadcasts from the database. Its policies are those of private channels.
create table if not exists realtime.messages (
	topic text not null,
	extension text not null,
	payload jsonb,
	event text,
	private boolean default false,
	updated_at timestamp not null default now(),
	inserted_at timestamp not null default now(),
	id uuid not null default gen_random_uuid(),
	binary_payload bytea,
	primary key (id, inserted_at)
) partition by range (inserted_at);
alter table realtime.messages enable row level security;
grant select, insert, update on realtime.messages to anon, authenticated, service_role;

create or replace function realtime.topic() returns text language sql stable as $$
	select nullif(current_setting('realtime.topic', true), '')
$$;

-- A partition for each day from yesterday to three days ahead.
create or replace function realtime.make_partitions() returns void language plpgsql as $$
declare
	day date;
	name text;
begin
	for day in select generate_series(current_date - 1, current_date + 3, '1 day')::date loop
		name := 'messages_' || to_char(day, 'YYYY_MM_DD');
		continue when to_regclass('realtime.' || name) is not null;
		execute format(
			'create table realtime.%I partition of realtime.messages for values from (%L) to (%L)',
			name, day, day + 1
		);
	end loop;
end $$;

create or replace function realtime.send(payload jsonb, event text, topic text, private boolean default true)
returns void language plpgsql as $$
declare
	message_id uuid := gen_random_uuid();
begin
	if jsonb_typeof(payload) <> 'object' then
		raise exception 'payload is no object';
	end if;
	insert into realtime.messages (id, payload, event, topic, private, extension)
	values (message_id, jsonb_build_object('id', message_id) || payload, event, topic, private, 'broadcast');
exception when others then
	raise warning 'WarnSendingBroadcastMessage: %', sqlerrm;
end $$;

create or replace function realtime.send_binary(payload bytea, event text, topic text, private boolean default true)
returns void language plpgsql as $$
begin
	insert into realtime.messages (binary_payload, event, topic, private, extension)
	values (payload, event, topic, private, 'broadcast');
exception when others then
	raise warning 'WarnSendingBroadcastMessage: %', sqlerrm;
end $$;

create or replace function realtime.broadcast_changes(
	topic_name text, event_name text, operation text, table_name text, table_schema text,
	new record, old record, level text default 'ROW'
) returns void language plpgsql as $$
begin
	if level = 'STATEMENT' then
		raise exception 'function can only be triggered for each row, not for each statement';
	end if;
	perform realtime.send(
		jsonb_build_object(
			'schema', table_schema, 'table', table_name, 'operation', operation,
			'record', to_jsonb(new), 'old_record', to_jsonb(old)
		),
		event_name, topic_name
	);
end $$;

do $$
begin
	if not exists (select from pg_publication where pubname = 'supabase_realtime_messages_publication') then
		create publication supabase_realtime_messages_publication for table realtime.messages
			with (publish = 'insert', publish_via_partition_root = true);
	end if;
end $$;

-- A row of another role's making is tried and undone: its policies are asked without a trace.
create or replace function realtime.rights(claims jsonb, topic text, extensions text[]) returns jsonb
language plpgsql as $$
declare
	probe text;
	answer jsonb := '{}';
	readable text[];
	writable text[] := '{}';
begin
	begin
		insert into realtime.messages (topic, extension, event) select topic, unnest(extensions), 'probe';
		perform set_config('role', claims ->> 'role', true),
			set_config('realtime.topic', topic, true),
			set_config('request.jwt.claims', claims::text, true),
			set_config('request.jwt.claim.sub', coalesce(claims ->> 'sub', ''), true),
			set_config('request.jwt.claim.role', claims ->> 'role', true);
		select coalesce(array_agg(m.extension), '{}') into readable
		from realtime.messages m where m.topic = rights.topic and m.event = 'probe';
		foreach probe in array extensions loop
			begin
				insert into realtime.messages (topic, extension) values (topic, probe);
				writable := writable || probe;
			exception when insufficient_privilege then
				null;
			end;
		end loop;
		answer := jsonb_build_object('read', to_jsonb(readable), 'write', to_jsonb(writable));
		raise exception using errcode = 'RT000';
	exception when sqlstate 'RT000' then
		return answer;
	end;
end $$;
revoke execute on function realtime.rights(jsonb, text, text[]) from public;
