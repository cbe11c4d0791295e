import { SAFE } from './settings';

/** Whose order a message keeps; null for one that is to be alone. Within a text of SQL. */
const ROWS = `case
	when jsonb_typeof(message -> ''rows'') = ''array'' and message ->> ''type'' <> ''TRUNCATE''
		and jsonb_array_length(message -> ''rows'') > 0 then message -> ''rows'' end`;

/**
 * Claiming in order. Ids are given before the commit, so a message may appear below one that was claimed long
 * ago; that is why nothing here reads on from an id. Whoever claims in order holds a lock to the end of its
 * transaction, and whoever changes what is in flight shares it: two readers never get what waits for each other.
 */
export const claimSql = `
create or replace function n8n_durable.lock_key(queue text) returns bigint
	language sql immutable set search_path = pg_catalog, pg_temp as $n8n$
	select hashtextextended('n8n_queue:' || lower(queue), 0)
$n8n$;

create or replace function n8n_durable.claim(queue text, visibility integer, size integer, ordered boolean, by_row boolean)
	returns table (msg_id bigint, read_ct integer, enqueued_at timestamptz, vt timestamptz, message jsonb)
	language plpgsql set search_path = pg_catalog, pg_temp as $n8n$
#variable_conflict use_column
declare
	-- A parameter of each query: clock_timestamp() in it would rule out the index on vt.
	moment timestamptz;
	busy boolean;
begin
	if queue is null or ordered is null or by_row is null then
		raise exception 'queue, ordered and by_row must not be null' using errcode = '22023';
	end if;
	if visibility is null or size is null or visibility < 1 or size < 1 or size > 1000 then
		raise exception 'visibility must be at least 1, size 1 to 1000' using errcode = '22023';
	end if;
	if by_row and not ordered then
		raise exception 'by_row keeps an order, so ordered must be true' using errcode = '22023';
	end if;
	if not ordered then
		return query select r.msg_id, r.read_ct, r.enqueued_at, r.vt, r.message
			from pgmq.read(queue, visibility, size) r order by r.msg_id;
		return;
	end if;
	perform pg_advisory_xact_lock(n8n_durable.lock_key(queue));
	moment := clock_timestamp();
	if by_row then
		return query select * from n8n_durable.claim_by_row(queue, visibility, size, moment);
		return;
	end if;
	-- What was never read is not in flight, but sent with a delay.
	execute 'select exists (select from ' || n8n_durable.queue_table(queue, 'q') || ' where vt > $1 and read_ct > 0)'
		into busy using moment;
	if not busy then
		return query select r.msg_id, r.read_ct, r.enqueued_at, r.vt, r.message
			from pgmq.read(queue, visibility, size) r order by r.msg_id;
	end if;
end $n8n$;

-- Goes past the messages of rows that have something in flight, as far as the next 2,000. What names no rows waits
-- until all before it is done, comes alone, and nothing comes after it until it is done.
create or replace function n8n_durable.claim_by_row(queue text, visibility integer, size integer, moment timestamptz)
	returns table (msg_id bigint, read_ct integer, enqueued_at timestamptz, vt timestamptz, message jsonb)
	language plpgsql set search_path = pg_catalog, pg_temp as $n8n$
#variable_conflict use_column
declare
	place text := n8n_durable.queue_table(queue, 'q');
	held jsonb[];
	ids bigint[];
	rows_of jsonb[];
	barrier integer;
	blocked text[] := '{}';
	chosen bigint[];
	i integer;
begin
	execute 'select array_agg(${ROWS}) from ' || place || ' where vt > $1 and read_ct > 0'
		into held using moment;
	if array_position(held, null) is not null then
		return;
	end if;
	execute 'select array_agg(m.msg_id order by m.msg_id), array_agg(m.touched order by m.msg_id) from (
			select msg_id, ${ROWS} touched from ' || place || ' where vt <= $1 order by msg_id limit $2
		) m' into ids, rows_of using moment, size + case when held is null then 0 else 2000 end;
	barrier := array_position(rows_of, null);
	if barrier = 1 and held is null then
		chosen := ids[1:1];
	else
		if barrier is not null then
			ids := ids[:barrier - 1];
			rows_of := rows_of[:barrier - 1];
		end if;
		if held is not null then
			blocked := array(select distinct r from unnest(held) h (touched), jsonb_array_elements_text(h.touched) r);
			-- Who touches two rows and waits for one lets the other wait too.
			for i in select c.i from unnest(rows_of) with ordinality c (touched, i) where jsonb_array_length(c.touched) > 1 order by c.i loop
				if rows_of[i] ?| blocked then
					blocked := blocked || array(select jsonb_array_elements_text(rows_of[i]));
				end if;
			end loop;
		end if;
		chosen := array(
			select c.id from unnest(ids) c (id) except
			select c.id from unnest(ids, rows_of) c (id, touched), jsonb_array_elements_text(c.touched) r (name)
				where r.name in (select unnest(blocked))
			order by id limit size
		);
	end if;
	return query execute 'with claimed as (
			update ' || place || ' set vt = clock_timestamp() + make_interval(secs => $1), read_ct = read_ct + 1
			where msg_id = any ($2) and vt <= $3 returning msg_id, read_ct, enqueued_at, vt, message
		) select * from claimed order by msg_id' using visibility, chosen, moment;
end $n8n$;

-- One value and not a set: the row cap of a project cuts what a set gives after it was claimed. And json, as the
-- arrays of jsonb end at 256 MiB.
create or replace function public.n8n_queue_claim(
	queue text, visibility integer default 60, size integer default 10,
	ordered boolean default true, by_row boolean default false
)
	returns json
	language sql ${SAFE} as $n8n$
	select coalesce(json_agg(c order by c.msg_id), '[]') from n8n_durable.claim(queue, visibility, size, ordered, by_row) c
$n8n$;
`.trim();
