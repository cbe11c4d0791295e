import { invalid } from '../errors';

/** @returns the address in small letters */
export function emailOf(email: string): string {
	if (email === '') throw invalid('An email address is required');
	if (email.length > 255) throw invalid('An email address is too long');
	if (!isEmail(email)) throw invalid('Unable to validate email address: invalid format');
	return email.toLowerCase();
}

export function isEmail(email: string): boolean {
	return /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i.test(
		email,
	);
}

/** @returns the number without `+` and spaces */
export function phoneOf(phone: string): string {
	const number = plainPhone(phone);
	if (!/^[1-9][0-9]{1,14}$/.test(number))
		throw invalid('Invalid phone number format (E.164 required)');
	return number;
}

export function plainPhone(phone: string): string {
	return phone.replace(/^\+/, '').replaceAll(' ', '');
}
