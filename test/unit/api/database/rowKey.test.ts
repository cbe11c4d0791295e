import { hiddenKeyColumns, keyText } from '../../../../src/api/database/rowKey';

describe('hiddenKeyColumns', () => {
	it.each([
		['*', ['id'], []],
		['*,teams(*)', ['id'], []],
		['id', ['id'], []],
		[' name , id ', ['id'], []],
		['name', ['id'], ['id']],
		['name,a', ['a', 'b'], ['b']],
		['name', ['full name'], ['full name']],
		['"full name"', ['full name'], []],
		['"a.b"', ['a.b'], []],
		['"a,id"', ['id'], ['id']],
		['teams(id)', ['id'], ['id']],
		['teams(name,id),name', ['id'], ['id']],
		['identity', ['id'], ['id']],
		['idle:name', ['id'], ['id']],
		['name::text', ['id'], ['id']],
		// Text is as exact as the key itself.
		['id::text', ['id'], []],
		['"full name"::text', ['full name'], []],
	])('%j of %j needs %j besides', (columns, key, hidden) => {
		expect(hiddenKeyColumns(columns, key)).toEqual(hidden);
	});

	it.each([
		['*', []],
		['id:name', ['id']],
		['*,id:name', ['id']],
		['id::integer', ['id']],
		['id::text::date', ['id']],
		['id->a', ['id']],
		['data->id', ['id']],
		['data->>id', ['id']],
		['data->a->>id', ['id']],
		['...teams(id)', ['id']],
		['*,...teams(*)', ['id']],
		['id(name)', ['id']],
		['id!inner(name)', ['id']],
		['name, b : name', ['a', 'b']],
		['"a.b":name', ['a.b']],
	])('%j of %j cannot be read by the key', (columns, key) => {
		expect(hiddenKeyColumns(columns, key)).toBeUndefined();
	});
});

describe('keyText', () => {
	it('is the same for the forms in which a value comes', () => {
		expect(keyText({ id: 1, b: true }, ['id', 'b'])).toBe(
			keyText({ id: '1', b: 'true' }, ['id', 'b']),
		);
	});

	it('tells keys apart that only look alike when joined', () => {
		const texts = [
			{ a: 'x', b: 'y,z' },
			{ a: 'x,y', b: 'z' },
			{ a: 'x","y', b: 'z' },
			{ a: 'x', b: 'y","z' },
		].map((row) => keyText(row, ['a', 'b']));
		expect(new Set(texts).size).toBe(4);
	});

	it.each([
		[{ id: 1 }, []],
		[{ name: 1 }, ['id']],
		[{ a: 1, b: null }, ['a', 'b']],
	])('there is none of %j by %j', (row, key) => expect(keyText(row, key)).toBeUndefined());
});
