import { sentForms, storedForms } from '../../../../src/api/database/keyForms';
import {
	askForKey,
	isExactInJson,
	keyInRows,
	keyValues,
	pairByKey,
	waves,
} from '../../../../src/api/database/pairing';

describe('askForKey', () => {
	it.each([
		[undefined, ['id'], '*,n8n_key_0:id::text'],
		['  ', ['id'], '*,n8n_key_0:id::text'],
		['name', ['a', 'full name'], 'name,n8n_key_0:a::text,n8n_key_1:"full name"::text'],
		['...teams(*)', ['a.b'], '...teams(*),n8n_key_0:"a.b"::text'],
		['n8n_key_0:name', ['id'], 'n8n_key_0:name,_n8n_key_0:id::text'],
	])('%j asks for %j besides', (columns, key, expression) => {
		expect(askForKey(columns, key)?.columns).toBe(expression);
	});

	it.each([
		['*', []],
		['count()', ['id']],
		['name,size.sum()', ['id']],
	])('%j by %j: no row has a key', (columns, key) => {
		expect(askForKey(columns, key)).toBeUndefined();
	});

	it('takes the key off a row, and leaves what has the same name', () => {
		const row = { id: 9007199254740992, n8n_key_0: '9007199254740993', n8n_key_1: 'x' };
		expect(askForKey('id', ['id', 'b'])?.take(row)).toEqual(['9007199254740993', 'x']);
		expect(row).toEqual({ id: 9007199254740992 });
	});

	it('has no key where a part of it is null', () => {
		const row = { n8n_key_0: null };
		expect(askForKey('*', ['id'])?.take(row)).toBeUndefined();
		expect(row).toEqual({});
	});
});

describe('keyInRows', () => {
	it.each([
		['id', ['id']],
		['*,other(*)', ['id']],
		['*', []],
	])('cannot be where %j is selected, by %j', (columns, key) => {
		expect(keyInRows(columns, key)).toBeUndefined();
	});

	it.each<[unknown, string | undefined]>([
		[7, '7'],
		[9007199254740991, '9007199254740991'],
		[9007199254740992, undefined],
		[-9007199254740992, undefined],
		['9007199254740993', '9007199254740993'],
		['', ''],
		[1.5, '1.5'],
		[false, 'false'],
		[null, undefined],
		[{}, undefined],
		[undefined, undefined],
	])('reads %j as %j, and leaves it', (id, text) => {
		const row = { id, n: 1 };
		expect(keyInRows(' ', ['id'])?.take(row)).toEqual(text === undefined ? text : [text]);
		expect(row).toEqual({ id, n: 1 });
	});
});

describe('isExactInJson', () => {
	it.each([
		[['bigint', 'uuid'], true],
		[['bigint', 'numeric'], false],
		[['double precision'], false],
		[['jsonb'], false],
		[['character varying'], true],
		[[undefined], false],
	])('of %j: %j', (types, expected) => expect(isExactInJson(types)).toBe(expected));
});

describe('keyValues', () => {
	it('gives the values in the order of the key', () => {
		expect(keyValues({ a: 1, b: 0, c: '' }, ['c', 'b'])).toEqual(['', 0]);
	});

	it.each([
		[{ a: 1 }, []],
		[{ a: 1 }, ['b']],
		[{ a: 1, b: null }, ['a', 'b']],
	])('%j has no key of %j', (row, key) => expect(keyValues(row, key)).toBeUndefined());
});

const UPPER = 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11';

