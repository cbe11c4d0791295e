import { InvalidRequestError, SupabaseApiError, type Outcome } from '../../../../../src/api/errors';
import { isLasting } from '../../../../../src/api/queues/reader/lasting';

const failure = (outcome: Outcome, status?: number, code?: string) =>
	new SupabaseApiError('rest', outcome, { message: 'no', status, code });

test.each([
	['a function that is missing', failure('refused', 404, 'PGRST202')],
	['a queue that is missing', failure('refused', 404, '42P01')],
	['a right that is missing', failure('refused', 403, '42501')],
	['a key that is refused', failure('refused', 401)],
	['input that cannot be', new InvalidRequestError('no', 'Mend it.')],
])('%s stays until a person mends it', (_, error) => {
	expect(isLasting(error)).toBe(true);
});

test.each([
	// As PostgREST was recorded to answer where the connection to the database broke.
	['a connection that broke', failure('refused', 400, '')],
	['a database that is away', failure('refused', 503, 'PGRST001')],
	['a statement that took too long', failure('refused', 500, '57014')],
	['a gateway that has no answer', failure('unknown', 504)],
	['an answer that was lost', failure('unknown')],
	['too many requests', failure('refused', 429, 'over_request_rate_limit')],
])('%s passes', (_, error) => {
	expect(isLasting(error)).toBe(false);
});
