import type { INodeProperties } from 'n8n-workflow';

import { SupabaseAuth } from '../../../nodes/Auth/SupabaseAuth.node';

const { description } = new SupabaseAuth();
const { properties } = description;

const operations = Object.fromEntries(
	properties
		.filter(({ name }) => name === 'operation')
		.map(({ displayOptions, options = [] }) => [
			displayOptions?.show?.resource?.[0] as string,
			options.map((option) => (option as { value: string }).value),
		]),
);

test('has every operation under its name', () => {
	expect(operations).toEqual({
		account: [
			'resend',
			'resetPasswordForEmail',
			'signInAnonymously',
			'signInWithIdToken',
			'signInWithOAuth',
			'signInWithOtp',
			'signInWithPassword',
			'signInWithSso',
			'signUp',
			'verifyOtp',
		],
		identity: ['getAll', 'link', 'unlink'],
		mfa: [
			'challenge',
			'challengeAndVerify',
			'enroll',
			'getAssuranceLevel',
			'getAll',
			'unenroll',
			'verify',
		],
		session: ['exchangeCode', 'get', 'getClaims', 'refresh', 'set', 'signOut'],
		user: ['get', 'reauthenticate', 'update'],
	});
});

function everyField(fields: readonly INodeProperties[]): INodeProperties[] {
	return fields.flatMap((field) => [
		field,
		...(field.type === 'collection' ? everyField(field.options as INodeProperties[]) : []),
	]);
}

test('tokens, passwords and verifiers are masked', () => {
	const secret = /token|password|verifier|authCode/i;
	const open = everyField(properties).filter(
		({ name, type, typeOptions }) =>
			type === 'string' && secret.test(name) && !typeOptions?.password,
	);
	expect(open.map(({ name }) => name)).toEqual([]);
});

test('no Options list more than eight', () => {
	const long = properties.filter(
		({ name, options = [] }) => name === 'options' && options.length > 8,
	);
	expect(long).toEqual([]);
});

test('a code of a mail is taken for whatever the mail was', () => {
	const type = properties.find(({ name }) => name === 'emailType');
	expect(type?.default).toBe('email');
});

test('a tool keeps the tokens out of what the model reads', () => {
	const { usableAsTool } = description;
	if (typeof usableAsTool !== 'object') throw new Error('It is no tool of its own');
	const replaced = (usableAsTool.replacements as { properties: INodeProperties[] }).properties;
	const defaults = (from: readonly INodeProperties[]) => [
		...new Set(from.filter(({ name }) => name === 'includeTokens').map((each) => each.default)),
	];
	expect([defaults(properties), defaults(replaced)]).toEqual([[true], [false]]);
});
