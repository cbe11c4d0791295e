import { SupabaseApiError } from '../../../../src/api/errors';
import { openWays, type Tries } from '../../../../src/api/queues/ways';

const refusal = (code: string) => new SupabaseApiError('rest', 'refused', { message: code, code });

/** Tries that say which way was gone. */
function tries(ways: Record<'public' | 'pack', string | Error>) {
	const gone: string[] = [];
	const attempts = (['public', 'pack'] as const).map(
		(way) =>
			[
				way,
				async () => {
					gone.push(way);
					const result = ways[way];
					return await (result instanceof Error ? Promise.reject(result) : Promise.resolve(result));
				},
			] as const,
	) satisfies Tries<string>;
	return { gone, attempts };
}

test('the first way that is there is gone', async () => {
	const { gone, attempts } = tries({ public: 'sent', pack: 'never' });
	expect(await openWays()(attempts)).toBe('sent');
	expect(gone).toEqual(['public']);
});

test.each(['PGRST106', 'PGRST202'])(
	'where one is missing (%s) the next is, found out once',
	async (code) => {
		const { gone, attempts } = tries({ public: refusal(code), pack: 'sent' });
		const through = openWays();
		expect(await through(attempts)).toBe('sent');
		expect(await through(attempts)).toBe('sent');
		expect(gone).toEqual(['public', 'pack', 'pack']);
	},
);

test('where none is there, the first refusal is told', async () => {
	const first = refusal('PGRST106');
	const { attempts } = tries({ public: first, pack: refusal('PGRST202') });
	const through = openWays();
	await expect(through(attempts)).rejects.toBe(first);
	await expect(through(attempts)).rejects.toBe(first);
});

test.each([
	['any other refusal', refusal('42P01')],
	['a lost answer', new SupabaseApiError('rest', 'unknown', { message: 'lost' })],
])('%s is told at once, as it may have been carried out', async (_, error) => {
	const { gone, attempts } = tries({ public: error, pack: 'twice' });
	await expect(openWays()(attempts)).rejects.toBe(error);
	expect(gone).toEqual(['public']);
});
