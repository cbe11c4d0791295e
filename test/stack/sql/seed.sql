insert into public.planets (id, name, mass, habitable) values
	(1, 'Mercury', 0.055, false), (2, 'Earth', 1, true), (3, 'Mars', 0.107, null);
insert into public.characters (id, name) values (1, 'Harry'), (2, 'Frodo'), (3, 'Katniss');
insert into public.countries (id, name) values
	(1, 'Germany'), (2, 'Indonesia'), (3, 'France'), (4, 'United Kingdom');
insert into public.cities (id, name, country_id) values
	(1, 'Munich', 1), (2, 'Bali', 2), (3, 'Paris', 3), (4, 'London', 4), (5, 'Manchester', 4);
insert into public.orchestral_sections (id, name) values (1, 'strings'), (2, 'woodwinds');
insert into public.instruments (id, name, section_id) values
	(1, 'harp', 1), (2, 'violin', 1), (3, 'flute', 2), (4, 'piano', null);
insert into public.users (id, name, handle, display_name, address) values
	(1, 'Michael', 'michael', 'Michael', '{"postcode": 90210, "city": {"name": "Beverly Hills"}}'),
	(2, 'Jane', 'jane', 'Jane', null),
	(3, 'Kiran', 'kiran', null, '{"postcode": 10115}'),
	(4, 'Evan', null, null, null);
insert into public.teams (id, team_name) values (1, 'Green'), (2, 'Blue');
insert into public.members (user_id, team_id) values (3, 1), (3, 2), (4, 2);
insert into public.messages (id, content, sender_id, receiver_id, created_at) values
	(1, '👋', 3, 4, '2024-01-01T10:00:00Z'), (2, 'Hello', 4, 3, '2024-01-01T10:01:00Z');
insert into public.issues (id, title, tags) values
	(1, 'Cache invalidation is not working', '{is:open,severity:high,priority:low}'),
	(2, 'Use better names', '{is:open,severity:low,priority:medium}'),
	(3, 'Crash on start', '{is:closed,severity:high}');
insert into public.classes (id, name, days) values
	(1, 'Chemistry', '{monday,friday}'), (2, 'History', '{monday,wednesday,thursday}');
insert into public.reservations (id, room_name, during, guests) values
	(1, 'Emerald', '[2000-01-01 13:00, 2000-01-01 15:00)', '[1,5)'),
	(2, 'Topaz', '[2000-01-02 09:00, 2000-01-02 10:00)', '[5,10)');
insert into public.texts (id, content) values
	(1, 'Four score and seven years ago'), (2, 'The road goes ever on and on'), (3, 'Green eggs and ham');
insert into public.notes (user_id, body) values ('00000000-0000-4000-8000-000000000001', 'Somebody else''s note');
insert into public.contacts (id, email, name, age, country_id) values
	(1, 'ada@example.com', 'Ada', 36, 4), (2, 'blaise@example.com', 'Blaise', 39, 3);
insert into public.stock (warehouse, sku, quantity) values ('north', 'bolt', 10), ('north', 'nut', 5), ('south', 'bolt', 7);
insert into public.measurements (id, value, taken_at) values
	(9007199254740993, 1.5, '2024-01-01T00:00:00Z'), (9223372036854775807, -0.25, '2024-01-02T00:00:00Z');
insert into public.documents (id, title, data) values
	('00000000-0000-4000-8000-0000000000d1', 'First', '{"tags": ["a", "b"], "size": 3}');
insert into public.log_lines (level, line) values ('info', 'started'), ('warn', 'slow'), ('info', 'started');
insert into public.numbers (id, parity)
	select n, case when n % 2 = 0 then 'even' else 'odd' end from generate_series(1, 2500) as n;
insert into public."Order Items" ("Item No", "Unit Price", "Größe", "a.b", "say ""hi""") values
	(1, 9.99, 'XL', 'dotted', 'hi'), (2, 19.5, 'S', null, null);
insert into public.secrets (value) values ('hidden');
insert into myschema.mytable (id, value) values (1, 'x');

-- The next key that the database gives out follows those above.
do $$
declare
	identity record;
begin
	for identity in
		select n.nspname, c.relname, a.attname
		from pg_attribute a
		join pg_class c on c.oid = a.attrelid
		join pg_namespace n on n.oid = c.relnamespace
		where a.attidentity <> '' and n.nspname in ('public', 'myschema')
	loop
		execute format(
			'select setval(pg_get_serial_sequence(%L, %L), coalesce(max(%I), 0) + 1, false) from %I.%I',
			format('%I.%I', identity.nspname, identity.relname), identity.attname,
			identity.attname, identity.nspname, identity.relname
		);
	end loop;
end $$;
analyze;
