import './environment';
import 'reflect-metadata';

import { PackageDirectoryLoader } from 'n8n-core';
import {
	NodeHelpers,
	type ICredentialType,
	type INodeType,
	type INodeTypes,
	type IVersionedNodeType,
} from 'n8n-workflow';

import { helperNodes } from './nodes';

/** What n8n knows after it has loaded its packs. */
export interface LoadedPacks {
	readonly nodeTypes: INodeTypes;
	/** @throws Error when no pack has a credential of this name */
	readonly credentialType: (name: string) => ICredentialType;
}

/**
 * Loads packs as n8n does: what their package.json lists under `n8n`.
 *
 * @param folders each with a package.json; the files it lists must have been built
 * @param extraNodes further node types by full name, such as one that a single test needs
 */
export async function loadPacks(
	folders: readonly string[],
	extraNodes: Readonly<Record<string, INodeType>> = {},
): Promise<LoadedPacks> {
	const nodes: Record<string, INodeType | IVersionedNodeType> = { ...helperNodes, ...extraNodes };
	const credentials: Record<string, ICredentialType> = {};
	for (const folder of folders) {
		const loader = new PackageDirectoryLoader(folder);
		try {
			await loader.loadAll();
		} catch (error) {
			throw new Error(`Could not load the pack; was it built? ${String(error)}`, { cause: error });
		}
		for (const [name, { type }] of Object.entries(loader.nodeTypes)) {
			nodes[`${loader.packageName}.${name}`] = type;
		}
		for (const [name, { type }] of Object.entries(loader.credentialTypes)) {
			credentials[name] = type;
		}
	}

	function named<T>(what: string, types: Record<string, T>, name: string): T {
		const type = types[name];
		if (type === undefined) {
			throw new Error(`No ${what} "${name}"; there are: ${Object.keys(types).join(', ')}`);
		}
		return type;
	}

	return {
		nodeTypes: {
			getByName: (name) => named('node type', nodes, name),
			getByNameAndVersion: (name, version) =>
				NodeHelpers.getVersionedNodeType(named('node type', nodes, name), version),
			getKnownTypes: () => ({}),
		},
		credentialType: (name) => named('credential', credentials, name),
	};
}
