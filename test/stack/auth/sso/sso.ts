import { generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';

import { bodyType, type Read } from '../body';
import type { Call, Reply } from '../call';
import { AuthError, invalid } from '../errors';
import { checkChallenge, startFlow } from '../session/flows';
import { ok } from '../session/issue';
import { findProviders, readMetadata, type SsoProvider } from './providers';

const BODY = bodyType('SingleSignOnParams', {
	provider_id: 'uuid',
	domain: 'string',
	redirect_to: 'string',
	skip_http_redirect: 'optionalBoolean',
	code_challenge: 'string',
	code_challenge_method: 'string',
});

type Params = Read<typeof BODY.shape>;

const NIL = '00000000-0000-0000-0000-000000000000';

/** Where a company's people sign in: the address of its identity provider, with a signed request. */
export async function postSso(call: Call): Promise<Reply> {
	if (!call.settings.saml)
		throw new AuthError(404, 'saml_provider_disabled', 'SAML 2.0 is disabled');
	const params = call.body(BODY);
	const hasProvider = params.provider_id !== NIL;
	if (hasProvider && params.domain !== '')
		throw invalid('Only one of provider_id or domain supported');
	if (!hasProvider && params.domain === '')
		throw invalid('A provider_id or domain needs to be provided');
	checkChallenge(params);
	const provider = await providerOf(call, params, hasProvider);
	const url = await signOnUrl(call, provider, params);
	return params.skip_http_redirect ? ok({ url }) : { status: 303, location: url };
}

async function providerOf(call: Call, params: Params, byId: boolean): Promise<SsoProvider> {
	const by = byId ? { id: params.provider_id } : { domain: params.domain };
	const [provider] = await findProviders(call.db, by);
	if (!provider)
		throw new AuthError(
			404,
			'sso_provider_not_found',
			byId ? 'No such SSO provider' : 'No SSO provider assigned for this domain',
		);
	if (provider.disabled)
		throw new AuthError(404, 'sso_provider_disabled', 'SSO Provider is currently disabled');
	return provider;
}

async function signOnUrl(call: Call, provider: SsoProvider, params: Params): Promise<string> {
	const { signOnUrl: target = provider.entity_id } = readMetadata(provider.metadata_xml);
	const relayState = randomUUID();
	if (params.code_challenge !== '')
		await startFlow(call, params, 'sso/saml', {
			provider_type: `sso:${provider.id}`,
			referrer: params.redirect_to || null,
		});
	const signed = [
		`SAMLRequest=${encodeURIComponent(requestOf(call, provider, target))}`,
		`RelayState=${relayState}`,
		`SigAlg=${encodeURIComponent('http://www.w3.org/2000/09/xmldsig#rsa-sha1')}`,
	].join('&');
	const signature = sign('sha1', Buffer.from(signed), signingKey()).toString('base64');
	return `${target}?${signed}&Signature=${encodeURIComponent(signature)}`;
}

function requestOf(call: Call, provider: SsoProvider, target: string): string {
	const { externalUrl } = call.service;
	const xml =
		`<samlp:AuthnRequest xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="id-${randomUUID().replaceAll('-', '')}" Version="2.0" IssueInstant="${call.now.toISOString()}" Destination="${target}" AssertionConsumerServiceURL="${externalUrl}/sso/saml/acs" ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST">` +
		`<saml:Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity">${externalUrl}/sso/saml/metadata</saml:Issuer>` +
		`<samlp:NameIDPolicy Format="${provider.name_id_format ?? 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'}" AllowCreate="true"/>` +
		'</samlp:AuthnRequest>';
	return deflateRawSync(xml).toString('base64');
}

let key: KeyObject | undefined;

/** Made when it is asked for first: it takes a while. */
function signingKey(): KeyObject {
	key ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
	return key;
}

/** What identity providers have to know of this project. */
export function getSamlMetadata({ service }: Call): Reply {
	const { externalUrl } = service;
	return {
		headers: { 'cache-control': 'public, max-age=600' },
		xml:
			`<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${externalUrl}/sso/saml/metadata">` +
			'<SPSSODescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol" WantAssertionsSigned="true">' +
			`<AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${externalUrl}/sso/saml/acs" index="1"/>` +
			'</SPSSODescriptor></EntityDescriptor>',
	};
}
