import type postgres from 'postgres';

import { bulkInsert } from './bulkInsert';
import { recordedDatabase, recordings, type RecordedDatabase } from './fixtures/recordedSchema';
import type { RestAnswer } from './restAnswer';

/** An insert with `columns=` and what PostgREST 16.2 answered, recorded from the real service. */
interface Recording {
	case: string;
	path: string;
	role: string;
	prefer: string;
	accept: string;
	body: string;
	status: number;
	contentRange: string | null;
	applied: string | null;
	answer: string | null;
}

class Undo extends Error {}

// The stack's own server is needed, not just any project.
const onStack = process.env.STACK_DATABASE_URL ? describe : describe.skip;

onStack('inserts with columns=, beside those of the real PostgREST', () => {
	let database: RecordedDatabase;

	beforeAll(async () => void (database = await recordedDatabase()));
	afterAll(async () => await database.drop());

	/** Asks as recorded, and leaves the database as it was. */
	async function ask(recording: Recording): Promise<RestAnswer | undefined> {
		const url = new URL(`http://rest${recording.path}`);
		const preferences = recording.prefer.split(',').map((item) => item.trim().split('=', 2));
		let answer: RestAnswer | undefined;
		await database.sql
			.begin(async (tx) => {
				const begin = async (work: (inner: postgres.TransactionSql) => unknown) =>
					await tx.savepoint(work);
				answer = await bulkInsert({ begin } as unknown as postgres.Sql, {
					schema: 'public',
					table: decodeURIComponent(url.pathname.slice(1)),
					columns: url.searchParams.get('columns') ?? '',
					select: url.searchParams.get('select'),
					body: recording.body,
					prefer: new Map(preferences.filter(([name]) => name) as Array<[string, string]>),
					single: recording.accept.includes('pgrst.object'),
					claims: { role: recording.role },
					maxRows: 1000,
				});
				throw new Undo();
			})
			.catch((error: unknown) => {
				if (!(error instanceof Undo)) throw error;
			});
		return answer;
	}

	it.each(recordings<Recording>('postgrest-inserts.jsonl'))(
		'are the same: $case',
		async (expected) => {
			const actual = await ask(expected);
			expect(actual).toMatchObject({ status: expected.status });
			expect(actual?.headers['content-range'] ?? null).toBe(expected.contentRange);
			expect(actual?.headers['preference-applied'] ?? null).toBe(expected.applied);
			const parse = (text = '') => (text === '' ? undefined : (JSON.parse(text) as unknown));
			expect(parse(actual?.body)).toEqual(parse(expected.answer ?? ''));
		},
	);
});
