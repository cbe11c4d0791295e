import type { INodeParameters } from 'n8n-workflow';

import type { NodeRun } from '../case';

/** A run of the Storage node. */
export function storing(
	resource: 'bucket' | 'file',
	operation: string,
	parameters: INodeParameters = {},
	items?: NodeRun['items'],
): NodeRun {
	return {
		node: 'supabaseStorage',
		parameters: { resource, operation, ...parameters },
		...(items && { items }),
	};
}

/** The parameters that name a file. */
export function at(bucket: string, path?: string): INodeParameters {
	return { bucket: named(bucket), ...(path !== undefined && { path: byPath(path) }) };
}

/** A resource locator filled in by hand. */
export function named(value: string): INodeParameters {
	return { __rl: true, mode: 'name', value };
}

/** A resource locator whose path was typed. */
export function byPath(value: string): INodeParameters {
	return { __rl: true, mode: 'path', value };
}
