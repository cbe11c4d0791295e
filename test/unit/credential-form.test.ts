import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { SupabaseProjectApi } from '../../credentials/SupabaseProjectApi.credentials';
import { projectOf } from '../../src/n8n/credential';

const root = join(__dirname, '../..');
const read = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8')) as never;
const { properties, documentationUrl } = new SupabaseProjectApi();
const field = (name: string) => properties.find((each) => each.name === name);

describe("the credential's form", () => {
	it('says in a notice that one key is enough, and what each is for, before it asks for them', () => {
		const names = properties.map(({ name }) => name);
		expect(names.slice(0, 4)).toEqual(['url', 'keysNotice', 'publishableKey', 'secretKey']);
		const notice = field('keysNotice');
		expect(notice?.type).toBe('notice');
		expect(notice?.displayName).toMatch(/^One key is enough\..*Anonymous and User.*Service Role/);
	});

	it('masks the secret key and the values of headers', () => {
		expect(field('secretKey')?.typeOptions?.password).toBe(true);
		expect(field('headers')?.typeOptions?.password).toBe(true);
		expect(field('publishableKey')?.typeOptions?.password).toBeUndefined();
	});

	it('asks for the addresses of services that a node uses, and of no others', () => {
		const addresses = properties.map(({ name }) => name).filter((name) => name.endsWith('Address'));
		const services = ['rest', 'auth', 'storage', 'functions', 'realtime'];
		expect(addresses).toEqual(services.map((service) => `${service}Address`));
		for (const name of addresses) {
			expect(field(name)?.displayOptions).toEqual({ show: { selfHosted: [true] } });
		}
	});

	it('an address that was saved while its field was there is still used', () => {
		const project = projectOf({
			url: 'http://127.0.0.1:54321',
			publishableKey: `sb_publishable_${'x'.repeat(22)}_00000000`,
			selfHosted: true,
			realtimeAddress: '/elsewhere',
			headers: '{"x-team": "a"}',
		});
		expect(project.services.realtime).toBe('http://127.0.0.1:54321/elsewhere');
		expect(project.headers).toEqual({ 'x-team': 'a' });
	});
});

describe('documentation', () => {
	interface Codex {
		readonly resources: Readonly<
			Record<'credentialDocumentation' | 'primaryDocumentation', ReadonlyArray<{ url: string }>>
		>;
	}
	const { homepage } = read('package.json') as { homepage: string };
	const pages = (codex: Codex) => Object.values(codex.resources).flat();
	const links = [
		{ url: documentationUrl },
		...pages(read('nodes/Database/SupabaseDatabase.node.json')),
		...pages(read('nodes/Storage/SupabaseStorage.node.json')),
		...pages(read('nodes/Functions/SupabaseFunctions.node.json')),
		...pages(read('nodes/AuthAdmin/SupabaseAuthAdmin.node.json')),
	].map(({ url }) => url);

	it('of the credential and of each node is linked', () => expect(links).toHaveLength(9));

	it.each([...new Set(links)])('is a page of this project that is there: %s', (url) => {
		const [, path = ''] = url.split(`${homepage}/blob/main/`);
		expect(path).toMatch(/^docs\/[\w-]+\.md$/);
		expect(existsSync(join(root, path))).toBe(true);
	});
});
