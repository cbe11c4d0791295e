import { csvPage, takeLastValue } from '../../../../src/api/database/csv';

describe('the lines of a page', () => {
	it.each([
		['id,name\n1,a\n2,b', 2, ['1,a', '2,b']],
		['id,name\n1,a\n2,b\n', 2, ['1,a', '2,b']],
		['name\n"a\nb"\n"c""\n"', 2, ['"a\nb"', '"c""\n"']],
		['name\na\n\n', 3, ['a', '', '']],
		['name\n', 1, ['']],
		['name\n\n\n', 2, ['', '']],
		['\n', 0, []],
		['', 0, []],
	])('%j with %d rows', (text, rows, lines) => {
		expect(csvPage(text, rows).lines).toEqual(lines);
	});

	it('begin with the names', () => {
		expect(csvPage('id,name\n1,a', 1).names).toBe('id,name');
	});
});

it.each([
	['a,b', 'a', 'b'],
	['a,', 'a', undefined],
	['a,""', 'a', ''],
	[',b', '', 'b'],
	['"a,b","c,""d"""', '"a,b"', 'c,"d"'],
	['"x,""","y\\\\z"', '"x,"""', 'y\\z'],
	['"[""a"",""b""]",5', '"[""a"",""b""]"', '5'],
])('the last value of %s', (line, rest, value) => {
	expect(takeLastValue(line)).toEqual({ rest, value });
});
