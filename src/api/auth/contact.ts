import { InvalidRequestError } from '../errors';

/** By what an account is known: exactly one of both, since Auth refuses both and neither. */
export type Contact = { readonly email: string } | { readonly phone: string };

/** How a message gets to a telephone. */
export const CHANNELS = ['sms', 'whatsapp'] as const;

export type Channel = (typeof CHANNELS)[number];

/**
 * An e-mail address. Auth refuses blanks around it and takes no notice of its case.
 *
 * @param label of the field, for the message
 * @throws InvalidRequestError for what cannot be one
 */
export function emailAddress(text: string, label = 'Email'): string {
	const address = text.trim();
	if (/^[^\s@]+@[^\s@]+$/.test(address)) return address;
	throw address
		? new InvalidRequestError(
				`${label} is not an e-mail address`,
				`It is ${JSON.stringify(address.slice(0, 100))}. An address looks like ann@example.com, without a name before it.`,
			)
		: new InvalidRequestError(
				`${label} is empty`,
				'Enter the address. If it comes from an expression, check what that gives for this item.',
			);
}

/**
 * A telephone number with its country, as Auth takes it: digits, with a plus sign before them or
 * without, as in the `phone` of its users.
 *
 * Without the plus sign a number that is written with blanks or dashes is one without its country,
 * and Auth would send the message to whoever has it elsewhere.
 *
 * @param label of the field, for the message
 * @throws InvalidRequestError for a number without country, or for what is no number
 */
export function phoneNumber(text: string, label = 'Phone'): string {
	const number = text.trim().replace(/^00(?=[1-9])/, '+');
	if (!number) {
		throw new InvalidRequestError(
			`${label} is empty`,
			'Enter the number. If it comes from an expression, check what that gives for this item.',
		);
	}
	const digits = number.replace(/[\s().\-/]/g, '');
	if (/^\+[1-9]\d{6,14}$/.test(digits)) return digits;
	if (/^[1-9]\d{9,14}$/.test(number)) return number;
	const isNumber = /^\+?\d+$/.test(digits);
	throw new InvalidRequestError(
		isNumber
			? `${label} is without the country, or too short or too long`
			: `${label} is not a telephone number`,
		`It is ${JSON.stringify(number.slice(0, 40))}. A number begins with a plus sign and the country: +49 170 1234567.`,
	);
}
