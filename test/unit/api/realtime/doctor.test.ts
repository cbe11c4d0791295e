import { gapOf, incompleteWords } from '../../../../src/api/realtime/repair';
import { canaryFinding, readRefusal } from '../../../../src/api/realtime/doctor/findings';
import { indexCursor, publishTable } from '../../../../src/api/realtime/doctor/sql';

const table = { schema: 'public', name: 'odd "name"' };

test.each([
	[
		'Unable to subscribe to changes with given parameters. Please check Realtime is enabled for the given connect parameters: []',
		'NOT_PUBLISHED',
	],
	[
		'Unable to subscribe to changes with given parameters. An exception happened so please check your connect parameters: []. Exception: ERROR P0001 (raise_exception) invalid column for filter nope',
		'FILTER',
	],
	['Error parsing `filter` params: ["nope"]', 'FILTER'],
	['Column selection is not supported for wildcard subscriptions', 'SELECT_WITH_WILDCARD'],
	['Realtime was disabled for this tenant', 'REALTIME_OFF'],
	['PrivateOnly: This project only allows private channels', 'PRIVATE_ONLY'],
	['Failed to validate JWT signature', 'KEY_REFUSED'],
	['Error 401: Unauthorized', 'NO_SELECT'],
	['Error 400: Bad Request, no primary key', 'NO_PRIMARY_KEY'],
])('%s', (words, code) => {
	expect(readRefusal(words, [table], 'anon')).toMatchObject({ level: 'fails', code });
});

test('words that are not known are told as they are', () => {
	expect(readRefusal('something new', [table], 'anon')).toBeUndefined();
});

test('names in SQL are quoted', () => {
	expect(publishTable(table)).toContain('add table "public"."odd ""name""";');
	expect(indexCursor(table, 'at', ['id', 'at'])).toBe(
		'create index on "public"."odd ""name""" ("at", "id");',
	);
});

test.each([
	['anon', { inserted: false, deleted: true }, 'NO_POLICY'],
	['authenticated', { inserted: false, deleted: true }, 'NO_POLICY'],
	['anon', { inserted: false, deleted: false }, 'CANARY_LOST'],
	['service_role', { inserted: false, deleted: true }, 'CANARY_LOST'],
	['anon', { filtered: false }, 'CANARY_FILTERED'],
	['anon', { deleted: false }, 'NO_DELETES'],
	['anon', { deleted: false, withDelete: false }, 'CANARY'],
	['anon', {}, 'CANARY'],
] as const)('a canary row: %s, %j', (role, came, code) => {
	const all = { inserted: true, filtered: true, deleted: true, withDelete: true };
	const { level, sql, ...found } = canaryFinding(table, role, { ...all, ...came });
	expect(found.code).toBe(code);
	expect(level).toBe(code === 'CANARY' ? 'fine' : 'fails');
	if (code === 'NO_POLICY') expect(sql).toContain(`for select to ${role}`);
});

const change = {
	type: 'UPDATE' as const,
	schema: 'public',
	table: 'orders',
	columns: [
		{ name: 'id', type: 'int8' },
		{ name: 'long', type: 'text' },
	],
	bindings: [0],
};

test('columns without a value are a gap, and null is a value', () => {
	expect(gapOf({ ...change, record: { id: '1' } })).toEqual({
		reason: 'unchanged',
		columns: ['long'],
	});
	expect(gapOf({ ...change, record: { id: '1', long: null } })).toBeUndefined();
	expect(gapOf({ ...change, type: 'DELETE', oldRecord: { id: '1' } })).toBeUndefined();
});

test('what stays incomplete says why', () => {
	const errors = ['Error 401: Unauthorized'];
	const gap = gapOf({ ...change, record: {}, columns: [], errors });
	expect(gap && incompleteWords(gap, 'no key')).toMatch(/may not select/);
});
