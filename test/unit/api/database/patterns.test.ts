import fc from 'fast-check';

import { partOfText, patternNotes } from '../../../../src/api/database/patterns';

it.each([
	['a', 'anywhere', 'ilike', '%a%'],
	['a', 'start', 'ilike', 'a%'],
	['a', 'end', 'ilike', '%a'],
	['50%_\\', 'anywhere', 'ilike', '%50\\%\\_\\\\%'],
	['a*', 'anywhere', 'imatch', 'a\\*'],
	['a*', 'start', 'imatch', '^a\\*'],
	['.*', 'end', 'imatch', '\\.\\*$'],
] as const)('%j at %s is %s %s', (text, place, operator, value) => {
	expect(partOfText(text, place)).toEqual({ operator, value });
});

it('a regular expression for a text finds that text alone', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, other) => {
			const { operator, value } = partOfText(`${text}*`, 'anywhere');
			expect(operator).toBe('imatch');
			const expression = new RegExp(String(value));
			expect(expression.test(`${other}${text}*${other}`)).toBe(true);
			expect(expression.test(other)).toBe(other.includes(`${text}*`));
		}),
	);
});

it('a pattern without a wildcard is told of, once for a column, in groups, too', () => {
	const filter = (operator: string, value: string) => ({ column: ' name ', operator, value });
	expect(patternNotes([filter('like', 'a%'), filter('ilike', '*'), filter('eq', 'a')])).toEqual([]);
	expect(
		patternNotes([{ match: 'any', conditions: [filter('ilike', 'Rome')] }, { raw: 'x' }]),
	).toEqual([
		expect.stringMatching(/^A pattern of the filter on "name" has no wildcard: .*Contains Text/),
	]);
});
