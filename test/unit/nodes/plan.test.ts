import { explainOf, rollsBack } from '../../../nodes/Database/plan';

it.each([
	[['analyze'], ['analyze'], true],
	[['analyzeAndWrite'], ['analyze'], false],
	[['analyze', 'analyzeAndWrite', 'wal'], ['analyze', 'wal'], false],
	[['verbose'], ['verbose'], false],
])('%j shows %j, and rolls back: %s', (details, options, rolled) => {
	expect(explainOf(details).options).toEqual(options);
	expect(rollsBack(details)).toBe(rolled);
});

it('refuses WAL without Analyze', () => {
	expect(() => explainOf(['wal'])).toThrow('WAL needs Analyze');
});
