import { UUID } from '../body';
import type { Db } from '../call';
import { AuthError, invalid, Unexpected } from '../errors';

/** A company's identity provider, with what it says of itself. */
export interface SsoProvider {
	id: string;
	resource_id: string | null;
	disabled: boolean | null;
	created_at: Date;
	updated_at: Date;
	entity_id: string;
	metadata_xml: string;
	metadata_url: string | null;
	attribute_mapping: Record<string, unknown> | null;
	name_id_format: string | null;
	domains: string[];
}

/** What identity providers say of themselves, as far as it is needed. */
export interface Metadata {
	entityId: string;
	/** Where people are sent to sign in. */
	signOnUrl: string | undefined;
}

/**
 * Reads SAML metadata.
 *
 * @throws Unexpected for what is no XML, as the service does; AuthError for what says too little
 */
export function readMetadata(xml: string): Metadata {
	const entityId = /<(?:\w+:)?EntityDescriptor\b[^>]*\bentityID="([^"]+)"/.exec(xml)?.[1];
	if (!xml.trimStart().startsWith('<')) throw new Unexpected();
	if (!entityId) throw invalid('SAML Metadata does not contain an EntityID');
	if (!/<(?:\w+:)?IDPSSODescriptor\b/.test(xml))
		throw invalid('SAML Metadata does not contain any IDPSSODescriptor');
	const services = xml.match(/<(?:\w+:)?SingleSignOnService\b[^>]*>/g) ?? [];
	const redirect = services.find((one) => one.includes('bindings:HTTP-Redirect'));
	return { entityId, signOnUrl: redirect && /\bLocation="([^"]+)"/.exec(redirect)?.[1] };
}

/**
 * What an identity provider publishes at an address.
 *
 * @param known what there is: nothing is asked for
 */
export function metadataAt(url: string, known: Record<string, string>): string {
	if (!URL.canParse(url) || new URL(url).protocol !== 'https:')
		throw invalid('metadata_url is not a HTTPS URL');
	const found = known[url];
	if (found !== undefined) return found;
	throw new AuthError(
		400,
		'saml_metadata_fetch_failed',
		`HTTP 404 error fetching SAML Metadata from URL '${url}'`,
	);
}

/** Providers that a condition holds for, the oldest first. */
export async function findProviders(
	db: Db,
	by: { id?: string; resourceId?: string; resourcePrefix?: string; domain?: string } = {},
): Promise<SsoProvider[]> {
	const { id = null, resourceId = null, resourcePrefix = null, domain = null } = by;
	return await db<SsoProvider[]>`
		select p.*, s.entity_id, s.metadata_xml, s.metadata_url, s.attribute_mapping, s.name_id_format,
			array(select d.domain from auth.sso_domains d where d.sso_provider_id = p.id
				order by d.created_at, d.id) as domains
		from auth.sso_providers p join auth.saml_providers s on s.sso_provider_id = p.id
		where (${id}::uuid is null or p.id = ${id}::uuid)
			and (${resourceId}::text is null or p.resource_id = ${resourceId})
			and (${resourcePrefix}::text is null or starts_with(p.resource_id, ${resourcePrefix}))
			and (${domain}::text is null or exists (select from auth.sso_domains d
				where d.sso_provider_id = p.id and d.domain = ${domain}))
		order by p.created_at, p.id`;
}

/** The provider that a path names: by id, or by its resource id after `resource_`. */
export async function providerNamed(db: Db, name: string): Promise<SsoProvider | undefined> {
	const resourceId = /^resource_(.*)$/.exec(name)?.[1];
	if (resourceId === undefined && !UUID.test(name)) return undefined;
	const found = await findProviders(db, resourceId === undefined ? { id: name } : { resourceId });
	return found[0];
}

/** A mapping of nothing is shown as none. */
function mappingOf(mapping: SsoProvider['attribute_mapping']): Record<string, unknown> {
	return Object.keys(mapping?.keys ?? {}).length === 0 ? {} : (mapping ?? {});
}

/** A provider as it is answered. Lists leave the XML out. */
export function providerJson(provider: SsoProvider, withXml = true): Record<string, unknown> {
	const { entity_id, metadata_xml, metadata_url, attribute_mapping, name_id_format } = provider;
	return {
		id: provider.id,
		...(provider.resource_id ? { resource_id: provider.resource_id } : {}),
		disabled: provider.disabled,
		saml: {
			entity_id,
			...(withXml ? { metadata_xml } : {}),
			...(metadata_url ? { metadata_url } : {}),
			attribute_mapping: mappingOf(attribute_mapping),
			...(name_id_format ? { name_id_format } : {}),
		},
		domains: provider.domains.map((domain) => ({ domain })),
		created_at: provider.created_at,
		updated_at: provider.updated_at,
	};
}
