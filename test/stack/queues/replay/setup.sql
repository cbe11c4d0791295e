-- The queues of the recordings: one with nothing granted; one whose tables are granted to authenticated with a
-- policy; one with grants, row level security and no policy.
select pgmq.create('plain'), pgmq.create('rls_on'), pgmq.create('granted');
select pgmq.create('MixedCase'), pgmq.create('odd name-1'), pgmq.create_unlogged('unlogged_q');

grant select, insert, update, delete on pgmq.q_granted, pgmq.a_granted, pgmq.q_rls_on, pgmq.a_rls_on to authenticated;
alter table pgmq.q_rls_on enable row level security;
alter table pgmq.a_rls_on enable row level security;
alter table pgmq.q_granted enable row level security;
alter table pgmq.a_granted enable row level security;
create policy anything on pgmq.q_granted to authenticated using (true) with check (true);
create policy anything on pgmq.a_granted to authenticated using (true) with check (true);

-- Of the queue of the trigger four messages are worked off already, and one of its dead letters.
create table public.item (id int primary key);
select pgmq.create('t1'), pgmq.create('t1_dead');
select pgmq.send_batch('t1', '{1,2,3,4}'::jsonb[], 0), pgmq.send('t1_dead', '1'::jsonb, 0);
select pgmq.delete('t1', '{1,2,3,4}'::bigint[]), pgmq.delete('t1_dead', '{1}'::bigint[]);
