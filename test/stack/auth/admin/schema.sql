-- What admins register with auth: clients of its OAuth server, identity providers of companies, and
-- providers of their own. Safe to run again.
create table if not exists auth.oauth_clients (
	id uuid primary key default gen_random_uuid(),
	client_secret_hash text,
	registration_type text not null check (registration_type in ('dynamic', 'manual')),
	redirect_uris text not null,
	grant_types text not null,
	client_name text,
	client_uri text,
	logo_uri text,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	deleted_at timestamptz,
	client_type text not null default 'confidential' check (client_type in ('public', 'confidential')),
	token_endpoint_auth_method text not null
);

create table if not exists auth.oauth_authorizations (
	id uuid primary key default gen_random_uuid(),
	authorization_id text not null unique,
	client_id uuid not null references auth.oauth_clients on delete cascade,
	user_id uuid references auth.users on delete cascade,
	redirect_uri text not null,
	scope text not null,
	state text,
	code_challenge text,
	code_challenge_method text,
	status text not null default 'pending' check (status in ('pending', 'approved', 'denied', 'expired')),
	authorization_code text unique,
	created_at timestamptz not null default now(),
	approved_at timestamptz
);

create table if not exists auth.oauth_consents (
	id uuid primary key default gen_random_uuid(),
	user_id uuid not null references auth.users on delete cascade,
	client_id uuid not null references auth.oauth_clients on delete cascade,
	scopes text not null,
	granted_at timestamptz not null default now(),
	revoked_at timestamptz,
	unique (user_id, client_id)
);

create table if not exists auth.sso_providers (
	id uuid primary key default gen_random_uuid(),
	resource_id text unique,
	created_at timestamptz,
	updated_at timestamptz,
	disabled boolean
);

create table if not exists auth.sso_domains (
	id uuid primary key default gen_random_uuid(),
	sso_provider_id uuid not null references auth.sso_providers on delete cascade,
	domain text not null,
	created_at timestamptz,
	updated_at timestamptz
);
create unique index if not exists sso_domains_domain_idx on auth.sso_domains (lower(domain));

create table if not exists auth.saml_providers (
	id uuid primary key default gen_random_uuid(),
	sso_provider_id uuid not null references auth.sso_providers on delete cascade,
	entity_id text not null unique,
	metadata_xml text not null,
	metadata_url text,
	attribute_mapping jsonb,
	created_at timestamptz,
	updated_at timestamptz,
	name_id_format text
);

create table if not exists auth.custom_oauth_providers (
	id uuid primary key default gen_random_uuid(),
	provider_type text not null,
	identifier text not null unique,
	name text not null,
	client_id text not null,
	client_secret text not null,
	acceptable_client_ids text[] not null default '{}',
	scopes text[] not null default '{}',
	pkce_enabled boolean not null default true,
	attribute_mapping jsonb not null default '{}',
	custom_claims_allowlist text[] not null default '{}',
	authorization_params jsonb not null default '{}',
	enabled boolean not null default true,
	email_optional boolean not null default false,
	skip_nonce_check boolean not null default false,
	issuer text,
	discovery_url text,
	authorization_url text,
	token_url text,
	userinfo_url text,
	jwks_uri text,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now()
);

create table if not exists auth.webauthn_credentials (
	id uuid primary key default gen_random_uuid(),
	user_id uuid not null references auth.users on delete cascade,
	credential_id bytea not null unique,
	public_key bytea not null,
	attestation_type text not null default '',
	aaguid uuid,
	sign_count bigint not null default 0,
	transports jsonb not null default '[]',
	backup_eligible boolean not null default false,
	backed_up boolean not null default false,
	friendly_name text not null default '',
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	last_used_at timestamptz
);
create index if not exists webauthn_credentials_user_id_idx on auth.webauthn_credentials (user_id);
