-- The storage schema as every Supabase project has it, with what this server needs of it. Safe to
-- run again.
create schema if not exists storage;
grant usage on schema storage to anon, authenticated, service_role;

create table if not exists storage.buckets (
	id text primary key,
	name text not null unique check (length(name) <= 100),
	owner uuid,
	owner_id text,
	public boolean default false,
	avif_autodetection boolean default false,
	file_size_limit bigint,
	allowed_mime_types text[],
	type text not null default 'STANDARD',
	created_at timestamptz default now(),
	updated_at timestamptz default now()
);

create table if not exists storage.objects (
	id uuid primary key default gen_random_uuid(),
	bucket_id text references storage.buckets (id),
	name text,
	owner uuid,
	owner_id text,
	version text,
	metadata jsonb,
	user_metadata jsonb,
	path_tokens text[] generated always as (string_to_array(name, '/')) stored,
	created_at timestamptz default now(),
	updated_at timestamptz default now(),
	last_accessed_at timestamptz default now()
);
create unique index if not exists bucketid_objname on storage.objects (bucket_id, name);
create index if not exists idx_objects_bucket_id_name on storage.objects (bucket_id, name collate "C");

alter table storage.buckets enable row level security;
alter table storage.objects enable row level security;
grant all on storage.buckets, storage.objects to anon, authenticated, service_role;

create or replace function storage.update_updated_at_column() returns trigger language plpgsql as $$
begin
	new.updated_at = now();
	return new;
end $$;
create or replace trigger update_objects_updated_at before update on storage.objects
	for each row execute function storage.update_updated_at_column();

-- For policies: the folders of a key, its last part, and what follows the last dot

create or replace function storage.foldername(name text) returns text[] language sql immutable as $$
	select p[1 : array_length(p, 1) - 1] from (select string_to_array(name, '/') as p);
$$;

create or replace function storage.filename(name text) returns text language sql immutable as $$
	select p[array_length(p, 1)] from (select string_to_array(name, '/') as p);
$$;

create or replace function storage.extension(name text) returns text language sql immutable as $$
	select reverse(split_part(reverse(storage.filename(name)), '.', 1));
$$;

create or replace function storage.operation() returns text language sql stable as $$
	select current_setting('storage.operation', true);
$$;
