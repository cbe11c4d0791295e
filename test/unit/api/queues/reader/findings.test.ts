import type { DurablePlan } from '../../../../../src/api/queues/plan';
import { queueFindings, type QueueReport } from '../../../../../src/api/queues/reader/findings';
import { DURABLE_VERSION } from '../../../../../src/api/queues/sql/durable';

const plan: DurablePlan = {
	queue: 'q',
	tables: [{ schema: 'public', name: 'orders', events: ['insert', 'delete'], omit: ['notes'] }],
	files: { buckets: ['a', 'b'] },
};
const trigger = (table: string, event: string, more = {}) => ({
	...{ name: `00_n8n_q_${event}`, schema: 'public', table, events: [event], kind: 'row' as const },
	...{ enabled: 'O', omit: ['notes'], buckets: [] as string[] },
	...more,
});
const files = (event: string) =>
	trigger('objects', event, { schema: 'storage', omit: [], buckets: ['b', 'a'] });
const fine: QueueReport = {
	version: DURABLE_VERSION,
	queue: { is_unlogged: false, created_at: 'then' },
	dead_letters: 0,
	oldest_message_age_s: 5,
	owner_bypasses_rls: true,
	anon_may: [],
	triggers: [
		...['insert', 'delete', 'truncate'].map((event) => trigger('orders', event)),
		...['insert', 'update', 'delete', 'truncate'].map(files),
	],
	realtime_send: true,
};
const codes = (report: object, of: DurablePlan | undefined = plan) =>
	queueFindings({ ...fine, ...report }, 'q', of).map(({ level, code }) => `${level} ${code}`);

test('where all is well, nothing is found', () => {
	expect(codes({})).toEqual([]);
});

test.each([
	[{ version: DURABLE_VERSION - 1 }, 'fails OLD_VERSION'],
	[{ version: DURABLE_VERSION + 1 }, 'warns NEW_VERSION'],
	[{ queue: null }, 'fails NO_QUEUE'],
	[{ anon_may: ['pgmq.q_q'] }, 'fails EXPOSED'],
	[{ queue: { is_unlogged: true, created_at: '' } }, 'fails UNLOGGED'],
	[{ owner_bypasses_rls: false }, 'warns OWNER'],
	[{ dead_letters: 2 }, 'warns DEAD_LETTERS'],
	[{ oldest_message_age_s: 7_200 }, 'warns OLD_MESSAGES'],
	[{ realtime_send: false }, 'unknown NO_BELL'],
	[{ triggers: [] }, 'fails CAPTURES'],
	[{ triggers: fine.triggers.slice(1) }, 'fails CAPTURES'],
	[{ triggers: [...fine.triggers, trigger('other', 'insert')] }, 'fails CAPTURES'],
	[{ triggers: [...fine.triggers, trigger('orders', 'update')] }, 'fails CAPTURES'],
	[{ triggers: fine.triggers.map((each) => ({ ...each, enabled: 'D' })) }, 'fails CAPTURES'],
	[{ triggers: fine.triggers.map((each) => ({ ...each, omit: [] })) }, 'fails CAPTURES'],
	[{ triggers: fine.triggers.map((each) => ({ ...each, buckets: ['a'] })) }, 'fails CAPTURES'],
])('%j: %s', (report, expected) => {
	expect(codes(report)).toEqual([expected]);
});

test('what fails has the SQL that mends it, all of it', () => {
	for (const report of [{ triggers: [] }, { queue: null }, { version: 0 }]) {
		const [found] = queueFindings({ ...fine, ...report }, 'q', plan);
		expect(found?.sql).toMatch(/^-- Durable delivery[^]*n8n_durable\.install\(/);
	}
});

test('a queue of one’s own needs no captures, and may be unlogged', () => {
	const report = { ...fine, triggers: [], queue: { is_unlogged: true, created_at: '' } };
	expect(queueFindings(report, 'jobs', undefined).map(({ level }) => level)).toEqual(['warns']);
});

test('what a queue of one’s own lacks is mended by SQL that captures nothing', () => {
	const [found] = queueFindings({ ...fine, triggers: [], version: 0 }, 'jobs', undefined);
	expect(found?.sql).toMatch(/function public\.n8n_queue_claim/);
	expect(found?.sql).not.toMatch(/select n8n_durable\.install\(/);
});
