import { InvalidRequestError } from '../../../src/api/errors';
import { readProject, type ProjectSettings } from '../../../src/api/project';
import { thrownBy } from '../thrown';
import { tokens } from '../tokens';

const read = (url: string, settings: Partial<ProjectSettings> = {}) =>
	readProject({ url, publishableKey: tokens.sb_publishable, ...settings });

const refusalOf = (url: string, settings: Partial<ProjectSettings> = {}) => {
	const error = thrownBy(() => read(url, settings));
	expect(error).toBeInstanceOf(InvalidRequestError);
	return error as InvalidRequestError;
};

const reference = 'abcdefghijklmnopqrst';
const hosted = `https://${reference}.supabase.co`;

describe('the Project URL', () => {
	it('gives every service its address', () => {
		expect(read(hosted).services).toEqual({
			rest: `${hosted}/rest/v1`,
			auth: `${hosted}/auth/v1`,
			storage: `${hosted}/storage/v1`,
			functions: `${hosted}/functions/v1`,
			realtime: `${hosted}/realtime/v1`,
		});
	});

	it.each([
		[`  ${hosted}\n`, `${hosted}/rest/v1`],
		[`${hosted}/`, `${hosted}/rest/v1`],
		[`${hosted}///`, `${hosted}/rest/v1`],
		[hosted.toUpperCase(), `${hosted}/rest/v1`],
		[`${hosted}:443`, `${hosted}/rest/v1`],
		['http://localhost:54321', 'http://localhost:54321/rest/v1'],
		['http://[::1]:8000/', 'http://[::1]:8000/rest/v1'],
		['https://example.com/supabase', 'https://example.com/supabase/rest/v1'],
		['https://example.com/a/b/', 'https://example.com/a/b/rest/v1'],
		['https://example.com/my apps', 'https://example.com/my%20apps/rest/v1'],
	])('%j has its REST service at %s', (url, rest) => {
		expect(read(url).services.rest).toBe(rest);
	});

	it.each(['rest', 'auth', 'storage', 'functions', 'realtime'])(
		'may be the address of %s, whose path is cut off',
		(service) => {
			expect(read(`${hosted}/${service}/v1`).services).toEqual(read(hosted).services);
			expect(read(`${hosted}/${service}/v1/`).services).toEqual(read(hosted).services);
			expect(read(`https://example.com/prefix/${service}/v1`).services.rest).toBe(
				'https://example.com/prefix/rest/v1',
			);
		},
	);

	it.each([
		[`https://supabase.com/dashboard/project/${reference}`, "is the dashboard's address"],
		[
			`https://supabase.com/dashboard/project/${reference}/settings/api?x=1#y`,
			"is the dashboard's address",
		],
		[`https://app.supabase.com/project/${reference}/editor`, "is the dashboard's address"],
		[`https://app.supabase.io/project/${reference}`, "is the dashboard's address"],
		[`https://db.${reference}.supabase.co:5432`, "is the database server's address"],
		[reference, 'is the reference of the project only'],
		[` ${reference} `, 'is the reference of the project only'],
	])('%s is answered with the right one', (url, what) => {
		const { message, hint } = refusalOf(url);
		expect(message).toBe(`The Project URL ${what}`);
		expect(hint).toBe(`Use ${hosted}`);
	});

	it.each(['https://supabase.com/dashboard', 'https://supabase.com/dashboard/project/_/settings'])(
		'%s is told apart though it names no project',
		(url) => {
			const { message, hint } = refusalOf(url);
			expect(message).toBe("The Project URL is the dashboard's address");
			expect(hint).toMatch(/^It looks like https/);
		},
	);

	it.each([
		['', 'The Project URL is empty'],
		[' \n', 'The Project URL is empty'],
		[
			`postgresql://postgres:secret@db.${reference}.supabase.co:5432/postgres`,
			'The Project URL is a connection string of the database',
		],
		['postgres://x', 'The Project URL is a connection string of the database'],
		['ftp://example.com', 'The Project URL is not an http or https address'],
		['https://', 'The Project URL is not an http or https address'],
		['https://a b', 'The Project URL is not an http or https address'],
		['javascript:alert(1)', 'The Project URL is not an http or https address'],
		['https://me@example.com', 'The Project URL holds a user name or password'],
		['https://me:secret@example.com', 'The Project URL holds a user name or password'],
		[`${hosted}?apikey=x`, 'The Project URL ends in a query or a fragment'],
		[`${hosted}#x`, 'The Project URL ends in a query or a fragment'],
	])('cannot be %j', (url, message) => {
		const error = refusalOf(url);
		expect(error.message).toBe(message);
		expect(error.hint).toBeTruthy();
		expect(`${error.message} ${error.hint}`).not.toContain('secret');
	});

	it.each([
		[`${reference}.supabase.co`, `Did you mean ${hosted}?`],
		['localhost:54321', 'Did you mean https://localhost:54321?'],
	])('without its scheme, %s, is completed', (url, hint) => {
		const error = refusalOf(url);
		expect(error.message).toBe('The Project URL is not an http or https address');
		expect(error.hint).toBe(hint);
	});
});

