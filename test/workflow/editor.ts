import { CredentialTestContext, LoadOptionsContext } from 'n8n-core';
import {
	Workflow,
	type INodeCredentialTestResult,
	type INodeListSearchResult,
	type INodeParameters,
	type INodePropertyOptions,
	type ResourceMapperFields,
} from 'n8n-workflow';

import { additionalData } from './additional-data';
import { TestCredentials, type PlainCredentials } from './credentials';
import type { LoadedPacks } from './packs';

/** A node open in the editor: its type, what is filled in so far, and its credentials. */
export interface OpenNode {
	readonly type: string;
	readonly typeVersion?: number;
	readonly parameters?: INodeParameters;
	readonly credentials?: PlainCredentials;
	/** Where the asking field stands; only fields inside a collection need it. */
	readonly path?: string;
}

/** Fills a dropdown, as n8n's editor does. @throws what the node's method throws */
export async function loadOptions(
	packs: LoadedPacks,
	method: string,
	node: OpenNode,
): Promise<INodePropertyOptions[]> {
	const load = typeOf(packs, node).methods?.loadOptions?.[method];
	if (!load) throw missing('loadOptions', method, node);
	return await load.call(contextOf(packs, node));
}

/** Fills the list of a resource locator. @throws what the node's method throws */
export async function listSearch(
	packs: LoadedPacks,
	method: string,
	node: OpenNode,
	{ filter, paginationToken }: { filter?: string; paginationToken?: string } = {},
): Promise<INodeListSearchResult> {
	const search = typeOf(packs, node).methods?.listSearch?.[method];
	if (!search) throw missing('listSearch', method, node);
	return await search.call(contextOf(packs, node), filter, paginationToken);
}

/** Asks for the columns of a resource mapper. @throws what the node's method throws */
export async function resourceMapping(
	packs: LoadedPacks,
	method: string,
	node: OpenNode,
): Promise<ResourceMapperFields> {
	const fields = typeOf(packs, node).methods?.resourceMapping?.[method];
	if (!fields) throw missing('resourceMapping', method, node);
	return await fields.call(contextOf(packs, node));
}

/**
 * Tests a credential as n8n does when it is saved: by the function that the node names in
 * `testedBy`.
 *
 * @throws Error when the credential declares a `test` of its own, which n8n would prefer
 */
export async function testCredential(
	packs: LoadedPacks,
	credentialType: string,
	{ type, typeVersion, credentials = {} }: OpenNode,
): Promise<INodeCredentialTestResult> {
	if (packs.credentialType(credentialType).test) {
		throw new Error(`"${credentialType}" declares a test, which n8n runs instead of testedBy`);
	}
	const nodeType = packs.nodeTypes.getByNameAndVersion(type, typeVersion);
	const testedBy = nodeType.description.credentials?.find(
		({ name }) => name === credentialType,
	)?.testedBy;
	const test =
		typeof testedBy === 'string' ? nodeType.methods?.credentialTest?.[testedBy] : undefined;
	if (!test) throw new Error(`"${type}" names no function that tests "${credentialType}"`);

	const helper = new TestCredentials(packs, credentials);
	return await test.call(new CredentialTestContext(additionalData(helper)), {
		id: 'credential',
		name: credentialType,
		type: credentialType,
		data: helper.withDefaults(credentialType),
	});
}

function typeOf(packs: LoadedPacks, { type, typeVersion }: OpenNode) {
	return packs.nodeTypes.getByNameAndVersion(type, typeVersion);
}

function contextOf(packs: LoadedPacks, node: OpenNode): LoadOptionsContext {
	const { type, typeVersion, parameters = {}, credentials = {}, path = '' } = node;
	const drawn = {
		id: 'node',
		name: 'Temp-Node',
		type,
		typeVersion: typeVersion ?? [typeOf(packs, node).description.version].flat().at(-1) ?? 1,
		position: [0, 0] as [number, number],
		parameters,
		credentials: Object.fromEntries(
			Object.keys(credentials).map((name) => [name, { id: name, name }]),
		),
	};
	const workflow = new Workflow({
		nodes: [drawn],
		connections: {},
		active: false,
		nodeTypes: packs.nodeTypes,
	});
	// The workflow's own copy has the defaults filled in; the editor sends what is on the screen.
	const shown = workflow.getNode('Temp-Node');
	if (!shown) throw new Error('n8n lost the node');
	return new LoadOptionsContext(
		workflow,
		shown,
		additionalData(new TestCredentials(packs, credentials), {
			currentNodeParameters: shown.parameters,
		}),
		path,
	);
}

function missing(kind: string, method: string, { type }: OpenNode): Error {
	return new Error(`"${type}" has no ${kind} method "${method}"`);
}
