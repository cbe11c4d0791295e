import type { INodeProperties } from 'n8n-workflow';

/** What one chooses from a list, or names by its ID. */
export function locator(
	name: string,
	displayName: string,
	searchListMethod: string,
	byId: { readonly displayName: string; readonly placeholder: string },
): INodeProperties {
	return {
		displayName,
		name,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		description: `The ${displayName} it is about`,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod, searchable: true },
			},
			{ ...byId, name: 'id', type: 'string' },
		],
	};
}
