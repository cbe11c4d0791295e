import { randomUUID } from 'node:crypto';

import { bodyType, type Read } from '../body';
import type { Call, Reply } from '../call';
import { AuthError, invalid } from '../errors';
import { ok } from '../session/issue';
import {
	findProviders,
	metadataAt,
	providerJson,
	providerNamed,
	readMetadata,
	type SsoProvider,
} from '../sso/providers';

const BODY = bodyType('CreateSSOProviderParams', {
	type: 'string',
	resource_id: 'string',
	disabled: 'optionalBoolean',
	metadata_url: 'string',
	metadata_xml: 'string',
	domains: 'strings',
	attribute_mapping: 'object',
	name_id_format: 'string',
});

type Params = Read<typeof BODY.shape>;

const NAME_ID_FORMATS = [
	'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
	'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
	'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
	'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
];

export async function createProvider(call: Call): Promise<Reply> {
	const { db, now } = call;
	const params = call.body(BODY);
	if (params.type !== 'saml') throw invalid("Only 'saml' supported for SSO provider type");
	const xml = metadataOf(call, params);
	if (xml === undefined) throw invalid('Either metadata_xml or metadata_url must be set');
	checkFormat(params);
	const { entityId } = readMetadata(xml);
	await requireNewEntity(call, entityId);
	const id = randomUUID();
	const times = { created_at: now, updated_at: now };
	const provider = { id, resource_id: params.resource_id || null, ...disabledOf(params), ...times };
	await db`insert into auth.sso_providers ${db(provider as never)}`;
	const saml = {
		sso_provider_id: id,
		entity_id: entityId,
		metadata_xml: xml,
		metadata_url: params.metadata_url || null,
		attribute_mapping: params.attribute_mapping ?? {},
		name_id_format: params.name_id_format || null,
		...times,
	};
	await db`insert into auth.saml_providers ${db(saml as never)}`;
	await setDomains(
		call,
		id,
		params.domains ?? [],
		(domain, owner) =>
			`SSO Domain '${domain}' is already assigned to an SSO identity provider (${owner})`,
	);
	return { status: 201, body: providerJson(await saved(call, id)) };
}

export async function listProviders({ db, query }: Call): Promise<Reply> {
	const providers = await findProviders(db, {
		resourceId: query.get('resource_id') || undefined,
		resourcePrefix: query.get('resource_id_prefix') || undefined,
	});
	return ok({ items: providers.map((one) => providerJson(one, false)) });
}

export async function getProvider(call: Call): Promise<Reply> {
	return ok(providerJson(await named(call)));
}

export async function updateProvider(call: Call): Promise<Reply> {
	const { db, now } = call;
	const provider = await named(call);
	const params = call.body(BODY);
	const xml = metadataOf(call, params);
	checkFormat(params);
	if (xml !== undefined) requireSameEntity(provider, readMetadata(xml).entityId);
	const saml = {
		...(xml === undefined ? {} : { metadata_xml: xml, metadata_url: params.metadata_url || null }),
		...(params.attribute_mapping ? { attribute_mapping: params.attribute_mapping } : {}),
		...(params.name_id_format || xml !== undefined
			? { name_id_format: params.name_id_format || null }
			: {}),
		updated_at: now,
	};
	await db`update auth.saml_providers set ${db(saml as never)} where sso_provider_id = ${provider.id}`;
	const changes = {
		...(params.resource_id ? { resource_id: params.resource_id } : {}),
		...disabledOf(params),
		updated_at: now,
	};
	await db`update auth.sso_providers set ${db(changes as never)} where id = ${provider.id}`;
	if (params.domains)
		await setDomains(
			call,
			provider.id,
			params.domains,
			(domain, owner) => `SSO domain '${domain}' already assigned to another provider (${owner})`,
		);
	return ok(providerJson(await saved(call, provider.id)));
}

export async function deleteProvider(call: Call): Promise<Reply> {
	const provider = await named(call);
	await call.db`delete from auth.sso_providers where id = ${provider.id}`;
	return ok(providerJson(provider));
}

function metadataOf(
	{ settings }: Call,
	{ metadata_xml: xml, metadata_url: url }: Params,
): string | undefined {
	if (xml !== '' && url !== '')
		throw invalid('Only one of metadata_xml or metadata_url needs to be set');
	if (xml !== '') return xml;
	return url === '' ? undefined : metadataAt(url, settings.samlMetadata);
}

function checkFormat({ name_id_format: format }: Params): void {
	if (format !== '' && !NAME_ID_FORMATS.includes(format))
		throw invalid(`name_id_format must be unspecified or one of ${NAME_ID_FORMATS.join(', ')}`);
}

function disabledOf({ disabled }: Params): { disabled?: boolean } {
	return disabled === undefined ? {} : { disabled };
}

async function requireNewEntity({ db }: Call, entityId: string): Promise<void> {
	const [taken] = await db`select from auth.saml_providers where entity_id = ${entityId}`;
	if (taken)
		throw new AuthError(
			422,
			'saml_idp_already_exists',
			`SAML Identity Provider with this EntityID (${entityId}) already exists`,
		);
}

function requireSameEntity({ entity_id: expected }: SsoProvider, entityId: string): void {
	if (entityId !== expected)
		throw new AuthError(
			400,
			'saml_entity_id_mismatch',
			`SAML Metadata can be updated only if the EntityID matches for the provider; expected '${expected}' but got '${entityId}'`,
		);
}

async function setDomains(
	{ db, now }: Call,
	id: string,
	domains: string[],
	taken: (domain: string, owner: string) => string,
): Promise<void> {
	for (const domain of domains) {
		const [owner] = await findProviders(db, { domain });
		if (owner && owner.id !== id)
			throw new AuthError(400, 'sso_domain_already_exists', taken(domain, owner.id));
	}
	await db`delete from auth.sso_domains where sso_provider_id = ${id}`;
	for (const [index, domain] of domains.entries()) {
		const time = new Date(now.getTime() + index);
		await db`insert into auth.sso_domains (sso_provider_id, domain, created_at, updated_at)
			values (${id}, ${domain}, ${time}, ${time})`;
	}
}

async function saved({ db }: Call, id: string): Promise<SsoProvider> {
	const [provider] = await findProviders(db, { id });
	return provider as SsoProvider;
}

async function named(call: Call): Promise<SsoProvider> {
	const provider = await providerNamed(call.db, call.param('provider'));
	if (!provider)
		throw new AuthError(404, 'sso_provider_not_found', 'SSO Identity Provider not found');
	return provider;
}