describe('forms of a key', () => {
	it.each<[unknown, string]>([
		[UPPER, UPPER.toLowerCase()],
		[`{${UPPER}}`, UPPER.toLowerCase()],
		[UPPER.replaceAll('-', ''), UPPER.toLowerCase()],
		[1, '1'],
		['+001', '1'],
		['9007199254740993', '9007199254740993'],
		['1.250', '1.25'],
		[1.25, '1.250'],
		['.5', '0.5'],
		['12e2', '1200'],
		['12e-3', '0.012'],
		[1e21, '1000000000000000000000'],
		['-0', '0'],
		['-0.0', '0'],
		['ab', 'ab   '],
		[true, 'true'],
		['t', 'true'],
		['OFF', 'false'],
		['Infinity', 'infinity'],
		['Ada', 'ada'],
		// A moment, however it is written, and in whatever zone it comes back.
		['2026-01-02T10:00:00.000Z', '2026-01-02 10:00:00+00'],
		['2026-01-02T10:00:00.123Z', '2026-01-02 12:00:00.123+02'],
		['2026-01-02T10:00:00.1234560Z', '2026-01-02 15:30:00.123456+05:30'],
		['2026-01-02 10:00+0100', '2026-01-02 05:00:00-04'],
		[new Date('2026-01-02T10:00:00Z'), '2026-01-02 10:00:00+00'],
		// Without a zone it was read in the session's, in which it comes back.
		['2026-01-02T10:00:00', '2026-01-02 10:00:00+02'],
		// A column without a zone drops it.
		['2026-01-02T10:00:00.000+02:00', '2026-01-02 10:00:00'],
		['2026-01-02T00:00:00.000Z', '2026-01-02'],
		['2026-01-02', '2026-01-02 00:00:00'],
		['10:00', '10:00:00'],
		['10:00:00.500', '10:00:00.5'],
	])('%j may be %j', (sent, stored) => {
		expect(sentForms(sent)).toContain(
			storedForms(stored).find((form) => sentForms(sent).includes(form)),
		);
	});

	it.each<[unknown, string]>([
		['9007199254740993', '9007199254740992'],
		[1, '10'],
		['1.25', '1.26'],
		['1', '-1'],
		['ab', 'abc'],
		['', '0'],
		['2026-01-02T10:00:00Z', '2026-01-02 10:00:00+01'],
		['2026-01-02T10:00:00.123Z', '2026-01-02 10:00:00.124+00'],
		['2026-01-02T10:00:00', '2026-01-02 11:00:00+02'],
		['2026-01-02', '2026-01-03'],
	])('%j is not %j', (sent, stored) => {
		expect(sentForms(sent).some((form) => storedForms(stored).includes(form))).toBe(false);
	});
});

const keyed = (...keys: unknown[][]) => keys.map((key, place) => ({ key, place }));

describe('pairByKey', () => {
	it('finds a row whose key comes back in another form', () => {
		const find = pairByKey(keyed([UPPER, '1.250'], [UPPER, '1.3']));
		expect(find([UPPER.toLowerCase(), '1.25'])?.place).toBe(0);
	});

	it('takes the same form first, where others may be the same', () => {
		const find = pairByKey(keyed(['A'], ['a']));
		expect([find(['a'])?.place, find(['A'])?.place]).toEqual([1, 0]);
	});

	it('takes the moment before the time on the wall', () => {
		const find = pairByKey(keyed(['2026-01-02T10:00:00Z'], ['2026-01-02T08:00:00Z']));
		expect(find(['2026-01-02 10:00:00+02'])?.place).toBe(1);
	});

	it.each([
		['may be several', ['aB']],
		['is none of them', ['c']],
		['has no key', undefined],
	])('claims nothing for a row that %s', (_, key) => {
		expect(pairByKey(keyed(['A'], ['a']))(key)).toBeUndefined();
	});

	it('passes over what was sent without a key', () => {
		expect(pairByKey([{ key: undefined }])(['1'])).toBeUndefined();
	});
});

describe('waves', () => {
	const places = async (...keys: unknown[][]) =>
		(await waves(keyed(...keys))).map((wave) => wave.map(({ place }) => place));

	it('lets rows with the same key follow each other, and keeps the order', async () => {
		expect(await places([1], [2], ['1.0'], [3], ['2'], [1])).toEqual([[0, 1, 3], [2, 4], [5]]);
	});

	it('looks at all of a key', async () => {
		expect(await places([1, 'a'], [1, 'b'], ['1', 'A'])).toEqual([[0, 1], [2]]);
	});

	it('knows one moment in several forms', async () => {
		expect(await places(['2026-01-02T10:00:00Z'], ['2026-01-02T12:00:00+02:00'])).toEqual([
			[0],
			[1],
		]);
	});

	it('has one part for none', async () => {
		expect(await waves([])).toEqual([[]]);
	});

	it('leaves 150,000 rows in one part, and the loop free', async () => {
		const rows = Array.from({ length: 150_000 }, (_, id) => ({ key: [String(id)] }));
		let turned = false;
		setImmediate(() => (turned = true));
		expect((await waves(rows)).map((wave) => wave.length)).toEqual([150_000]);
		expect(turned).toBe(true);
	});
});
