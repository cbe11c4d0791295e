import { InvalidRequestError } from '../errors';

/**
 * Checks an ID that goes into an address.
 *
 * @param label of the field
 * @param hint where the ID is found
 * @throws InvalidRequestError for anything but a UUID
 */
export function uuid(text: string, label: string, hint: string): string {
	if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)) return text;
	throw new InvalidRequestError(
		text ? `${label} is not an ID (UUID)` : `${label} is empty`,
		`${text ? `It is ${JSON.stringify(text.slice(0, 60))}. ` : ''}${hint}`,
	);
}
