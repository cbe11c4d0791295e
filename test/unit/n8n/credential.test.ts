import { projectOf } from '../../../src/n8n/credential';
import { thrownBy } from '../thrown';
import { tokens } from '../tokens';

const url = 'https://example.com';
const plain = { url, publishableKey: tokens.anon, secretKey: '' };

const own = {
	restAddress: '/rest',
	authAddress: 'https://auth.example.com',
	storageAddress: '',
	ignoreTlsErrors: true,
	headers: '{"x-team": "a", "x-number": 7}',
};

it('reads the fields', () => {
	expect(projectOf(plain)).toMatchObject({
		publishableKey: tokens.anon,
		secretKey: undefined,
		services: { rest: `${url}/rest/v1`, realtime: `${url}/realtime/v1` },
		headers: {},
		ignoreTlsErrors: false,
	});
});

it('reads what belongs to a self-hosted project', () => {
	expect(projectOf({ ...plain, ...own, selfHosted: true })).toMatchObject({
		services: {
			rest: `${url}/rest`,
			auth: 'https://auth.example.com',
			storage: `${url}/storage/v1`,
		},
		headers: { 'x-team': 'a', 'x-number': '7' },
		ignoreTlsErrors: true,
	});
});

it('takes nothing of it, least of all trust, for a project that is not', () => {
	for (const selfHosted of [undefined, false, 'true']) {
		expect(projectOf({ ...plain, ...own, selfHosted } as never)).toEqual(projectOf(plain));
	}
});

it.each(['', ' ', '{}'])('takes %j for no headers', (headers) => {
	expect(projectOf({ ...plain, headers, selfHosted: true }).headers).toEqual({});
});

it.each(['[]', '7', 'x-team: a', '{"a"', 'null'])('refuses %j as headers', (headers) => {
	expect(thrownBy(() => projectOf({ ...plain, headers, selfHosted: true }))).toMatchObject({
		name: 'InvalidRequestError',
		message: 'The Headers of the credential are not an object',
	});
});

it.each(['null', '{}', '["a"]', 'true'])('refuses %s as the value of a header', (value) => {
	const headers = `{"x-team": ${value}}`;
	expect(thrownBy(() => projectOf({ ...plain, headers, selfHosted: true }))).toMatchObject({
		name: 'InvalidRequestError',
		message: 'The header "x-team" of the credential is not a text',
	});
});

it.each([
	[{}, 'The Project URL is empty'],
	[{ url: 7 }, 'The Project URL is empty'],
	[{ url }, 'The credential has no key'],
])('refuses %j', (credential, message) => {
	expect(thrownBy(() => projectOf(credential))).toMatchObject({
		name: 'InvalidRequestError',
		message,
	});
});
