import { check, type Delivery } from '../../chaos/durable/check';
import type { Change } from '../../chaos/durable/tables';

const row = (step: number, body = `${step}`) => ({ id: 1, thing: 7, step, body });

/** A thing that is made, changed and deleted. */
const changes: Change[] = (['INSERT', 'UPDATE', 'DELETE'] as const).map((type, index) => ({
	place: 'trial_rows',
	thing: '7',
	step: index + 1,
	type,
	id: '1',
	body: type === 'DELETE' ? null : `${index + 1}`,
}));

const inserted: Delivery = {
	began: 1,
	succeeded: 2,
	life: 1,
	messageId: '10',
	attempt: 1,
	place: 'trial_rows',
	type: 'INSERT',
	record: row(1),
	oldRecord: null,
};
const updated: Delivery = {
	...inserted,
	began: 3,
	succeeded: 4,
	messageId: '11',
	type: 'UPDATE',
	record: row(2),
	oldRecord: row(1),
};
const deleted: Delivery = {
	...inserted,
	began: 5,
	succeeded: 6,
	messageId: '12',
	type: 'DELETE',
	record: null,
	oldRecord: row(2),
};

const NOTHING = {
	lost: [],
	invented: [],
	doubled: [],
	staleRepeats: [],
	wrong: [],
	outOfOrder: [],
};
const second = 'trial_rows 7, step 2';

describe('the comparison of the log with the deliveries', () => {
	it('finds nothing where each came once, in order', () => {
		const found = check(changes, [inserted, updated, deleted]);
		expect(found).toEqual({ ...NOTHING, changes: 3, deliveries: 3, repeats: 0 });
	});

	it('finds nothing where several are in one execution, in order', () => {
		const together = [inserted, updated, deleted].map((each) => ({
			...each,
			began: 1,
			succeeded: 2,
		}));
		expect(check(changes, together)).toMatchObject(NOTHING);
		expect(check(changes, together.reverse()).outOfOrder).toHaveLength(2);
	});

	it('counts a repeat with a higher attempt, and takes it as right', () => {
		const failed = { ...updated, succeeded: undefined };
		const again = { ...updated, began: 5, succeeded: 6, attempt: 2 };
		const after = { ...deleted, began: 7, succeeded: 8 };
		const found = check(changes, [inserted, failed, again, after]);
		expect(found).toMatchObject({ ...NOTHING, repeats: 1 });
	});

	it.each<[string, Delivery[], object]>([
		['a change that never came', [inserted, deleted], { lost: [second] }],
		[
			'a change that came and never ended well',
			[inserted, { ...updated, succeeded: undefined }, deleted],
			{ lost: [second] },
		],
		[
			'what was rolled back',
			[inserted, updated, deleted, { ...updated, messageId: '13', record: row(9) }],
			{ invented: ['trial_rows 7, step 9 as message 13'] },
		],
		[
			'a change in two messages',
			[inserted, updated, { ...updated, messageId: '13' }, deleted],
			{ doubled: [`${second}: 11, 13`] },
		],
		[
			'a repeat by the same attempt',
			[inserted, updated, { ...updated, began: 4 }, deleted],
			{ staleRepeats: [`${second}: attempt 1 after 1`] },
		],
		[
			'a step that began before the one before it was done',
			[inserted, { ...updated, succeeded: 9 }, deleted],
			{ outOfOrder: ['trial_rows 7, step 3'] },
		],
		[
			'a step that began again after the next one',
			[inserted, updated, deleted, { ...updated, began: 7, succeeded: 8, attempt: 2 }],
			{ outOfOrder: ['trial_rows 7, step 3'] },
		],
	])('finds %s', (_, deliveries, expected) => {
		expect(check(changes, deliveries)).toMatchObject({ ...NOTHING, ...expected });
	});

	it('finds rows that are not as they were written', () => {
		const other = { ...updated, record: row(2, 'other') };
		expect(check(changes, [inserted, other, deleted]).wrong).toHaveLength(1);
		const pairedWrongly = { ...updated, oldRecord: row(2) };
		expect(check(changes, [inserted, pairedWrongly, deleted]).wrong).toHaveLength(1);
	});

	it('takes what lies in the dead-letter queue as not lost', () => {
		const failed = { ...updated, succeeded: undefined };
		const found = check(changes, [inserted, failed, deleted], new Set([second]));
		expect(found).toMatchObject(NOTHING);
	});
});
