import { OURS_IN_PUBLIC } from './base';
import { claimSql } from './claim';
import { SAFE } from './settings';

/** A statement for each function of ours in `public`. */
export function eachPublicFunction(...statements: string[]): string {
	return `
do $n8n$
declare
	ours regprocedure;
begin
	for ours in
		${OURS_IN_PUBLIC}
	loop
${statements.map((statement) => `\t\texecute ${statement};`).join('\n')}
	end loop;
end $n8n$;
`.trim();
}

/** What requests call; the claim has a file of its own. */
export const wrappersSql = `
${claimSql}

-- An element of the array is a message, whatever it is: an array, or null.
create or replace function public.n8n_queue_send(queue text, messages jsonb, delay integer default 0) returns setof bigint
	language plpgsql ${SAFE} as $n8n$
declare
	item jsonb;
begin
	if queue is null or delay is null or jsonb_typeof(messages) is distinct from 'array' then
		raise exception 'queue and delay must not be null, messages must be a JSON array' using errcode = '22023';
	end if;
	for item in select e from jsonb_array_elements(messages) with ordinality m (e, i) order by i loop
		return query select pgmq.send(queue, item, delay);
	end loop;
	if jsonb_array_length(messages) > 0 then
		perform n8n_durable.ring(queue);
	end if;
end $n8n$;

create or replace function n8n_durable.check_ids(queue text, msg_ids bigint[], read_cts integer[]) returns void
	language plpgsql immutable set search_path = pg_catalog, pg_temp as $n8n$
begin
	if queue is null or msg_ids is null or array_position(msg_ids, null) is not null then
		raise exception 'queue and msg_ids must not be null, nor hold null' using errcode = '22023';
	end if;
	if read_cts is not null and (cardinality(read_cts) <> cardinality(msg_ids) or array_position(read_cts, null) is not null) then
		raise exception 'read_cts must hold as many numbers as msg_ids, or be null' using errcode = '22023';
	end if;
end $n8n$;

-- Done with: deleted, or kept in the archive.
create or replace function public.n8n_queue_ack(queue text, msg_ids bigint[], keep boolean default false) returns setof bigint
	language plpgsql ${SAFE} as $n8n$
begin
	perform n8n_durable.check_ids(queue, msg_ids, null);
	if keep is null then
		raise exception 'keep must not be null' using errcode = '22023';
	end if;
	perform pg_advisory_xact_lock_shared(n8n_durable.lock_key(queue));
	if keep then
		return query select pgmq.archive(queue, msg_ids);
	else
		return query select pgmq.delete(queue, msg_ids);
	end if;
end $n8n$;

-- The ids that are still the caller's: nobody has claimed them since, where read_cts are given.
create or replace function n8n_durable.fenced(queue text, msg_ids bigint[], read_cts integer[]) returns setof bigint
	language plpgsql set search_path = pg_catalog, pg_temp as $n8n$
begin
	perform n8n_durable.check_ids(queue, msg_ids, read_cts);
	perform pg_advisory_xact_lock_shared(n8n_durable.lock_key(queue));
	return query execute 'select q.msg_id from ' || n8n_durable.queue_table(queue, 'q') || ' q
		where q.msg_id = any ($1) and ($2 is null or (q.msg_id, q.read_ct) in (select * from unnest($1, $2)))
		order by q.msg_id for update' using msg_ids, read_cts;
end $n8n$;

-- Heartbeat (delay: the visibility) and release (delay: how long until it is claimed again).
create or replace function public.n8n_queue_set_vt(queue text, msg_ids bigint[], delay integer, read_cts integer[] default null) returns setof bigint
	language plpgsql ${SAFE} as $n8n$
declare
	id bigint;
begin
	if delay is null then
		raise exception 'delay must not be null' using errcode = '22023';
	end if;
	for id in select f from n8n_durable.fenced(queue, msg_ids, read_cts) f loop
		perform pgmq.set_vt(queue, id, delay);
		return next id;
	end loop;
end $n8n$;

-- To <queue>_dead with the reason, and away from the queue, in one transaction.
create or replace function public.n8n_queue_park(queue text, msg_ids bigint[], reason text default null, read_cts integer[] default null) returns setof bigint
	language plpgsql ${SAFE} as $n8n$
declare
	ids bigint[] := array(select f from n8n_durable.fenced(queue, msg_ids, read_cts) f);
	parked record;
begin
	if cardinality(ids) > 0 then
		perform n8n_durable.make_queue(queue || '_dead', false);
	end if;
	for parked in execute 'select msg_id, read_ct, enqueued_at, message from ' || n8n_durable.queue_table(queue, 'q') || '
		where msg_id = any ($1) order by msg_id' using ids loop
		perform pgmq.send(queue || '_dead', jsonb_build_object('queue', queue, 'msg_id', parked.msg_id, 'read_ct', parked.read_ct,
			'enqueued_at', parked.enqueued_at, 'reason', reason, 'message', parked.message), 0);
		perform pgmq.delete(queue, parked.msg_id);
		return next parked.msg_id;
	end loop;
end $n8n$;

create or replace function public.n8n_queue_create(queue text, unlogged boolean default false) returns boolean
	language plpgsql ${SAFE} as $n8n$
begin
	if unlogged is null then
		raise exception 'unlogged must not be null' using errcode = '22023';
	end if;
	if queue is null or queue !~ '^[a-z][a-z0-9_]{0,41}$' then
		raise exception 'queue name must be 1 to 42 of a-z, 0-9, _' using errcode = '22023';
	end if;
	return n8n_durable.make_queue(queue, unlogged);
end $n8n$;

create or replace function public.n8n_queue_list()
	returns table (queue_name text, is_partitioned boolean, is_unlogged boolean, created_at timestamptz)
	language sql stable ${SAFE} as $n8n$
	select l.queue_name::text, l.is_partitioned, l.is_unlogged, l.created_at from pgmq.list_queues() l order by 1
$n8n$;

create or replace function public.n8n_queue_metrics(queue text default null) returns setof jsonb
	language plpgsql ${SAFE} as $n8n$
begin
	if queue is null then
		return query select to_jsonb(m) from pgmq.metrics_all() m;
	else
		return query select to_jsonb(m) from pgmq.metrics(queue) m;
	end if;
end $n8n$;

create or replace function public.n8n_queue_purge(queue text) returns bigint
	language plpgsql ${SAFE} as $n8n$
begin
	if queue is null then
		raise exception 'queue must not be null' using errcode = '22023';
	end if;
	return pgmq.purge_queue(queue);
end $n8n$;
`.trim();

/** The service role alone may call them; Supabase grants new functions to all roles by name. */
export const grantsSql = eachPublicFunction(
	"'revoke all on function ' || ours || ' from public, anon, authenticated'",
	"'grant execute on function ' || ours || ' to service_role'",
);
