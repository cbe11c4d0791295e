-- What this project calls of pgmq, which has no npm package: it behaves as 1.5.1, the version that
-- Supabase hosts. Each queue is a table pgmq.q_<name> of waiting messages and a table pgmq.a_<name> of
-- archived ones.
create schema pgmq;

create table pgmq.meta (
	queue_name varchar unique not null,
	is_partitioned boolean not null,
	is_unlogged boolean not null,
	created_at timestamptz not null default now()
);

create type pgmq.message_record as (
	msg_id bigint,
	read_ct integer,
	enqueued_at timestamptz,
	vt timestamptz,
	message jsonb,
	headers jsonb
);

create type pgmq.queue_record as (
	queue_name varchar,
	is_partitioned boolean,
	is_unlogged boolean,
	created_at timestamptz
);

create type pgmq.metrics_result as (
	queue_name text,
	queue_length bigint,
	newest_msg_age_sec integer,
	oldest_msg_age_sec integer,
	total_messages bigint,
	scrape_time timestamptz,
	queue_visible_length bigint
);

-- Name of a queue's table, not yet quoted
create function pgmq.format_table_name(queue_name text, prefix text) returns text language plpgsql as $$
begin
	if queue_name ~ $re$[$;']|--$re$ then
		raise exception 'queue name contains invalid characters: $, ;, --, or \''';
	end if;
	return lower(prefix || '_' || queue_name);
end $$;

-- Queues

create function pgmq.create_tables(queue_name text, unlogged boolean) returns void language plpgsql as $$
declare
	waiting text := pgmq.format_table_name(queue_name, 'q');
	archived text := pgmq.format_table_name(queue_name, 'a');
begin
	if length(queue_name) >= 48 then
		raise exception 'queue name is too long, maximum length is 48 characters';
	end if;
	execute format(
		'create %s table if not exists pgmq.%I (
			msg_id bigint generated always as identity primary key,
			read_ct integer not null default 0,
			enqueued_at timestamptz not null default now(),
			vt timestamptz not null,
			message jsonb,
			headers jsonb
		)', case when unlogged then 'unlogged' end, waiting);
	execute format(
		'create table if not exists pgmq.%I (
			msg_id bigint primary key,
			read_ct integer not null default 0,
			enqueued_at timestamptz not null default now(),
			archived_at timestamptz not null default now(),
			vt timestamptz not null,
			message jsonb,
			headers jsonb
		)', archived);
	execute format('create index if not exists %I on pgmq.%I (vt)', waiting || '_vt_idx', waiting);
	execute format(
		'create index if not exists %I on pgmq.%I (archived_at)', 'archived_at_idx_' || queue_name, archived);
	insert into pgmq.meta as m (queue_name, is_partitioned, is_unlogged)
	values (create_tables.queue_name, false, unlogged)
	on conflict do nothing;
end $$;

create function pgmq.create(queue_name text) returns void language sql as $$
	select pgmq.create_tables(queue_name, false);
$$;

create function pgmq.create_unlogged(queue_name text) returns void language sql as $$
	select pgmq.create_tables(queue_name, true);
$$;

create function pgmq.drop_queue(queue_name text) returns boolean language plpgsql as $$
begin
	execute format('drop table if exists pgmq.%I, pgmq.%I',
		pgmq.format_table_name(queue_name, 'q'), pgmq.format_table_name(queue_name, 'a'));
	delete from pgmq.meta m where m.queue_name = drop_queue.queue_name;
	return true;
end $$;

create function pgmq.list_queues() returns setof pgmq.queue_record language sql as $$
	select queue_name, is_partitioned, is_unlogged, created_at from pgmq.meta;
$$;

create function pgmq.purge_queue(queue_name text) returns bigint language plpgsql as $$
declare
	waiting text := pgmq.format_table_name(queue_name, 'q');
	found_count bigint;
begin
	execute format('select count(*) from pgmq.%I', waiting) into found_count;
	execute format('truncate pgmq.%I', waiting);
	return found_count;
end $$;

create function pgmq.metrics(queue_name text) returns pgmq.metrics_result language plpgsql as $$
declare
	waiting text := pgmq.format_table_name(queue_name, 'q');
	answer pgmq.metrics_result;
begin
	execute format(
		'select
			$1, count(*),
			extract(epoch from now() - max(enqueued_at))::int,
			extract(epoch from now() - min(enqueued_at))::int,
			(select case when is_called then last_value else 0 end from pgmq.%I),
			now(), count(*) filter (where vt <= now())
		from pgmq.%I', waiting || '_msg_id_seq', waiting)
	into answer using queue_name;
	return answer;
end $$;

create function pgmq.metrics_all() returns setof pgmq.metrics_result language sql as $$
	select each.* from pgmq.meta m, lateral pgmq.metrics(m.queue_name) each;
$$;

-- Messages. A batch is one array, whose elements are taken whatever its dimensions are, and JSON null in
-- it is SQL's null, both as in the real one.

create function pgmq.send_batch(queue_name text, msgs jsonb[], delay integer default 0)
returns setof bigint language plpgsql as $$
begin
	return query execute format(
		'insert into pgmq.%I (vt, message) select $1, unnest($2) returning msg_id',
		pgmq.format_table_name(queue_name, 'q'))
	using clock_timestamp() + make_interval(secs => delay), msgs;
end $$;

create function pgmq.send(queue_name text, msg jsonb, delay integer default 0)
returns setof bigint language plpgsql as $$
begin
	return query execute format(
		'insert into pgmq.%I (vt, message) values ($1, $2) returning msg_id',
		pgmq.format_table_name(queue_name, 'q'))
	using clock_timestamp() + make_interval(secs => delay), msg;
end $$;

create function pgmq.read(queue_name text, vt integer, qty integer)
returns setof pgmq.message_record language plpgsql as $$
declare
	waiting text := pgmq.format_table_name(queue_name, 'q');
begin
	return query execute format(
		'update pgmq.%1$I q set vt = clock_timestamp() + $1, read_ct = q.read_ct + 1
		from (
			select msg_id from pgmq.%1$I where vt <= clock_timestamp()
			order by msg_id limit $2 for update skip locked
		) as due
		where q.msg_id = due.msg_id
		returning q.msg_id, q.read_ct, q.enqueued_at, q.vt, q.message, q.headers', waiting)
	using make_interval(secs => vt), qty;
end $$;

create function pgmq.pop(queue_name text) returns setof pgmq.message_record language plpgsql as $$
declare
	waiting text := pgmq.format_table_name(queue_name, 'q');
begin
	return query execute format(
		'delete from pgmq.%1$I where msg_id = (
			select msg_id from pgmq.%1$I where vt <= clock_timestamp()
			order by msg_id limit 1 for update skip locked
		) returning *', waiting);
end $$;

create function pgmq.set_vt(queue_name text, msg_id bigint, vt integer)
returns setof pgmq.message_record language plpgsql as $$
begin
	return query execute format(
		'update pgmq.%I q set vt = clock_timestamp() + $1 where q.msg_id = $2 returning q.*',
		pgmq.format_table_name(queue_name, 'q'))
	using make_interval(secs => vt), msg_id;
end $$;

create function pgmq.delete(queue_name text, msg_ids bigint[]) returns setof bigint language plpgsql as $$
begin
	return query execute format(
		'delete from pgmq.%I where msg_id = any ($1) returning msg_id',
		pgmq.format_table_name(queue_name, 'q'))
	using msg_ids;
end $$;

create function pgmq.delete(queue_name text, msg_id bigint) returns boolean language sql as $$
	select exists (select from pgmq.delete(queue_name, array[msg_id]));
$$;

create function pgmq.archive(queue_name text, msg_ids bigint[]) returns setof bigint language plpgsql as $$
begin
	return query execute format(
		'with gone as (delete from pgmq.%I where msg_id = any ($1) returning *)
		insert into pgmq.%I (msg_id, read_ct, enqueued_at, vt, message, headers)
		select msg_id, read_ct, enqueued_at, vt, message, headers from gone
		returning msg_id', pgmq.format_table_name(queue_name, 'q'), pgmq.format_table_name(queue_name, 'a'))
	using msg_ids;
end $$;

create function pgmq.archive(queue_name text, msg_id bigint) returns boolean language sql as $$
	select exists (select from pgmq.archive(queue_name, array[msg_id]));
$$;
