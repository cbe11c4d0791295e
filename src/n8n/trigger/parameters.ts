import type { INodeProperties, ITriggerFunctions } from 'n8n-workflow';

import { fieldOf, fieldsOf, type Field, type Fields } from '../field';

/** A trigger's parameters, each checked as it is read. */
export interface TriggerParameters {
	field(name: string): Field;
	/** A member of Options. */
	readonly option: Fields;
}

/**
 * Reads a trigger's parameters, which are the same for all it ever does.
 *
 * @param node what n8n calls `trigger` with
 * @param properties of the node, for their labels in error messages
 */
export function triggerParameters(
	node: Pick<ITriggerFunctions, 'getNodeParameter'>,
	properties: readonly INodeProperties[],
): TriggerParameters {
	const propertyOf = (name: string) => properties.find((each) => each.name === name);
	const members = (propertyOf('options')?.options ?? []) as INodeProperties[];
	const read = (name: string) => node.getNodeParameter(name, null) ?? undefined;
	const isRaw = (name: string) =>
		(node.getNodeParameter(name, null, { rawExpressions: true }) ?? undefined) !== undefined;

	/** An option is there also when its expression gives nothing. */
	function isOption(name: string): boolean {
		const raw = node.getNodeParameter('options', null, { rawExpressions: true });
		return typeof raw === 'object' && raw !== null && Object.hasOwn(raw, name);
	}

	return {
		field(name) {
			const property = propertyOf(name);
			const label = property?.displayName ?? name;
			return fieldOf(read(name), { label, given: isRaw(name), property });
		},
		option: fieldsOf(read('options'), members, isOption),
	};
}
