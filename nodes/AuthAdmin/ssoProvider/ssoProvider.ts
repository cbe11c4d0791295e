import { ssoProviders } from '../../../src/api/auth/admin/collections';
import { uuid } from '../../../src/api/auth/ids';
import { InvalidRequestError } from '../../../src/api/errors';
import { createOf, deleteOf, getAllOf, getOf, updateOf, type Kept } from '../kept';
import { locator } from '../locators';
import { choice, flag, json, names, text, type Setting } from '../settings';

const ssoProvider = locator('ssoProvider', 'SSO Provider', 'searchSsoProviders', {
	displayName: 'By ID',
	placeholder: 'e.g. 8f14e45f-ceea-467f-a9b1-0c2f5d1f7a11',
});

const metadataUrl = text('metadata_url', {
	displayName: 'Metadata URL',
	name: 'metadataUrl',
	placeholder: 'https://idp.example.com/metadata',
	description: "Where the company's SAML 2.0 metadata is read from, by https",
});

const metadataXml = text('metadata_xml', {
	displayName: 'Metadata XML',
	name: 'metadataXml',
	description: 'The same as text, where it has no URL',
});

/** Decides what is shown, and is not sent. */
const metadataFrom: Setting = {
	...choice('', { displayName: 'Metadata From', name: 'metadataFrom' }, [
		[
			'URL',
			'url',
			"The address of the company's SAML 2.0 metadata, which Auth reads again at times",
		],
		['XML', 'xml', 'The metadata as text'],
	]),
	read: () => undefined,
};

function only(value: string, setting: Setting): Setting {
	const displayOptions = { show: { metadataFrom: [value] } };
	return { ...setting, property: { ...setting.property, displayOptions } };
}

const domains = names('domains', {
	displayName: 'Domains',
	name: 'domains',
	placeholder: 'example.com, example.org',
	description:
		"The domains of the company's e-mail addresses, with commas between. In an update they replace those there are.",
});

const attributeMapping = json('attribute_mapping', {
	displayName: 'Attribute Mapping',
	name: 'attributeMapping',
	placeholder: '{"keys": {"email": {"name": "mail"}}}',
	description: 'Which attribute of the company becomes which of the user',
});

const SAML_1 = 'urn:oasis:names:tc:SAML:1.1:nameid-format';
const SAML_2 = 'urn:oasis:names:tc:SAML:2.0:nameid-format';

const nameIdFormat = choice(
	'name_id_format',
	{ displayName: 'Name ID Format', name: 'nameIdFormat' },
	[
		['E-Mail Address', `${SAML_1}:emailAddress`],
		['Persistent', `${SAML_2}:persistent`],
		['Transient', `${SAML_2}:transient`],
		['Unspecified', `${SAML_1}:unspecified`],
	],
);

const resourceId = text('resource_id', {
	displayName: 'Resource ID',
	name: 'resourceId',
	placeholder: 'e.g. acme-sso',
	description: 'A name of your own for it',
});

const disabled = flag('disabled', {
	displayName: 'Disabled',
	name: 'disabled',
	description: 'Whether nobody can sign in with it',
});

const resourceIdPrefix = text('resource_id_prefix', {
	displayName: 'Resource ID Begins With',
	name: 'resourceIdPrefix',
});

const settings = [domains, attributeMapping, nameIdFormat, resourceId, disabled];

const kind: Kept = {
	noun: 'SSO provider',
	article: 'an',
	requests: ssoProviders,
	locator: ssoProvider,
	idOf: (id) => uuid(id, 'SSO Provider', 'Get Many lists it as id.'),
	listKey: 'items',
	idKey: 'id',
	always: { type: 'saml' },
	required: [metadataFrom, only('url', metadataUrl), only('xml', metadataXml)],
	additional: settings,
	changeable: [...settings, metadataUrl, metadataXml],
	check({ metadata_url: url, metadata_xml: xml }) {
		if (Boolean(url) !== Boolean(xml)) return;
		throw new InvalidRequestError(
			'An SSO provider is made of its metadata: a URL or an XML text, not both',
			'Choose Metadata From, and fill the one of both in.',
		);
	},
};

export const createSsoProvider = createOf(kind, 'Let a company sign its people in by SAML 2.0');
export const deleteSsoProvider = deleteOf(kind);
export const getSsoProvider = getOf(kind);
export const getSsoProviders = getAllOf(kind, [resourceId, resourceIdPrefix]);
export const updateSsoProvider = updateOf(kind);
