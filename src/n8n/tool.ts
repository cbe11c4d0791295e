import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';

import type { Resource } from './operation';

/** Among the Options: what keeps a node to certain names. */
const ALLOW_LISTS = ['allowedTables', 'allowedFunctions', 'allowedQueues'];

const WARNING: INodeProperties = {
	displayName:
		'What an AI agent asks for is done with these rights. <b>As Service Role no policy keeps anything from it</b>: choose Anonymous or User where policies are to hold.',
	name: 'toolRightsNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { runAs: ['serviceRole'] } },
};

const ADMIN_WARNING: INodeProperties = {
	displayName:
		'<b>No policy keeps anything from an AI agent here</b>, since the secret key may do everything. Fill in yourself whom or what it is about, where you can.',
	name: 'toolRightsNotice',
	type: 'notice',
	default: '',
};

/**
 * A node as the tool of an AI agent: its description names what it works on, it begins with the
 * fewest rights and without tokens in what it answers, and the lists of what it may use stand open,
 * to be filled in or to be removed.
 *
 * @param properties of the node
 * @param targets the parameters that may say on what
 * @returns what `usableAsTool` takes
 */
export function asTool(
	resources: readonly Resource[],
	properties: readonly INodeProperties[],
	...targets: string[]
): INodeTypeDescription['usableAsTool'] {
	const replaced = properties.flatMap((property) => {
		if (property.name === 'runAs') return [{ ...property, default: 'anonymous' }, WARNING];
		if (property.name === 'includeTokens') return [{ ...property, default: false }];
		return property.name === 'options' ? [withOpenLists(property)] : [property];
	});
	const isAdmin = resources.some(({ operations }) =>
		operations.some(({ role }) => role === 'service_role'),
	);
	const first = [descriptionOf(resources, targets), ...(isAdmin ? [ADMIN_WARNING] : [])];
	// n8n lays every replacement over the description, though its type names a part of them.
	return {
		replacements: { properties: [...first, ...replaced] } as object,
	};
}

function withOpenLists(property: INodeProperties): INodeProperties {
	const lists = (property.options ?? []).filter(({ name }) => ALLOW_LISTS.includes(name));
	return { ...property, default: Object.fromEntries(lists.map(({ name }) => [name, ''])) };
}

/** As an expression: what the operation does, and the target where it is not the model that fills it in. */
function descriptionOf(
	resources: readonly Resource[],
	targets: readonly string[],
): INodeProperties {
	const does = Object.fromEntries(
		resources.flatMap(({ value, operations }) =>
			operations.map((operation) => [`${value}.${operation.value}`, operation.description]),
		),
	);
	const names = targets.map(
		(target) =>
			`(/^[^=]/.test($rawParameter["${target}"] || "") ? " ${target}: " + $rawParameter["${target}"] + "." : "")`,
	);
	return {
		displayName: 'Description',
		name: 'toolDescription',
		type: 'string',
		default: `={{ (${JSON.stringify(does)})[$rawParameter["resource"] + "." + $rawParameter["operation"]] + "." + ${names.join(' + ')} }}`,
		required: true,
		typeOptions: { rows: 2 },
		description: 'What the tool does, for the model that decides when to call it',
	};
}
