import { createUser, type SignedInUser } from '../stack/users';
import {
	continueRegular,
	insert,
	legacyKeys,
	openBench,
	orderBy,
	select,
	where,
} from './database-helpers';

const bench = openBench();
const asUser = { runAs: 'user', accessToken: '={{ $json.token }}' };

let notes: string;
let ada: SignedInUser;
let blaise: SignedInUser;

beforeAll(async () => {
	[ada, blaise] = [await createUser(), await createUser()];
	notes = await bench.createTable(
		'id int generated always as identity primary key, owner uuid default auth.uid(), body text',
	);
	await bench.define(
		`alter table "${notes}" enable row level security;
		create policy own on "${notes}" to authenticated
			using (owner = auth.uid()) with check (owner = auth.uid())`,
	);
	await bench.sql(`insert into "${notes}" (owner, body) values ($1, 'of Ada'), ($2, 'of Blaise')`, [
		ada.id,
		blaise.id,
	]);
});

/** The notes that a select finds. */
async function found(
	parameters: Parameters<typeof select>[1],
	options: Parameters<typeof bench.run>[1] = {},
): Promise<unknown[]> {
	const node = select(notes, {
		...where(['body', 'like', 'of %']),
		...orderBy('id'),
		...parameters,
	});
	const { json } = await bench.succeed(node, options);
	return json.map(({ body }) => body);
}

const both = ['of Ada', 'of Blaise'];

describe('each sees what it may', () => {
	test('the service role: everything', async () => {
		expect(await found({ runAs: 'serviceRole' })).toEqual(both);
		expect(await found({})).toEqual(both);
	});

	test('anonymous: nothing', async () => {
		expect(await found({ runAs: 'anonymous' })).toEqual([]);
	});

	test('a user: their own rows, by the token of each item', async () => {
		const tokens = [blaise, ada, blaise].map(({ accessToken: token }) => ({ token }));
		expect(await found(asUser, { items: tokens })).toEqual(['of Blaise', 'of Ada', 'of Blaise']);
	});

	test('a token with Bearer before it, as in a webhook', async () => {
		const token = `Bearer ${ada.accessToken}`;
		expect(await found(asUser, { items: [{ token }] })).toEqual(['of Ada']);
	});

	test('a user, where the credential has the secret key alone: still only their own', async () => {
		const credential = { publishableKey: '' };
		const token = ada.accessToken;
		expect(await found(asUser, { credential, items: [{ token }] })).toEqual(['of Ada']);
	});
});

describe('each writes what it may', () => {
	const write = async (
		parameters: Parameters<typeof insert>[1],
		options: Parameters<typeof bench.run>[1] = {},
	) =>
		await bench.run(
			insert(notes, {
				rowSource: 'json',
				rowJson: "={{ { body: $json.body ?? 'written' } }}",
				...parameters,
			}),
			options,
		);

	test('users, each into their own name', async () => {
		const { json } = await write(asUser, {
			items: [ada, blaise, ada].map(({ accessToken: token }, n) => ({ token, body: `new ${n}` })),
		});
		expect(json.map(({ owner }) => owner)).toEqual([ada.id, blaise.id, ada.id]);
		expect(json.map(({ body }) => body)).toEqual(['new 0', 'new 1', 'new 2']);
	});

	test('anonymous is denied, with the policy that is missing', async () => {
		const { said } = await write({ runAs: 'anonymous' });
		expect(said.message).toBe(`No policy of table ${notes} lets the role anon insert this row`);
		expect(said.description).toContain('FOR INSERT TO anon WITH CHECK (true);');
		expect(said.description).toContain('Code 42501');
	});

	test('the service role writes past the policies', async () => {
		expect((await write({ runAs: 'serviceRole' })).json).toEqual([
			expect.objectContaining({ owner: null, body: 'written' }),
		]);
	});
});

