import postgres from 'postgres';

const url = process.env.SUPABASE_URL ?? '';
const apikey = process.env.SUPABASE_SECRET_KEY ?? '';

// What a table holds is read past the service: the stack's own server is needed.
const onStack = process.env.STACK_DATABASE_URL ? describe : describe.skip;

onStack('tx=rollback', () => {
	let sql: postgres.Sql;

	beforeAll(() => void (sql = postgres(process.env.STACK_DATABASE_URL ?? '', { max: 1 })));
	afterAll(async () => await sql.end());

	const tables = async () => [
		await sql`select * from planets order by id`,
		await sql`select * from stock order by warehouse, sku`,
	];

	async function ask(method: string, path: string, prefer: string, body?: object) {
		const answer = await fetch(`${url}/rest/v1/${path}`, {
			method,
			headers: { apikey, prefer, 'content-type': 'application/json' },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		const { status, headers } = answer;
		const text = await answer.text();
		return {
			status,
			applied: headers.get('preference-applied'),
			range: headers.get('content-range'),
			body: text === '' ? null : (JSON.parse(text) as unknown),
		};
	}

	// The forms of status, header and body are those that PostgREST 16.2 was recorded with.
	it.each([
		[
			'an insert',
			['POST', 'planets', 'tx=rollback,return=representation', { name: 'Undone' }],
			201,
			'return=representation, tx=rollback',
		],
		[
			'an insert of rows and columns',
			[
				'POST',
				'planets?columns=name&select=name',
				'missing=default, return=representation, tx=rollback',
				[{ name: 'Undone' }, { name: 'Undone too' }],
			],
			201,
			'missing=default, return=representation, tx=rollback',
		],
		[
			'an upsert',
			[
				'POST',
				'stock?on_conflict=warehouse,sku',
				'resolution=merge-duplicates,return=representation,tx=rollback',
				{ warehouse: 'undone', sku: 'bolt', quantity: 1 },
			],
			201,
			'resolution=merge-duplicates, return=representation, tx=rollback',
		],
		[
			'an update',
			['PATCH', 'planets?id=eq.1&select=name', 'return=representation,tx=rollback', { name: 'X' }],
			200,
			'return=representation, tx=rollback',
		],
		['a delete', ['DELETE', 'planets?id=eq.1', 'tx=rollback'], 204, 'tx=rollback'],
		[
			'a function called by POST',
			['POST', 'rpc/add_planet', 'tx=rollback', { name: 'Undone' }],
			200,
			'tx=rollback',
		],
	] as Array<[string, Parameters<typeof ask>, number, string]>)(
		'answers %s, and keeps nothing of it',
		async (_, request, status, applied) => {
			const before = await tables();
			const answer = await ask(...request);
			expect(answer).toMatchObject({ status, applied });
			if (status !== 204) expect(JSON.stringify(answer.body)).toMatch(/Undone|undone|"X"/);
			expect(await tables()).toEqual(before);
		},
	);

	it('counts what would be changed', async () => {
		const before = await tables();
		const answer = await ask('DELETE', 'planets?id=lte.2', 'count=exact, tx=rollback');
		expect(answer).toEqual({
			status: 204,
			applied: 'count=exact, tx=rollback',
			range: '*/2',
			body: null,
		});
		expect(await tables()).toEqual(before);
	});

	it('refuses what cannot be written', async () => {
		const answer = await ask('PATCH', 'planets?id=eq.1', 'tx=rollback', { name: null });
		expect(answer).toMatchObject({ status: 400, body: { code: '23502' } });
	});

	it('is not taken for granted: tx=commit and no preference write', async () => {
		await ask('POST', 'rpc/add_planet', 'tx=commit', { name: 'Kept' });
		await ask('POST', 'planets?columns=name', 'tx=commit', { name: 'Kept' });
		expect(await sql`delete from planets where name = 'Kept'`).toMatchObject({ count: 2 });
	});
});
