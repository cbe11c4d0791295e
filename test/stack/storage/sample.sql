-- Buckets of the sample project, and who may do what in them.
insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types) values
	('avatars', 'avatars', true, null, null),
	('private', 'private', false, null, null),
	('limited', 'limited', false, 1000, '{text/*,image/png}'),
	('inbox', 'inbox', false, null, null);

-- A public bucket: anybody reads by its public address; users who signed in see the list and write.
create policy "avatars: list" on storage.objects for select to authenticated
	using (bucket_id = 'avatars');
create policy "avatars: upload" on storage.objects for insert to authenticated
	with check (bucket_id = 'avatars');
create policy "avatars: change own" on storage.objects for update to authenticated
	using (bucket_id = 'avatars' and owner_id = auth.uid()::text);
create policy "avatars: delete own" on storage.objects for delete to authenticated
	using (bucket_id = 'avatars' and owner_id = auth.uid()::text);

-- A private bucket: each user has the folder named by their id.
create policy "private: own folder" on storage.objects to authenticated
	using (bucket_id = 'private' and (storage.foldername(name))[1] = auth.uid()::text)
	with check (bucket_id = 'private' and (storage.foldername(name))[1] = auth.uid()::text);

-- A letter box: anybody puts in, nobody looks.
create policy "inbox: put in" on storage.objects for insert to anon, authenticated
	with check (bucket_id = 'inbox');