describe('the keys of the credential', () => {
	test.each([
		['serviceRole', both],
		['anonymous', []],
	])('legacy keys as %s', async (runAs, expected) => {
		expect(await found({ runAs }, { credential: legacyKeys })).toEqual(expected);
	});

	test('legacy keys as a user', async () => {
		const items = [{ token: ada.accessToken }];
		expect(await found(asUser, { credential: legacyKeys, items })).toEqual(['of Ada']);
	});

	test.each([
		[
			'serviceRole',
			{ secretKey: '' },
			'The credential has no Secret Key',
			'Add the Secret Key to the credential, or choose another Run As.',
		],
		[
			'anonymous',
			{ publishableKey: '' },
			'The credential has no Publishable Key',
			'Add the Publishable Key to the credential, or choose Service Role in Run As.',
		],
		[
			'serviceRole',
			{ publishableKey: '', secretKey: '' },
			'The credential has no key',
			'Enter the Publishable Key, the Secret Key, or both.',
		],
	])('missing for %s: %p', async (runAs, credential, message, description) => {
		const { result, requests } = await bench.requestsDuring(notes, () =>
			bench.run(select(notes, { runAs }), { credential }),
		);
		expect(result.said).toEqual({ message, description });
		expect(requests).toHaveLength(0);
	});

	test.each([
		[
			'the secret key as publishable key',
			() => ({ publishableKey: bench.place.secretKey }),
			'What is in Publishable Key is a secret key (sb_secret_…): it bypasses row level security',
		],
		[
			'the legacy service_role key as publishable key',
			() => ({ publishableKey: legacyKeys.secretKey }),
			'What is in Publishable Key is the service_role key: it bypasses row level security',
		],
		[
			'the publishable key as secret key',
			() => ({ secretKey: bench.place.publishableKey }),
			'What is in Secret Key is a publishable key (sb_publishable_…)',
		],
		[
			'the legacy anon key as secret key',
			() => ({ secretKey: legacyKeys.publishableKey }),
			'What is in Secret Key is the anon key',
		],
		[
			"a user's token as secret key",
			() => ({ secretKey: ada.accessToken }),
			"What is in Secret Key is a token of another role, such as a user's access token",
		],
	])('refused: %s', async (_, credential, message) => {
		const { said } = await bench.run(select(notes, { runAs: 'anonymous' }), {
			credential: credential(),
		});
		expect(said.message).toBe(message);
		expect(said.description).toContain('dashboard');
	});

	test('a key that the project does not know', async () => {
		const { said } = await bench.run(select(notes), {
			credential: { secretKey: `sb_secret_${'x'.repeat(22)}_00000000` },
		});
		expect(said.message).toMatch(
			/^The (secret|publishable) key was not accepted$|^The access token, or/,
		);
		expect(said.description).toContain('Copy the keys again from the dashboard');
	});
});

describe('an access token that is none', () => {
	test.each([
		['empty', '', 'The access token is empty'],
		['the secret key', () => bench.place.secretKey, /^What is in Access Token is not a user/],
		['the service_role key', legacyKeys.secretKey, /^What is in Access Token is not a user/],
		['text', 'nonsense', /^What is in Access Token is not a user/],
	])('%s', async (_, given, message) => {
		const token = typeof given === 'function' ? given() : given;
		const { result, requests } = await bench.requestsDuring(notes, () =>
			bench.run(select(notes, { ...asUser, limit: 1 }), { items: [{ token }] }),
		);
		expect(result.said.message).toMatch(message);
		expect(requests).toHaveLength(0);
	});

	test('one that was signed by somebody else is its own item’s error', async () => {
		const forged = `${ada.accessToken.slice(0, -6)}AAAAAA`;
		const { json } = await bench.run(
			select(notes, { ...asUser, ...where(['body', 'like', 'of %']) }, continueRegular),
			{ items: [{ token: forged }, { token: blaise.accessToken }] },
		);
		expect(json).toEqual([
			{
				error: expect.any(String) as unknown,
				details: expect.stringContaining('Sign in again') as unknown,
				code: 'PGRST301',
			},
			expect.objectContaining({ body: 'of Blaise' }),
		]);
	});
});
