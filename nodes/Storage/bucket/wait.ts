import type { INodeProperties } from 'n8n-workflow';

import { InvalidRequestError } from '../../../src/api/errors';
import type { ItemParameters } from '../../../src/n8n/parameters';

/** A member of Options. */
export const waitUpTo: INodeProperties = {
	displayName: 'Wait up To',
	name: 'waitUpTo',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 300,
	description: 'How many seconds to wait at the most until the bucket is empty',
};

/** The seconds that an item's options give. */
export function waitOf(get: ItemParameters): number {
	const seconds = get.option('waitUpTo').number() ?? 300;
	if (seconds > 0) return seconds;
	throw new InvalidRequestError('Wait up To is not a number of seconds above 0');
}
