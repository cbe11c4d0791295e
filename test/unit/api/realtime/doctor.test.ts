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

test('a row that did not come is a matter of policies, but for the service role', () => {
	expect(canaryFinding(table, 'anon', false).sql).toContain('for select to anon');
	expect(canaryFinding(table, 'service_role', false).sql).toBeUndefined();
	expect(canaryFinding(table, 'anon', true).level).toBe('fine');
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
