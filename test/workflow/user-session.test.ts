import { randomUUID } from 'node:crypto';

import type { INodeParameters } from 'n8n-workflow';

import { createUser, type SignedInUser } from '../stack/users';
import { continueRegular, insert, openBench, orderBy, range, select } from './database-helpers';

const bench = openBench();
const asSession = { runAs: 'user', userFrom: 'userSession' };

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
	await bench.sql(`insert into "${notes}" (owner, body) values ($1, 'of Blaise')`, [blaise.id]);
});

const login = ({ email, password }: SignedInUser) => ({ email, password });

const row = (json: object): INodeParameters => ({
	rowSource: 'json',
	rowJson: JSON.stringify(json),
	...asSession,
});

/** How often somebody signed in or renewed while something was done. */
async function signInsDuring<T>(act: () => Promise<T>) {
	const before = (await bench.control.requests()).at(-1)?.number ?? 0;
	const result = await act();
	const requests = (await bench.control.requests('/auth/v1/token')).filter(
		({ number }) => number > before,
	);
	return { result, signIns: requests.length };
}

describe('a node whose user is from the credential of a session', () => {
	test('writes a row as that user', async () => {
		const { json } = await bench.succeed(insert(notes, row({ body: 'of Ada' })), {
			session: login(ada),
		});
		expect(json).toEqual([expect.objectContaining({ owner: ada.id, body: 'of Ada' })]);
		expect(await bench.sql(`select owner from "${notes}" where body = 'of Ada'`)).toEqual([
			{ owner: ada.id },
		]);
	});

	test("sees that user's rows alone", async () => {
		const { json } = await bench.succeed(select(notes, { ...orderBy('id'), ...asSession }), {
			session: login(blaise),
		});
		expect(json.map(({ body }) => body)).toEqual(['of Blaise']);
	});

	test("is refused another's row", async () => {
		const { said } = await bench.run(insert(notes, row({ owner: blaise.id, body: 'not mine' })), {
			session: login(ada),
		});
		expect(said.message).toBe(
			`No policy of table ${notes} lets the role authenticated insert this row`,
		);
		expect(await bench.sql(`select * from "${notes}" where body = 'not mine'`)).toEqual([]);
	});

	test('signs in once for many items and many runs', async () => {
		const eve = await createUser();
		const { signIns } = await signInsDuring(async () => {
			const session = login(eve);
			const items = range(40).map((n) => ({ n }));
			const parameters = { ...asSession, options: { limit: '={{ $json.n + 1 }}' } };
			await bench.succeed(select(notes, parameters), { session, items });
			await Promise.all(
				range(5).map(async () => await bench.succeed(select(notes, asSession), { session })),
			);
		});
		expect(signIns).toBe(1);
	});

	test('renews a session that has ended meanwhile', async () => {
		const eve = await createUser();
		const run = async () => await bench.succeed(select(notes, asSession), { session: login(eve) });
		await run();
		const later = Date.now() + 3600_000;
		const clock = jest.spyOn(Date, 'now').mockImplementation(() => later);
		try {
			expect((await signInsDuring(run)).signIns).toBe(1);
			expect((await signInsDuring(run)).signIns).toBe(0);
		} finally {
			clock.mockRestore();
		}
	});

	test('signs in once where the password is wrong, and tells it plainly for each item', async () => {
		const { result, signIns } = await signInsDuring(
			async () =>
				await bench.run(
					select(
						notes,
						{ ...asSession, options: { limit: '={{ $json.n + 1 }}' } },
						continueRegular,
					),
					{
						session: { email: ada.email, password: `not ${ada.password}` },
						items: range(20).map((n) => ({ n })),
					},
				),
		);
		expect(new Set(result.json.map(({ error }) => error))).toEqual(
			new Set(['E-mail, phone or password is wrong']),
		);
		expect(result.json).toHaveLength(20);
		expect(JSON.stringify(result.json)).not.toContain(ada.password);
		expect(signIns).toBe(1);
	});

	test('of another project is refused before anything is sent', async () => {
		const { result, signIns } = await signInsDuring(
			async () =>
				await bench.run(select(notes, asSession), {
					session: { ...login(ada), url: 'http://127.0.0.1:1' },
				}),
		);
		expect(result.said.message).toMatch(/^The user signs in to another project/);
		expect(signIns).toBe(0);
	});

	test('asks for the credential where none is chosen', async () => {
		const { said } = await bench.run(select(notes, asSession));
		expect(said.message).toBe('No Supabase User Session credential is chosen');
	});

	test.each([null, '', 'service', randomUUID()])(
		'is nobody where the choice comes from an expression that gives %j',
		async (from) => {
			const { result, requests } = await bench.requestsDuring(
				notes,
				async () =>
					await bench.run(
						select(notes, { runAs: 'user', userFrom: '={{ $json.from }}', accessToken: 'x' }),
						{ session: login(ada), items: [{ from }] },
					),
			);
			expect(result.said.message).toBe('User From is not one of accessToken, userSession');
			expect(requests).toHaveLength(0);
		},
	);
});
