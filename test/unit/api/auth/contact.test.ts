import { emailAddress, phoneNumber } from '../../../../src/api/auth/contact';
import { InvalidRequestError } from '../../../../src/api/errors';

test.each([
	['ann@example.com', 'ann@example.com'],
	['  Ann@Example.com\n', 'Ann@Example.com'],
])('an address: %j', (text, address) => {
	expect(emailAddress(text)).toBe(address);
});

test.each([
	'',
	'  ',
	'ann',
	'ann@',
	'@example.com',
	'Ann <ann@example.com>',
	'a@b@c',
	'+4917012345',
])('no address: %j', (text) => {
	expect(() => emailAddress(text)).toThrow(InvalidRequestError);
});

test.each([
	['+49 170 1234567', '+491701234567'],
	['0049 (170) 123-45.67', '+491701234567'],
	['+1/333/444/5555', '+13334445555'],
	['491701234567', '491701234567'],
])('a number: %j', (text, number) => {
	expect(phoneNumber(text)).toBe(number);
});

test.each([
	'0170 1234567',
	'01701234567',
	'(333) 444-5555',
	'170 1234567',
	'12',
	'+12',
	'+0170123456',
])('a number without its country, or not a whole one: %j', (text) => {
	expect(() => phoneNumber(text)).toThrow(/without the country/);
});

test.each(['', 'ann@example.com', '+49 17O 1234567', '++491701234567', 'undefined'])(
	'no number: %j',
	(text) => {
		expect(() => phoneNumber(text)).toThrow(InvalidRequestError);
	},
);
