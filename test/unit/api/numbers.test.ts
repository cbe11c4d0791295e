import fc from 'fast-check';

import { mayHoldRounded, replaceNumbers } from '../../../src/api/numbers';

const parts = fc.array(
	fc.oneof(
		fc.string({ unit: fc.constantFrom('0', '7', '9', '.'), maxLength: 24 }),
		fc.string({ unit: fc.constantFrom('"', ' ', ',', 'a', '-', 'é', '\0'), maxLength: 20 }),
	),
);

test('a quick look finds sixteen characters of a number wherever they stand, and nothing else', () => {
	fc.assert(
		fc.property(parts, (texts) => {
			const text = texts.join('');
			expect(mayHoldRounded(text)).toBe(/[\d.]{16}/.test(text));
		}),
		{ numRuns: 2000 },
	);
});

test('numbers are replaced, and what stands in strings is not', () => {
	const members = fc.oneof(fc.string(), fc.constantFrom('"', '\\', '\\"', '1', '-2e5', '{"a":1}'));
	fc.assert(
		fc.property(fc.jsonValue(), fc.array(members), (value, strings) => {
			const text = JSON.stringify({ value, strings, [strings.join('')]: -1.5e-7 });
			const replaced = JSON.parse(replaceNumbers(text, (number) => `["${number}"]`)) as unknown;
			const expected = JSON.parse(text, (_key, each: unknown) =>
				typeof each === 'number' ? [JSON.stringify(each)] : each,
			) as unknown;
			expect(replaced).toEqual(expected);
		}),
		{ numRuns: 2000 },
	);
});