it.each(['co', 'in', 'net'])('sends no key in the clear to a hosted project: .%s', (end) => {
	const error = refusalOf(`http://${reference}.supabase.${end}/`);
	expect(error.message).toBe(
		'The Project URL begins with http://, so that the keys could be read on the way',
	);
	expect(error.hint).toBe(`Use https://${reference}.supabase.${end}`);
	const services = { rest: `http://${reference}.supabase.${end}` };
	expect(refusalOf(hosted, { services }).message).toContain('The address of rest begins with http');
	expect(read(`http://${reference}.supabase.${end}.example`).services.rest).toMatch(/^http:/);
});

it('shows no password that stands in a URL', () => {
	const error = refusalOf('me:secret@db.example.com');
	expect(`${error.message} ${error.hint}`).not.toContain('secret');
});

describe('the address of a service that moved', () => {
	it.each([
		['/', 'https://example.com/base'],
		['/custom', 'https://example.com/base/custom'],
		['custom/v2/', 'https://example.com/base/custom/v2'],
		['//custom', 'https://example.com/base/custom'],
		['  /custom ', 'https://example.com/base/custom'],
		['', 'https://example.com/base/rest/v1'],
		[' ', 'https://example.com/base/rest/v1'],
		['http://rest.internal:3000', 'http://rest.internal:3000'],
		['http://rest.internal:3000/', 'http://rest.internal:3000'],
		['HTTPS://Rest.Internal/a/b/', 'https://rest.internal/a/b'],
	])('%j', (own, rest) => {
		const { services } = read('https://example.com/base', { services: { rest: own } });
		expect(services.rest).toBe(rest);
		expect(services.auth).toBe('https://example.com/base/auth/v1');
	});

	it.each([
		['/rest?x=1', 'The path of rest ends in a query or a fragment'],
		['https://me:secret@example.com', 'The address of rest holds a user name or password'],
		['https://', 'The address of rest is not an http or https address'],
	])('cannot be %j', (own, message) => {
		expect(refusalOf(hosted, { services: { rest: own } }).message).toBe(message);
	});
});

describe('the keys', () => {
	it.each([[{}], [{ publishableKey: '', secretKey: ' ' }]])(
		'cannot both be missing: %j',
		(keys) => {
			const error = thrownBy(() => readProject({ url: hosted, ...keys }));
			expect(error).toBeInstanceOf(InvalidRequestError);
			expect(error.message).toBe('The credential has no key');
		},
	);

	it('are trimmed, and an empty one is left out', () => {
		expect(
			readProject({ url: hosted, publishableKey: ` ${tokens.anon}\n`, secretKey: '  ' }),
		).toMatchObject({ publishableKey: tokens.anon, secretKey: undefined });
	});

	it('are checked for their fields', () => {
		expect(refusalOf(hosted, { publishableKey: tokens.sb_secret }).message).toContain(
			'bypasses row level security',
		);
		expect(refusalOf(hosted, { secretKey: tokens.anon }).message).toBe(
			'What is in Secret Key is the anon key',
		);
	});
});

it('checks certificates and adds no headers unless told', () => {
	expect(read(hosted)).toMatchObject({ ignoreTlsErrors: false, headers: {} });
	expect(read(hosted, { ignoreTlsErrors: true, headers: { 'x-a': '1' } })).toMatchObject({
		ignoreTlsErrors: true,
		headers: { 'x-a': '1' },
	});
});

it.each([
	['x team', '1'],
	['', '1'],
	['x-team', 'a\nb'],
	['x-team', 'secret \u{1f511}'],
])('refuses the header %j: %j', (name, value) => {
	const error = refusalOf(hosted, { headers: { 'x-other': '1', [name]: value } });
	expect(error.message).toBe(`The header "${name}" (in the credential) cannot be sent`);
	expect(`${error.message} ${error.hint}`).not.toContain('secret');
});
